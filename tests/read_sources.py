"""Sources and readings of them, made through the operations that people use."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.institutions.queries import institution_by_slug
from courses.harvesting.draft import Weight
from courses.harvesting.models import Harvest, HarvestState, RecordedFinding
from courses.sources import operations, rules
from courses.sources.models import Schedule, Source
from courses.sources.operations import Details
from tests.making import NOW

FEED = "https://school.example.org/courses.csv"


def details(**more: Any) -> Details:
    """Say what a source is: a table that is read every night, unless told otherwise."""
    usual: dict[str, Any] = {"name": "Our courses", "adapter": "csv", "address": FEED}
    return Details(**(usual | {"schedule": Schedule.DAILY} | more))


def make_source(
    person: Person,
    *,
    approved_by: Person | None = None,
    slug: str = "river-school",
    now: datetime = NOW,
    **more: Any,
) -> str:
    """Ask that a source is read, and let a steward approve it; gives its reference."""
    asker, approver = person.id, approved_by.id if approved_by else None
    with unit_of_work():
        place = institution_by_slug(slug)
        by = db.session.get_one(Person, asker)
        made = operations.ask_for(place, details(**more), person=by, now=now)
        if approver is not None:
            steward, seen = db.session.get_one(Person, approver), rules.mark_of(made)
            operations.approve(made, seen=seen, institution=place, by=steward, now=now)
        return made.reference


def source(reference: str) -> Source:
    """Load a source as it is now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(Source).filter_by(reference=reference).one()


def make_harvest(
    reference: str,
    state: HarvestState = HarvestState.DONE,
    *,
    findings: list[dict[str, Any]] | None = None,
    now: datetime = NOW,
    **more: Any,
) -> str:
    """Leave behind what a reading of the source would; gives its reference."""
    with unit_of_work():
        of = db.session.query(Source).filter_by(reference=reference).one()
        harvest = Harvest(source_id=of.id, state=state, asked_at=now, ended_at=now, **more)
        db.session.add(harvest)
        db.session.flush()
        for told in findings or []:
            usual = {"line": 1, "external_id": "", "field": "", "found": "", "weight": Weight.NOTED}
            db.session.add(RecordedFinding(harvest_id=harvest.id, **(usual | told)))
        return harvest.reference


def held_source(
    asked_by: Person, approved_by: Person, slug: str = "river-school"
) -> dict[str, str]:
    """Make a source that nobody can reach, with a reading that is held; by where they stand."""
    nowhere = "http://127.0.0.1/feed.csv"
    more: dict[str, Any] = {"address": nowhere, "schedule": Schedule.BY_HAND}
    made = make_source(asked_by, approved_by=approved_by, slug=slug, **more)
    found = {"line": 7, "external_id": "R-7", "field": "title", "found": "-"}
    held = make_harvest(made, HarvestState.HELD, findings=[{"code": "no-title", **found}])
    known = {"/sources/<source>": made, "/harvests/<harvest>": held}
    return {**known, "/sources/<reference>": made, "/harvests/<reference>": held}
