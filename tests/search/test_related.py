"""Related offers: what is near to what, found beforehand, and what a page shows of it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.db import db, unit_of_work
from courses.catalogue.content import RunContent
from courses.catalogue.models import Offer
from courses.catalogue.operations import withdraw
from courses.catalogue.queries import offers_by_id
from courses.search.answering.snapshots import Reader
from courses.search.find import index_folder
from courses.search.guiding.related import RelatedOffer, relate, related
from courses.search.indexing import rebuild
from tests.making import NOW, make_offer
from tests.questions import statements
from tests.search.indexed import drained, indexed
from tests.visiting import Visitor


def find_all(folder: Path) -> int:
    """Find what is near to every offer that changed; tells to how many."""
    snapshot, done = Reader(folder).snapshot(), 0
    while some := relate(snapshot, now=NOW):
        done += some
    return done


def near(offer: Offer) -> list[str]:
    """Give the titles of the offers near to one."""
    return [title for one in related(offer) for title in one.titles.values()]


def about(title: str, summary: str = "", *, issue: str = "culture", **more: Any) -> Offer:
    """Make an offer of a title with an issue."""
    return make_offer(title, summary=summary, issues=(issue,), **more)


@pytest.fixture
def network(app: Flask) -> dict[str, Offer]:
    """Offers of three institutions, some of which have much in common."""
    told = {
        "drains": about("Drains of the delta", "Stormwater basins", issue="water"),
        "floods": about("Floods", "Stormwater basins again", issue="water", institution="hill"),
        "wells": about("Wells", "Digging", issue="water", institution="hill"),
        "dance": about("Dance", "Steps", institution="coast"),
        "ballet": about("Ballet", "Steps on a stage", institution="hill"),
    }
    assert find_all(indexed(app)) == len(told)
    return told


def test_rare_words_and_issues_bring_offers_near(network: dict[str, Offer]) -> None:
    assert near(network["drains"]) == ["Floods", "Wells"]
    assert near(network["floods"]) == ["Drains of the delta", "Wells"]
    assert near(network["dance"]) == ["Ballet"]


def test_once_found_there_is_nothing_to_do(app: Flask, network: dict[str, Offer]) -> None:
    assert find_all(index_folder(app)) == 0


def test_an_offer_that_changes_is_looked_at_again(app: Flask, network: dict[str, Offer]) -> None:
    folder = index_folder(app)
    with unit_of_work():
        for one in db.session.scalars(select(Offer).where(Offer.id == network["dance"].id)):
            one.provider = "Stormwater basins"
    assert drained(folder) > 0
    assert near(network["dance"]) == ["Ballet"]
    assert find_all(folder) == 1
    assert near(network["dance"]) == ["Ballet", "Floods", "Drains of the delta"]


def test_what_was_withdrawn_is_left_out_at_once(network: dict[str, Offer]) -> None:
    with unit_of_work():
        withdraw(db.session.merge(network["floods"]), now=NOW)
    assert near(network["drains"]) == ["Wells"]


def test_a_new_index_has_all_looked_at_again_and_forgets_what_is_gone(
    app: Flask, network: dict[str, Offer]
) -> None:
    with unit_of_work():
        withdraw(db.session.merge(network["floods"]), now=NOW)
    assert find_all(indexed(app)) == 4
    kept = select(func.count()).where(RelatedOffer.offer_id == network["floods"].id)
    assert db.session.scalar(kept) == 0


def test_of_one_institution_only_three_are_near(app: Flask) -> None:
    offers = [about(f"Stormwater {number}", issue="water") for number in range(8)]
    others = [about(f"Stormwater {name}", issue="water", institution=name) for name in "abcde"]
    find_all(indexed(app))
    places = [one.institution.slug for one in related(offers[0])]
    assert (len(places), places.count("river-school")) == (6, 3)
    assert len(related(others[0])) == 6


def test_what_is_over_is_near_to_nothing(app: Flask) -> None:
    offer = about("Stormwater")
    ended = RunContent(starts_at=NOW - timedelta(days=9), ends_at=NOW - timedelta(days=8))
    about("Stormwater of then", runs=(ended,))
    find_all(indexed(app))
    assert near(offer) == []


def test_the_page_reads_them_by_one_question(app: Flask, network: dict[str, Offer]) -> None:
    offer = network["drains"]
    with statements() as asked:
        related(offer)
    assert sum("related_offers" in one for one in asked) == 1
    page = Visitor(app).page(f"/en/learn/{offer.slug}")
    shown = page.partition('aria-labelledby="h-near">')[2].partition("</section>")[0]
    assert re.findall(r"<h[23][^>]*>(?:<a[^>]*>)?([^<]+)", shown) == [
        *("In this catalogue, near to this", "Floods", "Wells"),
    ]


def test_an_offer_with_nothing_near_says_nothing_of_it(app: Flask) -> None:
    offer = about("Alone")
    find_all(indexed(app))
    assert Visitor(app).page(f"/en/learn/{offer.slug}").count("h-near") == 0


def test_what_is_near_can_be_seen_and_is_something_else(demonstration: Flask) -> None:
    with demonstration.app_context():
        folder = index_folder(demonstration)
        rebuild(folder, now=NOW)
        found = find_all(folder)
        rows = select(RelatedOffer.offer_id, RelatedOffer.related_id)
        pairs = db.session.execute(rows.where(RelatedOffer.position > 0)).all()
        offers = offers_by_id({key for pair in pairs for key in pair})
        assert all(one != other for one, other in pairs)
        assert len(pairs) > found
        assert {one.state for one in offers.values()} == {"published"}
