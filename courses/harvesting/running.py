"""One harvest from beginning to end: begun, read, and its report kept whatever happens."""

from __future__ import annotations

from dataclasses import dataclass

from academy.db import db, unit_of_work, utcnow
from courses.harvesting import operations
from courses.harvesting.draft import Feed, NotAFeed
from courses.harvesting.harvests import ending, queue
from courses.harvesting.pipeline import Progress, Reading, Report, harvest
from courses.harvesting.sentences import reason as reason_of
from courses.sources.models import Source

LARGEST_FILE_MB = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a harvest came to; with a failure, nothing of the file was read."""

    harvest_id: int
    report: Report
    failure: NotAFeed | None = None


def run_harvest(source_id: int, feed: Feed | None, adapter: str, *, progress: Progress) -> Outcome:
    """Read a feed into the catalogue and keep the report. No feed means the file was too large.

    A file that cannot be read is reported as a failed harvest; an unexpected error too, and then
    raised.
    """
    harvest_id = _begin(source_id)
    report, failure, reason = Report(), None, ""
    try:
        if feed is None:
            raise NotAFeed("too-large", limit=str(LARGEST_FILE_MB))
        reading = Reading(harvest_id, source_id, adapter)
        harvest(reading, feed, report, now=utcnow(), progress=_keeping(harvest_id, progress))
    except NotAFeed as refused:
        failure, reason = refused, reason_of(refused.code, refused.details)
    except BaseException as unexpected:
        reason = f"stopped: {type(unexpected).__name__}"
        raise
    finally:
        ending.ended(harvest_id, report, failure, now=utcnow(), reason=reason)
        ending.count(harvest_id, report)
    return Outcome(harvest_id, report, failure)


def _keeping(harvest_id: int, progress: Progress) -> Progress:
    """Tell of progress, and now and then that the reading goes on; ends it when it is stopped."""
    told, mine = utcnow(), queue.Taken(harvest_id, 0)

    def tell(report: Report) -> None:
        nonlocal told
        if utcnow() >= told + queue.BEAT:
            told = utcnow()
            with unit_of_work():
                queue.keep(mine, pages=0, now=told)
        progress(report)
        if not queue.goes_on(mine):
            raise NotAFeed(ending.STOPPED)

    return tell


def _begin(source_id: int) -> int:
    with unit_of_work():
        source = db.session.get_one(Source, source_id)
        return operations.begin_harvest(source, now=utcnow()).id
