"""What people confirmed of an offer, when the feed it came from says something new."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.catalogue.queries import offers_by_id
from courses.editing.topics import confirm
from tests.harvesting.harvested import harvest, lines, offer, record
from tests.making import NOW, make_person
from tests.suggested import suggest

pytestmark = pytest.mark.usefixtures("app")
PLAIN = record("housing", terms={"issue": ["something nobody knows"]})


def confirmed(code: str) -> None:
    """Let somebody confirm an issue for the offer of the feed."""
    key = make_person().id
    with unit_of_work():
        found = offer_in_hand()
        suggest(found, code)
        db.session.flush()
        assert confirm(found, [code], person=db.session.get_one(Person, key), now=NOW) == 1


def offer_in_hand() -> Offer:
    """Load the only offer in the unit of work that is open."""
    [found] = offers_by_id(db.session.scalars(select(Offer.id))).values()
    return found


def codes() -> list[str]:
    return sorted(term.code for term in offer("housing").terms)


def test_a_harvest_leaves_what_people_confirmed() -> None:
    harvest(lines(PLAIN))
    confirmed("housing")
    harvest(lines(PLAIN | {"title": "Another title"}))
    assert codes() == ["housing"]


def test_a_harvest_adds_what_the_feed_says_to_what_people_confirmed() -> None:
    harvest(lines(PLAIN))
    confirmed("housing")
    harvest(lines(PLAIN | {"terms": {"issue": ["water"]}}))
    assert codes() == ["housing", "water"]


def test_what_an_editor_took_away_again_a_harvest_does_not_bring_back() -> None:
    harvest(lines(PLAIN))
    confirmed("housing")
    with unit_of_work():
        found = offer_in_hand()
        found.terms.clear()
    harvest(lines(PLAIN | {"title": "Another title"}))
    assert codes() == []
