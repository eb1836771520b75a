"""A harvest that is begun anew: what it has written counts, what it tells again is told once."""

from __future__ import annotations

from sqlalchemy import delete, func, or_, select

from academy.db import db
from courses.harvesting.draft import Weight
from courses.harvesting.models import Harvest, RecordedFinding
from courses.harvesting.pipeline import Report


def so_far(harvest_id: int) -> Report:
    """Give the report of what the harvest has written; those records will be found unchanged."""
    harvest = db.session.get_one(Harvest, harvest_id)
    added, updated = harvest.added, harvest.updated
    report = Report(added, updated, locked=harvest.locked, counted=added + updated)
    db.session.rollback()
    return report


def keep_findings(harvest_id: int) -> None:
    """Note that a page was read to its end: what was found so far will not be told again."""
    last = select(func.max(RecordedFinding.id)).where(RecordedFinding.harvest_id == harvest_id)
    db.session.get_one(Harvest, harvest_id).findings_kept = db.session.scalar(last) or 0


def forget_findings(harvest_id: int) -> None:
    """Forget what comes again: of pages that were not read to their end, and of no record."""
    kept = db.session.get_one(Harvest, harvest_id).findings_kept
    again = RecordedFinding.weight == Weight.REJECTED, RecordedFinding.external_id == ""
    of_it = RecordedFinding.harvest_id == harvest_id, RecordedFinding.id > kept
    db.session.execute(delete(RecordedFinding).where(*of_it, or_(*again)))
