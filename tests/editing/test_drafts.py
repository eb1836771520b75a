"""What becomes of a draft that is not wanted: thrown away for good, or withdrawn."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.audit import latest
from academy.db import Base, db, unit_of_work
from academy.institutions.models import Institution, MemberRole
from courses.catalogue.models import Offer, State
from courses.catalogue.runs import Meeting, Run
from courses.catalogue.texts import OfferText
from courses.editing.models import WorkingCopy
from courses.harvesting.models import SourceRecord
from courses.harvesting.operations import ensure_source
from courses.search.backlog import StaleOffer
from tests.editor import DESK, EDIT, Editor
from tests.making import NOW, make_offer, make_person
from tests.staff import make_member
from tests.taking_part import COMING, enrol
from tests.visiting import Visitor

WITHDRAW, AWAY = f"{EDIT}/withdraw", f"{EDIT}/throw-away"
FOR_GOOD = "It is gone for good then: nobody can bring it back."


@pytest.fixture
def editor(app: Flask) -> Editor:
    """Edi at the desk of the River School."""
    return Editor(app, make_member())


def begin(editor: Editor) -> Offer:
    """Begin a draft with an edition and a meeting, and save a working copy of it."""
    new = editor.form(f"{DESK}/begin?kind=webinar", f"{DESK}/begin")
    editor.send(new, f"{DESK}/begin", title="Water for all", language="en")
    editor.save("add-run")
    editor.save("add-meeting-0")
    return db.session.scalars(select(Offer)).one()


def count(*tables: type[Base]) -> list[int]:
    """Count the rows of tables."""
    db.session.rollback()
    counted = [db.session.scalar(select(func.count()).select_from(table)) for table in tables]
    return [number or 0 for number in counted]


def test_a_draft_is_thrown_away_for_good(editor: Editor) -> None:
    offer_id = begin(editor).id
    assert count(Offer, OfferText, WorkingCopy) == [1, 1, 1]
    page = editor.visitor.page(WITHDRAW)
    assert FOR_GOOD in page
    asked = editor.send(editor.form(WITHDRAW, AWAY), AWAY)
    assert asked.headers["Location"] == f"{DESK}/offers"
    assert "The draft is thrown away, for good." in editor.visitor.page(f"{DESK}/offers")
    assert count(Offer, OfferText, Run, Meeting, WorkingCopy) == [0, 0, 0, 0, 0]
    assert editor.visitor.get(EDIT).status_code == 404
    told = select(StaleOffer.offer_id).order_by(StaleOffer.id.desc()).limit(1)
    assert db.session.scalar(told) == offer_id
    [entry] = latest(limit=1)
    assert (entry.act, entry.thing) == ("draft-thrown-away", "offer:water-for-all")


def test_throwing_away_twice_finds_nothing_the_second_time(editor: Editor) -> None:
    begin(editor)
    fields = editor.form(WITHDRAW, AWAY)
    assert [editor.send(fields, AWAY).status_code for _time in range(2)] == [303, 404]


def test_what_was_published_is_withdrawn_and_never_thrown_away(editor: Editor) -> None:
    make_offer()
    assert FOR_GOOD not in editor.visitor.page(WITHDRAW)
    assert editor.visitor.post(AWAY).status_code == 409
    assert editor.visitor.post(WITHDRAW).status_code == 303
    assert editor.visitor.post(AWAY).status_code == 409
    assert db.session.scalars(select(Offer.state)).all() == [State.ARCHIVED]


def test_a_draft_in_which_somebody_is_enrolled_stays(editor: Editor) -> None:
    make_offer(runs=[COMING])
    enrol(make_person(), db.session.scalars(select(Run.reference)).one())
    with unit_of_work():
        offer = db.session.scalars(select(Offer)).one()
        offer.state, offer.published_at = State.DRAFT, None
    assert FOR_GOOD not in editor.visitor.page(WITHDRAW)
    assert editor.visitor.post(AWAY).status_code == 409
    assert editor.visitor.post(WITHDRAW).status_code == 303
    assert db.session.scalars(select(Offer.state)).all() == [State.ARCHIVED]


def test_what_a_feed_would_bring_again_is_withdrawn(editor: Editor) -> None:
    offer_id = begin(editor).id
    with unit_of_work():
        offer = db.session.get_one(Offer, offer_id)
        place = db.session.get_one(Institution, offer.institution_id)
        source = ensure_source(place, "feed", adapter="jsonl", zone="UTC", now=NOW)
        record = SourceRecord(source_id=source.id, external_id="1", offer_id=offer.id)
        record.payload, record.fingerprint, record.words = b"", "", []
        record.first_seen_at = record.changed_at = NOW
        db.session.add(record)
    assert FOR_GOOD not in editor.visitor.page(WITHDRAW)
    assert editor.visitor.post(AWAY).status_code == 409
    assert editor.visitor.post(WITHDRAW).status_code == 303
    assert db.session.scalars(select(Offer.state)).all() == [State.ARCHIVED]


def test_a_draft_is_not_said_to_be_withdrawn(editor: Editor) -> None:
    begin(editor)
    for path in (EDIT, WITHDRAW):
        page = editor.visitor.page(path)
        assert ("Throw this draft away" in page, "Withdraw the offer" in page) == (True, False)
    assert "<title>Throw away: Water for all" in editor.visitor.page(WITHDRAW)


def test_what_was_published_is_not_said_to_be_thrown_away(editor: Editor) -> None:
    make_offer()
    for path in (EDIT, WITHDRAW):
        page = editor.visitor.page(path)
        assert ("Throw this draft away" in page, "Withdraw the offer" in page) == (False, True)
    assert "<title>Withdraw: Water for all" in editor.visitor.page(WITHDRAW)


def test_only_editors_throw_a_draft_away(app: Flask, editor: Editor) -> None:
    begin(editor)
    reporter = make_member(MemberRole.REPORTER, email="rep@example.org")
    assert Visitor(app, reporter).post(AWAY).status_code == 403
    stranger = make_member(institution="hill-school", email="hill@example.org")
    elsewhere = AWAY.replace("river-school", "hill-school")
    assert Visitor(app, stranger).post(elsewhere).status_code == 404
    assert count(Offer) == [1]
