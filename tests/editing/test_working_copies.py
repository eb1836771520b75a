"""An offer edited beside its live page: saved, published, withdrawn, restored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.accounts.models import Person
from academy.audit import latest
from academy.db import db, unit_of_work
from academy.errors import Invalid, Missing
from academy.institutions.queries import institution_by_slug
from courses.catalogue import operations as catalogue
from courses.catalogue.content import MeetingContent, RunContent
from courses.catalogue.models import Kind, Offer, State
from courses.catalogue.texts import LanguageOrigin
from courses.editing import operations as editing
from courses.editing import queries, rules
from tests.editing_forms import filled, meeting, run
from tests.making import NOW, content, make_institution, make_offer
from tests.offers_edited import LATER, copies, live, offer_in_hand, publish, save, versions
from tests.staff import make_member
from tests.taking_part import COMING, enrol, withdraw


@pytest.fixture
def editor(app: Flask) -> Person:
    """Somebody who edits for the River School."""
    return make_member()


def test_a_save_leaves_the_live_page_alone(editor: Person) -> None:
    make_offer()
    before = live()
    save({"contact": "", "cost": "", "data_mb": "a lot"})
    assert live() == before
    with offer_in_hand() as (offer, _person):
        copy = queries.copy_of(offer)
        assert copy is not None
        assert copy.content["data_mb"] == "a lot"
        assert (copy.revision, copy.base) == (1, before)


def test_saving_what_stands_already_makes_no_copy(editor: Person) -> None:
    make_offer()
    save({})
    assert copies() == 0


def test_publishing_makes_the_live_page_say_it_and_ends_the_copy(editor: Person) -> None:
    make_offer(level="advanced", description="Old.")
    texts = {
        "fr": {"title": "L'eau pour tous", "summary": "Court.", "description": "Longue."},
        "en": {"title": "Water for every city", "description": ""},
    }
    changes = {"texts": texts, "level": "", "issues": ["climate", "water"], "language": "fr"}
    save({**changes, "languages": {"taught": ["fr"], "subtitles": ["en"]}, "data_mb": "45"})
    publish()
    form = live()
    assert list(form["texts"]) == ["fr", "en"]
    assert form["texts"]["fr"]["description"] == "<p>Longue.</p>"
    assert form["texts"]["en"]["description"] == ""
    assert (form["level"], form["data_mb"]) == ("", "45")
    assert set(form["issues"]) == {"climate", "water"}
    assert form["languages"]["taught"] == ["fr"]
    assert form["languages"]["subtitles"] == ["en"]
    assert copies() == 0


def test_publishing_twice_is_publishing_once(editor: Person) -> None:
    make_offer()
    save({"contact": "new@example.org"})
    publish()
    publish()
    assert [list(one.changes) for one in versions()] == [["contact"]]
    acts = [entry.act for entry in latest(limit=9)]
    assert acts.count("offer-published") == 1


def test_what_is_missing_is_named_and_nothing_is_published(editor: Person) -> None:
    make_offer()
    save({"contact": "", "issues": [], "cost": "", "languages": {}, "methodologies": []})
    with pytest.raises(Invalid) as refused:
        publish()
    assert list(refused.value.fields) == [
        *("languages-taught", "issues", "methodologies", "cost", "contact"),
    ]
    assert live()["contact"] == "school@example.org"
    assert copies() == 1


def test_a_text_without_a_title_is_not_published(editor: Person) -> None:
    make_offer()
    save({"texts": {"en": {"title": "Water"}, "fr": {"summary": "Sans titre"}, "es": {}}})
    with pytest.raises(Invalid) as refused:
        publish()
    assert list(refused.value.fields) == ["texts-fr-title"]


def test_a_course_becomes_a_webinar(editor: Person) -> None:
    make_offer()
    save({"kind": "webinar", "runs": [run(meetings=[meeting()])]})
    publish()
    db.session.expunge_all()
    assert live()["kind"] == "webinar"
    assert versions()[0].changes["kind"] == ["course", "webinar"]


def test_a_run_keeps_its_people_and_its_reference_when_it_is_edited(editor: Person) -> None:
    make_offer(runs=[COMING, RunContent()])
    first = live()["runs"][0]["reference"]
    enrol(editor, first)
    rows = live()["runs"]
    save({"runs": [{**rows[1], "capacity": "9"}, {**rows[0], "zone": "Asia/Tokyo"}]})
    publish()
    after = {one["reference"]: one for one in live()["runs"]}
    assert after[first]["zone"] == "Asia/Tokyo"
    assert [one["capacity"] for one in after.values()].count("9") == 1


def test_a_run_with_people_cannot_be_removed_or_made_too_small(editor: Person) -> None:
    make_offer(runs=[COMING])
    [row] = live()["runs"]
    enrol(editor, row["reference"])
    enrol(make_member(email="other@example.org"), row["reference"])
    save({"runs": []})
    with pytest.raises(Invalid) as removed:
        publish()
    save({"runs": [{**row, "capacity": "1"}]})
    with pytest.raises(Invalid) as small:
        publish()
    assert list(removed.value.fields) == ["runs"]
    assert {name: str(said) for name, said in small.value.fields.items()} == {
        "runs-0-capacity": "2 places are taken: there cannot be fewer."
    }
    withdraw(editor, row["reference"])
    save({"runs": []})
    with pytest.raises(Invalid):
        publish()


def test_a_run_without_people_can_be_removed(editor: Person) -> None:
    make_offer(runs=[COMING, RunContent()])
    save({"runs": live()["runs"][1:]})
    publish()
    assert len(live()["runs"]) == 1


def test_a_moved_meeting_keeps_its_uid_and_raises_its_sequence(editor: Person) -> None:
    hours = [
        MeetingContent(NOW + timedelta(days=day), NOW + timedelta(days=day, hours=1))
        for day in (1, 2)
    ]
    make_offer(runs=[RunContent(zone="Europe/Paris", meetings=hours)])
    [row] = live()["runs"]
    first, second = row["meetings"]
    later = first | {"date": "2026-12-24"}
    save({"runs": [row | {"meetings": [second, later, meeting(date="2026-12-25")]}]})
    publish()
    db.session.rollback()
    [held] = queries.offer_at(institution_by_slug("river-school"), "water-for-all").runs
    found = {one.uid: one for one in held.meetings}
    assert len(found) == 3
    assert (found[first["uid"]].sequence, found[second["uid"]].sequence) == (1, 0)
    assert found[first["uid"]].starts_at.isoformat() == "2026-12-24T12:00:00+00:00"


def test_a_cancelled_meeting_raises_its_sequence_too(editor: Person) -> None:
    make_offer(runs=[RunContent(meetings=[MeetingContent(LATER, LATER + timedelta(hours=1))])])
    [row] = live()["runs"]
    enrol(editor, row["reference"])
    [held] = row["meetings"]
    save({"runs": [row | {"meetings": []}]})
    with pytest.raises(Invalid):
        publish()
    save({"runs": [row | {"meetings": [held | {"cancelled": "yes"}]}]})
    publish()
    db.session.rollback()
    [kept] = queries.offer_at(institution_by_slug("river-school"), "water-for-all").runs
    assert [(one.status, one.sequence) for one in kept.meetings] == [("cancelled", 1)]


def test_two_people_cannot_save_over_each_other(editor: Person) -> None:
    make_offer()
    with offer_in_hand() as (offer, person):
        seen = rules.state_seen(offer, None)
    save({"contact": "first@example.org"})
    form = live() | {"contact": "second@example.org"}
    with pytest.raises(rules.EditedMeanwhile), offer_in_hand() as (offer, person):
        editing.save(offer, form, seen=seen, person=person, now=LATER)
    publish()
    with pytest.raises(rules.EditedMeanwhile), offer_in_hand() as (offer, person):
        editing.save(offer, form, seen=seen, person=person, now=LATER)
    assert copies() == 0


def test_what_a_harvest_changed_meanwhile_is_not_undone(editor: Person) -> None:
    make_offer()
    save({"contact": "hand@example.org"})
    with offer_in_hand() as (offer, _person):
        harvested = content(address="https://example.org/new", contact="feed@example.org")
        catalogue.revise(offer, harvested, now=LATER)
    publish()
    form = live()
    assert (form["contact"], form["address"]) == ("hand@example.org", "https://example.org/new")


def test_the_same_form_sent_twice_begins_one_offer(editor: Person) -> None:
    wanted = editing.Beginning(Kind.WEBINAR, "Heat", "en", "one-key")
    slugs = []
    for _time in range(2):
        with unit_of_work():
            person = db.session.get_one(Person, editor.id)
            place = institution_by_slug("river-school")
            slugs.append(editing.begin(place, wanted, person=person, now=NOW).slug)
    assert slugs == ["heat", "heat"]
    assert db.session.scalar(select(func.count()).select_from(Offer)) == 1


def test_a_new_offer_is_published_with_its_first_version(editor: Person) -> None:
    wanted = editing.Beginning(Kind.COURSE, "Water for all", "en", "key")
    with unit_of_work():
        person = db.session.get_one(Person, editor.id)
        editing.begin(institution_by_slug("river-school"), wanted, person=person, now=NOW)
    save(filled())
    publish()
    offer = queries.offer_at(institution_by_slug("river-school"), "water-for-all")
    assert offer.state is State.PUBLISHED
    assert {one.origin for one in offer.languages} == {LanguageOrigin.DECLARED}
    [first] = versions()
    assert first.changes["state"] == [None, "published"]
    assert first.changes["texts.en.title"] == [None, "Water for all"]


def test_another_institution_s_offer_is_not_found(editor: Person) -> None:
    make_offer(institution="hill-school")
    make_institution()
    with pytest.raises(Missing), offer_in_hand():
        pass
