"""What became of an offer is kept, and every version can come back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.errors import Invalid, Missing
from courses.editing import operations as editing
from courses.editing import queries
from courses.editing.models import VersionSource
from tests.editing_forms import run
from tests.editor import Editor
from tests.harvesting.harvested import harvest_at, record
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


def test_what_a_feed_changes_is_kept_too_and_can_be_taken_back(app: Flask, editor: Person) -> None:
    at_desk = Editor(app, editor)
    meeting = {"starts": "2027-01-12T13:00:00Z", "ends": "2027-01-12T14:00:00Z"}
    first, later = (LATER + timedelta(days=day) for day in (1, 2))
    harvest_at(first, record())
    harvest_at(later, record())
    assert versions() == []
    edition = {"starts": meeting["starts"], "meetings": [meeting]}
    harvest_at(later, record(title="Water, again", runs=[edition]))
    [version] = versions()
    assert (version.source, version.person_id) == (VersionSource.HARVEST, None)
    changes = version.changes
    assert changes.pop("texts.en.title") == ["About water", "Water, again"]
    assert {path.rpartition(".")[2] for path in changes} == {"date", "starts", "ends"}
    desk = "/en/institutions/river-school/desk/offers/about-water"
    page = at_desk.visitor.page(f"{desk}/history")
    assert "Read from your feed" in page
    restore = f"{desk}/restore"
    fields = at_desk.form(f"{desk}/history", restore)
    assert fields["number"] == "0"
    at_desk.send(fields, restore)
    assert "About water" in at_desk.visitor.page(f"{desk}/difference")


def test_what_lacks_something_by_now_does_not_come_back_as_it_is(editor: Person) -> None:
    make_offer()
    with offer_in_hand() as (offer, person):
        editing.withdraw(offer, person=person, now=LATER)
        offer.contact = ""
    with pytest.raises(Invalid) as refused, offer_in_hand() as (offer, person):
        editing.bring_back(offer, person=person, now=LATER)
    assert list(refused.value.fields) == ["contact"]
