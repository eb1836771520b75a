"""One offer of two partners is found under each of them, and one that has gone invites nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from courses.catalogue.models import Offer
from courses.catalogue.runs import Run
from courses.search.engine import Question
from courses.search.find import index_folder
from courses.search.params import SearchParams
from courses.search.plain.engine import Plain
from tests.duplicates.published import publish
from tests.merged import merge, separate
from tests.search.indexed import drained, indexed, look
from tests.visiting import Visitor

PARTNERS = re.compile(r'<section [^>]*id="partners">.*?</section>', re.DOTALL)
FOUND = re.compile(r'<h[23][^>]*>\s*<a href="/en/learn/([\w-]+)"')


@pytest.fixture
def two(app: Flask) -> tuple[int, int]:
    """One offer of two partners: the river's record stands for both."""
    indexed(app)
    made = publish("Water for all", "river"), publish("Water for everybody", "hill")
    merge(*made)
    return made


def under(folder: Path, slug: str, q: str = "") -> tuple[int, ...]:
    """Count what is found under an institution: by the index, and by SQL alone."""
    drained(folder)
    index = look(folder, q, institution=slug)
    plain = Plain().search(Question(SearchParams(q, {"institution": (slug,)}), utcnow()))
    db.session.rollback()
    counts = (one.counts["institution"].get(slug, 0) for one in (index, plain))
    return index.total, plain.total, *counts


def test_a_merged_offer_is_found_under_each_partner(app: Flask, two: tuple[int, int]) -> None:
    folder = index_folder(app)
    assert under(folder, "river") == (1, 1, 1, 1)
    assert under(folder, "hill") == (1, 1, 1, 1)
    assert under(folder, "hill", "water") == (1, 1, 1, 1)
    separate(two[1])
    assert under(folder, "river", "all") == under(folder, "hill", "everybody") == (1, 1, 1, 1)
    assert under(folder, "river", "everybody") == (0, 0, 0, 0)


def test_a_partner_that_tells_of_it_no_longer_is_no_longer_counted(
    app: Flask, two: tuple[int, int]
) -> None:
    assert under(index_folder(app), "hill") == (1, 1, 1, 1)
    with unit_of_work():
        db.session.get_one(Offer, two[1]).vanished_at = utcnow()
    assert under(index_folder(app), "hill") == (0, 0, 0, 0)


@pytest.mark.usefixtures("two")
def test_the_page_of_each_partner_shows_it_once_with_how_many_offer_it(visitor: Visitor) -> None:
    for slug in ("river", "hill"):
        page = visitor.page(f"/en/institutions/{slug}")
        assert FOUND.findall(page) == ["river"]
        assert page.count("Offered by 2 partners") == 1


@pytest.mark.parametrize(("what", "exits"), [("vanished_at", 1), ("broken_at", 0)])
def test_nobody_is_invited_where_an_offer_has_gone(
    app: Flask, ana: Person, what: str, exits: int
) -> None:
    number = publish("Water", "river", address="https://river.example/water")
    run = str(db.session.scalar(select(Run.reference).where(Run.offer_id == number)))
    assert "Make an account to enrol" in Visitor(app).page("/en/learn/river")
    with unit_of_work():
        setattr(db.session.get_one(Offer, number), what, utcnow())
    for who in (Visitor(app), Visitor(app, ana)):
        page = who.page("/en/learn/river")
        assert "Make an account to enrol" not in page
        assert run not in page
        assert "Enrolment is closed." in page
        assert page.count('href="/en/learn/river/leave"') == exits


def test_two_records_of_one_partner_are_editions_with_one_title(visitor: Visitor) -> None:
    one = publish("Water", "river")
    other = publish("Water", "river-2", institution="river")
    with unit_of_work():
        offer = db.session.get_one(Offer, other, options=[selectinload(Offer.texts)])
        offer.texts[0].language = offer.language = "fr"
    merge(one, other)
    [section] = PARTNERS.findall(visitor.page("/en/learn/river"))
    assert "Offered in 2 editions" in section
    assert ">Water</" not in section
