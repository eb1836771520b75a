"""How a harvest ends: done, held, failed, put off, stopped; its report is kept whatever it is.

Only the worker who still has it ends it: of another nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select

from academy.db import db, unit_of_work
from courses.harvesting.draft import NotAFeed
from courses.harvesting.harvests import queue
from courses.harvesting.harvests.answers import Passing
from courses.harvesting.harvests.fetching import Gathered
from courses.harvesting.harvests.holding import WOULD_UNLIST, name_missing, tell_stewards
from courses.harvesting.harvests.queue import Taken
from courses.harvesting.harvests.vanishing import listed_count
from courses.harvesting.harvests.watching import COUNTS
from courses.harvesting.models import Harvest, HarvestState
from courses.harvesting.pipeline import Report
from courses.harvesting.sentences import reason
from courses.harvesting.words.mapping import count_words
from courses.sources.models import Source

MOST_WORDS = 500
STOPPED = "reading-stopped"


def done(taken: Taken, report: Report, gathered: Gathered, *, whole: bool, now: datetime) -> None:
    """End a harvest that came to its end; the source is read on from there, unless it changed."""
    with unit_of_work():
        harvest = queue.harvest_of(taken)
        if harvest is None:
            return
        _told(taken.harvest_id, report, HarvestState.DONE, now)
        harvest.whole = whole
        source = db.session.get_one(Source, harvest.source_id)
        if not harvest.record and queue.is_as_taken(source, taken):
            source.failures = 0
            source.cursor = gathered.stated if gathered.whole and gathered.stated else source.cursor
            source.whole_at = now if whole else source.whole_at


def held(
    taken: Taken, report: Report, unlisted: Sequence[int], *, came: int, now: datetime
) -> None:
    """Hold a harvest that would unlist too many: it has changed nothing, a steward looks at it.

    `came` counts the records that came.
    """
    with unit_of_work():
        harvest = queue.harvest_of(taken)
        if harvest is None:
            return
        _told(taken.harvest_id, report, HarvestState.HELD, now)
        harvest.code, harvest.whole = WOULD_UNLIST, True
        figures = {"number": len(unlisted), "came": came, "listed": listed_count(harvest.source_id)}
        harvest.details = {name: str(count) for name, count in figures.items()}
        name_missing(harvest, unlisted)
        harvest.reason = reason(harvest.code, harvest.details)
        tell_stewards(harvest, now=now)


def failed(
    taken: Taken, report: Report, code: str, details: Mapping[str, str], *, now: datetime
) -> None:
    """End a harvest that cannot succeed as it is."""
    with unit_of_work():
        harvest = queue.harvest_of(taken)
        if harvest is None:
            return
        _told(taken.harvest_id, report, HarvestState.FAILED, now)
        harvest.code, harvest.details = code, dict(details)
        harvest.reason = reason(code, details)
        source = db.session.get_one(Source, harvest.source_id)
        source.failures += queue.is_as_taken(source, taken)


def failed_for_now(taken: Taken, report: Report, passing: Passing, *, now: datetime) -> None:
    """Put off what may succeed later; what was put off often enough has failed."""
    with unit_of_work():
        harvest = queue.harvest_of(taken)
        if harvest is None:
            return
        harvest.code, harvest.details = passing.code, {**harvest.details, **passing.details}
        put_off = queue.put_off(harvest, passing.pause, now=now)
    if not put_off:
        failed(taken, report, passing.code, passing.details, now=now)


def stopped(taken: Taken, report: Report, *, by_worker: bool, now: datetime) -> None:
    """End a harvest that is not to go on; one whose worker stops goes back into the line."""
    with unit_of_work():
        harvest = queue.harvest_of(taken)
        if harvest is None:
            return
        if by_worker:
            harvest.state, harvest.leased_until = HarvestState.QUEUED, None
            harvest.attempts -= 1
        else:
            _told(taken.harvest_id, report, HarvestState.ABORTED, now)


def ended(
    harvest_id: int, report: Report, failure: NotAFeed | None, *, now: datetime, reason: str
) -> None:
    """End a reading of what was sent, or of a file; with a reason, it has failed."""
    with unit_of_work():
        state = HarvestState.FAILED if reason else HarvestState.DONE
        if failure and failure.code == STOPPED:
            state = HarvestState.ABORTED
        harvest = _told(harvest_id, report, state, now)
        harvest.reason = reason[:500]
        harvest.code = failure.code if failure else "unexpected" if reason else ""
        harvest.details = failure.details if failure else {}


def count(harvest_id: int, report: Report) -> None:
    """Count the words of a source of which a harvest changed records, once it has ended."""
    if report.added or report.updated or report.vanished:
        count_words(db.session.get_one(Harvest, harvest_id).source_id)


def fail_lapsed(*, now: datetime, limit: int) -> int:
    """End readings of what was sent, or of files, that were broken off; tells how many there were.

    Nobody can take them up again, unlike those of the line: these have been attempted by a worker.
    """
    lapsed = or_(Harvest.leased_until.is_(None), Harvest.leased_until <= now)
    running = Harvest.state == HarvestState.RUNNING, Harvest.attempts == 0
    some = db.session.scalars(select(Harvest).where(*running, lapsed).limit(limit)).all()
    for harvest in some:
        harvest.state, harvest.ended_at, harvest.leased_until = HarvestState.FAILED, now, None
        harvest.code, harvest.details = "reading-broken-off", {}
        harvest.reason = reason(harvest.code, {})
    return len(some)


def _told(harvest_id: int, report: Report, state: HarvestState, now: datetime) -> Harvest:
    harvest = db.session.get_one(Harvest, harvest_id)
    harvest.state, harvest.ended_at, harvest.leased_until = state, now, None
    for name in ("pages", *COUNTS):
        setattr(harvest, name, getattr(report, name))
    harvest.unmapped = dict(report.unmapped.most_common(MOST_WORDS))
    return harvest
