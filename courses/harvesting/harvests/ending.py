"""How a harvest ends: done, held, failed, put off, stopped; its report is kept whatever it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from academy.db import db, unit_of_work
from courses.harvesting.harvests import queue
from courses.harvesting.harvests.fetching import Gathered, Passing
from courses.harvesting.harvests.holding import name_missing
from courses.harvesting.models import Harvest, HarvestState
from courses.harvesting.pipeline import Report
from courses.harvesting.sentences import reason
from courses.sources.models import Source

COUNTS = (
    *("pages", "read", "added", "updated", "unchanged", "rejected"),
    *("held", "vanished", "locked"),
)
MOST_WORDS = 500


def done(
    harvest_id: int, report: Report, gathered: Gathered, *, whole: bool, now: datetime
) -> None:
    """End a harvest that came to its end; the source is read on from there."""
    with unit_of_work():
        harvest = _told(harvest_id, report, HarvestState.DONE, now)
        harvest.whole = whole
        source = db.session.get_one(Source, harvest.source_id)
        if not harvest.record:
            source.failures = 0
            source.cursor = gathered.stated if gathered.whole and gathered.stated else source.cursor
            source.whole_at = now if whole else source.whole_at


def held(harvest_id: int, report: Report, unlisted: Sequence[int], *, now: datetime) -> None:
    """Hold a harvest that would unlist too many: it has changed nothing, a steward looks at it."""
    with unit_of_work():
        harvest = _told(harvest_id, report, HarvestState.HELD, now)
        harvest.code, harvest.whole = "would-unlist", True
        harvest.details = {"number": str(len(unlisted))}
        name_missing(harvest, unlisted)
        harvest.reason = reason(harvest.code, harvest.details)


def failed(
    harvest_id: int, report: Report, code: str, details: Mapping[str, str], *, now: datetime
) -> None:
    """End a harvest that cannot succeed as it is."""
    with unit_of_work():
        _failed(harvest_id, report, code, details, now)


def failed_for_now(harvest_id: int, report: Report, passing: Passing, *, now: datetime) -> None:
    """Put off what may succeed later; what was put off often enough has failed."""
    with unit_of_work():
        harvest = db.session.get_one(Harvest, harvest_id)
        harvest.code, harvest.details = passing.code, dict(passing.details)
        if not queue.put_off(harvest, passing.pause, now=now):
            _failed(harvest_id, report, passing.code, passing.details, now)


def stopped(harvest_id: int, report: Report, *, by_worker: bool, now: datetime) -> None:
    """End a harvest that somebody stopped; one whose worker stops goes back into the line."""
    with unit_of_work():
        harvest = db.session.get_one(Harvest, harvest_id)
        if by_worker:
            harvest.state, harvest.leased_until = HarvestState.QUEUED, None
            harvest.attempts -= 1
        elif harvest.stop_asked:
            _told(harvest_id, report, HarvestState.ABORTED, now)


def _failed(
    harvest_id: int, report: Report, code: str, details: Mapping[str, str], now: datetime
) -> None:
    harvest = _told(harvest_id, report, HarvestState.FAILED, now)
    harvest.code, harvest.details = code, dict(details)
    harvest.reason = reason(code, details)
    db.session.get_one(Source, harvest.source_id).failures += 1


def _told(harvest_id: int, report: Report, state: HarvestState, now: datetime) -> Harvest:
    harvest = db.session.get_one(Harvest, harvest_id)
    harvest.state, harvest.ended_at, harvest.leased_until = state, now, None
    for name in COUNTS:
        setattr(harvest, name, getattr(report, name))
    harvest.unmapped = dict(report.unmapped.most_common(MOST_WORDS))
    return harvest
