"""A source on which nothing stands can be removed, by its institution and by a steward."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.accounts.models import Person
from academy.audit import AuditEntry
from academy.db import db, unit_of_work
from courses.catalogue.models import Offer, State
from courses.harvesting.models import Harvest, HarvestState, RecordedFinding, SourceRecord
from courses.sources.models import Source
from tests.invited import make_steward
from tests.making import NOW, make_offer
from tests.read_sources import make_harvest, make_source, source
from tests.staff import make_member
from tests.visiting import Visitor

DESK, STEWARDS = "/en/institutions/river-school/desk/sources", "/en/secretariat/sources"
TABLES = (Source, Harvest, RecordedFinding, SourceRecord)


@pytest.fixture
def editor(app: Flask) -> Person:
    """Somebody who edits for the river school."""
    assert app.name
    return make_member()


def left() -> list[int | None]:
    """Count what is kept of sources."""
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def with_record(reference: str, state: State) -> int:
    """Let an offer in this state have come from the source; gives its key."""
    offer, of = make_offer("Water for all").id, source(reference).id
    more = {"payload": b"", "fingerprint": "", "words": []}
    with unit_of_work():
        db.session.get_one(Offer, offer).state = state
        times = {"first_seen_at": NOW, "changed_at": NOW}
        record = SourceRecord(source_id=of, external_id="W", offer_id=offer, **more, **times)
        db.session.add(record)
    return offer


@pytest.mark.parametrize("by_steward", [True, False])
def test_a_source_goes_with_all_that_is_kept_of_it(
    app: Flask, editor: Person, by_steward: bool
) -> None:
    reference = make_source(editor)
    make_harvest(reference, findings=[{"code": "no-title"}])
    offer = with_record(reference, State.ARCHIVED)
    visitor = Visitor(app, make_steward() if by_steward else editor)
    path = f"{STEWARDS if by_steward else DESK}/{reference}/remove"

    listed = visitor.page(STEWARDS if by_steward else f"{DESK}/{reference}")
    assert (path in listed, "Remove this source" in visitor.page(path)) == (True, True)
    assert left() == [1, 1, 1, 1]
    assert visitor.post(path).status_code == 303

    assert left() == [0, 0, 0, 0]
    assert db.session.get_one(Offer, offer).state is State.ARCHIVED
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.act, entry.thing) == ("source-removed", f"source:{reference}")


def test_a_source_with_offers_or_that_is_being_read_stays(app: Flask, editor: Person) -> None:
    with_offer, being_read = make_source(editor), make_source(editor, name="Read")
    with_record(with_offer, State.PUBLISHED)
    make_harvest(being_read, HarvestState.RUNNING)
    visitor = Visitor(app, editor)
    for reference in (with_offer, being_read):
        assert visitor.post(f"{DESK}/{reference}/remove").status_code == 409
        assert "Remove this source" not in visitor.page(f"{DESK}/{reference}")
    listed = Visitor(app, make_steward()).page(STEWARDS)
    assert [f"{one}/remove" in listed for one in (with_offer, being_read)] == [False, True]
    assert left() == [2, 1, 0, 1]
