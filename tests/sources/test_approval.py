"""What a steward approved is read, and nothing else: each change that matters asks anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.audit import AuditEntry
from academy.db import db, unit_of_work
from academy.errors import Forbidden, Invalid
from academy.institutions.models import Institution
from academy.institutions.queries import institution_by_slug
from courses.sources import operations, queries, rules
from courses.sources.models import Schedule, Source, SourceState
from tests.invited import make_steward
from tests.letters import kinds_for, written
from tests.making import NOW, make_institution
from tests.read_sources import FEED, details, make_source, source
from tests.staff import make_member

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def editor(app: Flask) -> Person:
    """Somebody who edits for the river school."""
    assert app.name
    return make_member()


@pytest.fixture
def steward(app: Flask) -> Person:
    """A steward of all."""
    assert app.name
    return make_steward()


def change(reference: str, person: Person, **more: Any) -> bool:
    """Change a source a while later."""
    key = person.id
    with unit_of_work():
        by, of = db.session.get_one(Person, key), source_in_work(reference)
        place = db.session.get_one(Institution, of.institution_id)
        return operations.change(of, details(**more), institution=place, person=by, now=LATER)


def source_in_work(reference: str) -> Source:
    return db.session.query(Source).filter_by(reference=reference).one()


def due(now: Any = NOW) -> list[str]:
    return [one.name for one in queries.due_sources(now, limit=10)]


def test_a_source_that_was_asked_for_is_not_due_until_it_is_approved(
    editor: Person, steward: Person
) -> None:
    asked = source(make_source(editor))
    assert (asked.state, asked.due_at, due()) == (SourceState.REQUESTED, None, [])

    approved = source(make_source(editor, approved_by=steward, name="Events"))
    assert (approved.state, approved.approved_by_id) == (SourceState.APPROVED, steward.id)
    assert due() == ["Events"]


@pytest.mark.parametrize(
    "changed",
    [{"address": f"{FEED}?all"}, {"adapter": "sheet"}, {"secret": b"sealed"}],
    ids=["address", "adapter", "credential"],
)
def test_what_matters_is_approved_anew_when_it_changes(
    editor: Person, steward: Person, changed: dict[str, Any]
) -> None:
    reference = make_source(editor, approved_by=steward)
    with unit_of_work():
        source_in_work(reference).cursor = NOW

    waits = change(reference, editor, **changed)

    after = source(reference)
    assert waits
    assert (after.state, after.approved_by_id, after.approved_at) == (
        SourceState.REQUESTED,
        None,
        None,
    )
    assert (after.due_at, after.cursor, due(LATER)) == (None, None, [])


def test_a_removed_credential_is_approved_anew(editor: Person, steward: Person) -> None:
    reference = make_source(editor, approved_by=steward, secret=b"sealed")
    assert change(reference, editor, secret=b"")
    assert source(reference).secret is None


def test_what_does_not_matter_changes_without_a_steward(editor: Person, steward: Person) -> None:
    reference = make_source(editor, approved_by=steward)
    waits = change(
        reference, editor, name="Courses", zone="Africa/Nairobi", columns={"title": ["Name"]}
    )
    after = source(reference)
    assert (waits, after.state) == (False, SourceState.APPROVED)
    assert (after.name, after.columns) == ("Courses", {"title": ["Name"]})


def test_nothing_changed_is_nothing_written(editor: Person, steward: Person) -> None:
    reference = make_source(editor, approved_by=steward)
    acts = select(AuditEntry.act).where(AuditEntry.act == "source-changed")
    assert not change(reference, editor)
    assert source(reference).changed_at == NOW
    assert db.session.scalars(acts).all() == []


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example.org/courses.csv", FEED.replace("https", "http")]
)
def test_credentials_of_one_server_are_never_shown_to_another(
    editor: Person, steward: Person, address: str
) -> None:
    reference = make_source(editor, approved_by=steward, secret=b"sealed")
    with pytest.raises(Invalid) as refused:
        change(reference, editor, address=address)
    assert list(refused.value.fields) == ["secret"]
    assert source(reference).address == FEED

    assert change(reference, editor, address=address, secret=b"entered again")
    assert source(reference).secret == b"entered again"


def test_a_source_that_was_changed_since_it_was_seen_is_not_approved(
    editor: Person, steward: Person
) -> None:
    reference = make_source(editor)
    seen = rules.mark_of(source(reference))
    change(reference, editor, address="https://elsewhere.example.org/")
    key = steward.id
    with pytest.raises(rules.ChangedSince), unit_of_work():
        approve(reference, key, seen)
    assert source(reference).state is SourceState.REQUESTED


def approve(reference: str, key: int, seen: str) -> None:
    of, by = source_in_work(reference), db.session.get_one(Person, key)
    place = db.session.get_one(Institution, of.institution_id)
    operations.approve(of, seen=seen, institution=place, by=by, now=LATER)


def test_nobody_approves_who_does_not_keep_the_institution_in_order(editor: Person) -> None:
    reference, key = make_source(editor), editor.id
    for who in (key, make_steward("asia@example.org", section="asia").id):
        with pytest.raises(Forbidden), unit_of_work():
            approve(reference, who, rules.mark_of(source_in_work(reference)))


def test_stewards_hear_of_it_once_and_not_once_it_is_decided(
    app: Flask, editor: Person, steward: Person
) -> None:
    section = make_steward("asia@example.org", section="asia")
    editing, keeping, elsewhere = editor.email, steward.email, section.email
    reference = make_source(editor)
    change(reference, editor, address=f"{FEED}?2")
    db.session.remove()

    assert kinds_for(app, keeping) == ["source-asked"]
    assert kinds_for(app, elsewhere) == []
    mail = written(app, "source-asked", keeping)
    assert "Our courses" in getattr(mail, "paragraphs", [""])[0]

    with unit_of_work():
        by = db.session.query(Person).filter_by(email=keeping).one()
        approve(reference, by.id, rules.mark_of(source_in_work(reference)))
    db.session.remove()
    assert str(written(app, "source-asked", keeping)) == "untrue"
    assert kinds_for(app, editing) == ["source-approved"]
    assert getattr(written(app, "source-approved", editing), "subject", "") != ""


def test_who_asked_reads_why_a_source_was_paused(
    app: Flask, editor: Person, steward: Person
) -> None:
    email, key = editor.email, steward.id
    reference = make_source(editor, approved_by=steward)
    with unit_of_work():
        by = db.session.get_one(Person, key)
        operations.pause(source_in_work(reference), note="It is slow.", by=by, now=LATER)
    paused = source(reference)
    assert (paused.state, paused.due_at, due(LATER)) == (SourceState.PAUSED, None, [])
    db.session.remove()
    assert ("Note", "It is slow.") in getattr(written(app, "source-paused", email), "facts", [])


def test_a_paused_source_that_is_asked_for_again_is_approved_again(
    editor: Person, steward: Person
) -> None:
    reference, asking, keeping = make_source(editor, approved_by=steward), editor.id, steward.id
    with unit_of_work():
        by = db.session.get_one(Person, keeping)
        operations.pause(source_in_work(reference), note="It is slow.", by=by, now=LATER)
    with unit_of_work():
        of, by = source_in_work(reference), db.session.get_one(Person, asking)
        place = db.session.get_one(Institution, of.institution_id)
        operations.resume(of, institution=place, person=by, now=LATER + timedelta(hours=1))
    after = source(reference)
    assert (after.state, after.note, after.approved_at) == (SourceState.REQUESTED, "", None)


def test_two_sources_of_an_institution_have_two_names(editor: Person) -> None:
    make_source(editor)
    with pytest.raises(Invalid):
        make_source(editor)
    make_institution("hill-school")
    assert source(make_source(editor, slug="hill-school")).name == "Our courses"


def test_an_institution_has_only_so_many_sources(editor: Person) -> None:
    for number in range(rules.MOST_SOURCES):
        make_source(editor, name=f"Source {number}")
    with pytest.raises(rules.TooManySources):
        make_source(editor, name="One too many")
    assert queries.source_count(institution_by_slug("river-school")) == rules.MOST_SOURCES


@pytest.mark.parametrize(
    ("schedule", "least", "most"),
    [(Schedule.HOURLY, 1, 1), (Schedule.DAILY, 0, 24), (Schedule.WEEKLY, 144, 168)],
)
def test_a_source_is_read_in_the_night(schedule: Schedule, least: int, most: int) -> None:
    of = Source(reference="abcdefghijklmnop", address=FEED, schedule=schedule)
    following = rules.next_due(of, NOW)
    assert following is not None
    assert timedelta(hours=least) <= following - NOW <= timedelta(hours=most)
    assert schedule is Schedule.HOURLY or 1 <= following.hour < 5
    assert following.utcoffset() == timedelta(0)


def test_what_nobody_planned_is_never_due() -> None:
    by_hand = Source(reference="a", address=FEED, schedule=Schedule.BY_HAND)
    pushed = Source(reference="a", address="", schedule=Schedule.DAILY)
    assert (rules.next_due(by_hand, NOW), rules.next_due(pushed, NOW)) == (None, None)
