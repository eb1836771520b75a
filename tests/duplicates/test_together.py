"""One offer of two partners is found under each of them, in lists, searches and counts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from academy.db import db, unit_of_work, utcnow
from courses.catalogue.models import Offer
from courses.search.engine import Question
from courses.search.find import index_folder
from courses.search.params import SearchParams
from courses.search.plain.engine import Plain
from tests.duplicates.published import publish
from tests.merged import merge, separate
from tests.search.indexed import drained, indexed, look
from tests.visiting import Visitor

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
