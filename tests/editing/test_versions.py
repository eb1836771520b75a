"""What became of an offer is kept, and every version can come back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.errors import Missing
from courses.editing import operations as editing
from courses.editing import queries
from courses.editing.models import VersionSource
from tests.editing_forms import run
from tests.making import make_offer
from tests.offers_edited import LATER, live, offer_in_hand, publish, save, versions
from tests.staff import make_member
from tests.taking_part import enrol


@pytest.fixture
def editor(app: Flask) -> Person:
    """Somebody who edits for the River School."""
    return make_member()


def test_a_withdrawn_offer_comes_back_as_it_was(editor: Person) -> None:
    make_offer()
    before = live()
    for act in (editing.withdraw, editing.withdraw, editing.bring_back, editing.bring_back):
        with offer_in_hand() as (offer, person):
            act(offer, person=person, now=LATER)
    assert live() == before
    states = [one.changes for one in versions()]
    assert states == [{"state": ["published", "archived"]}, {"state": ["archived", "published"]}]


def test_any_version_can_be_restored(editor: Person) -> None:
    make_offer(description="One.")
    whole = live()
    steps: list[dict[str, Any]] = [{"contact": "a@example.org"}, {"cost": "paid"}, {"runs": []}]
    for changes in steps:
        save(changes)
        publish()
    with offer_in_hand() as (offer, person):
        editing.restore(offer, 0, person=person, now=LATER)
    publish()
    restored = live()
    assert [one["zone"] for one in restored["runs"]] == ["UTC"]
    assert restored | {"runs": []} == whole | {"runs": []}
    assert [one.source for one in versions()] == [VersionSource.HUMAN] * 3 + [
        VersionSource.RESTORED
    ]
    with offer_in_hand() as (offer, person):
        editing.restore(offer, 1, person=person, now=LATER)
        copy = queries.copy_of(offer)
        assert copy is not None
        assert (copy.content["contact"], copy.content["cost"]) == ("a@example.org", "free")
    with pytest.raises(Missing), offer_in_hand() as (offer, person):
        editing.restore(offer, 9, person=person, now=LATER)


def test_a_restored_version_leaves_people_where_they_enrolled(editor: Person) -> None:
    make_offer(runs=[])
    save({"runs": [run()]})
    publish()
    [row] = live()["runs"]
    enrol(editor, row["reference"])
    with offer_in_hand() as (offer, person):
        editing.restore(offer, 0, person=person, now=LATER)
    publish()
    assert [one["reference"] for one in live()["runs"]] == [row["reference"]]
