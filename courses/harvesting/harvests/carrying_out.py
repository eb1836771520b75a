"""Carrying a harvest out: fetch, compare, hold what is too much, write, count what is missing.

Each batch is a transaction of its own. What is killed in the middle is begun anew by the next who
takes it up, once the lease is over: what is written already is then found unchanged.
"""

from __future__ import annotations

import logging
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic

from academy.config import Settings
from academy.db import db, unit_of_work, utcnow
from academy.errors import Refusal
from academy.outbound import Outbound
from courses.harvesting import operations, queries
from courses.harvesting.columns import told_columns
from courses.harvesting.draft import Finding, NotAFeed
from courses.harvesting.harvests import ending, pages
from courses.harvesting.harvests.answers import Passing
from courses.harvesting.harvests.asked import Asked
from courses.harvesting.harvests.asking import asked_for
from courses.harvesting.harvests.beginning_anew import keep_findings, so_far
from courses.harvesting.harvests.fetching import OVER, Gathered, Gathering, Page
from courses.harvesting.harvests.gathered import items_of, parts_of, unread, without_data
from courses.harvesting.harvests.holding import Let, let_by
from courses.harvesting.harvests.pages import Beside
from courses.harvesting.harvests.queue import Taken
from courses.harvesting.harvests.seen import Seen
from courses.harvesting.harvests.vanishing import Missing, missing, too_many, write_missing
from courses.harvesting.harvests.work import Said, Stopped, Told, Work
from courses.harvesting.models import Harvest
from courses.harvesting.pipeline import Reading, Report, batches, write

log = logging.getLogger(__name__)
GONE = str(HTTPStatus.GONE.value)
LONGEST = timedelta(hours=4)
"""How long pages of a source are fetched; what is left then counts as not read."""


def carry_out(
    taken: Taken, outbound: Outbound, settings: Settings, *, stop: Event, told: Told
) -> Report:
    """Carry out a harvest that was claimed, to whatever end; the report is kept, and given."""
    report = so_far(taken.harvest_id)
    try:
        reading, asked, said = _begun(taken.harvest_id, settings)
        with TemporaryDirectory(prefix="harvest-") as folder:
            work = Work(taken, reading, asked, said, outbound, Path(folder), stop, told, report)
            _carried_out(work)
    except Stopped:
        ending.stopped(taken, report, by_worker=stop.is_set(), now=utcnow())
    except Passing as passing:
        ending.failed_for_now(taken, report, passing, now=utcnow())
    except NotAFeed as refused:
        ending.failed(taken, report, refused.code, refused.details, now=utcnow())
    except Refusal as refusal:
        ending.failed(taken, report, refusal.code, {}, now=utcnow())
    except Exception as unexpected:
        log.exception("a harvest failed")
        ending.failed(taken, report, "unexpected", {}, now=utcnow())
        del unexpected
    ending.count(taken.harvest_id, report)
    return report


def _begun(harvest_id: int, settings: Settings) -> tuple[Reading, Asked, Said]:
    harvest = db.session.get_one(Harvest, harvest_id)
    source, asked = asked_for(harvest, settings, now=utcnow())
    reading = Reading(harvest.id, source.id, source.adapter)
    let = let_by(harvest.details.get("held", "")) if harvest.allowed else Let()
    said = Said(let, harvest.details.get("keep") == "yes")
    db.session.rollback()
    db.session.expunge_all()
    return reading, asked, said


def _carried_out(work: Work) -> None:
    known = pages.known_pages(work.source_id)
    db.session.rollback()
    gathering = Gathering(work.asked, work.outbound, work.folder, known, work.tick)
    until = monotonic() + LONGEST.total_seconds()
    gathered = _of_one(work, gathering) if work.asked.page else gathering.gather(until=until)
    work.report.pages = len(gathered.pages)
    if _is_too_much(work, gathered):
        return
    _write(work, gathered)
    whole = _is_whole(work.asked, gathered)
    found = _missing(work, work.report.seen, work.read_anew, whole=whole)
    if work.said.keep:
        found = replace(found, absent=[], gone=[])
    work.report.vanished = found.vanished
    work.tick(0)
    write_missing(found, now=utcnow())
    if whole:
        pages.forget_pages(work.source_id, gathered)
    ending.done(work.taken, work.report, gathered, whole=whole, now=utcnow())


def _of_one(work: Work, gathering: Gathering) -> Gathered:
    """Fetch the page of one record; where it is gone, so are the records that were on it.

    A page that is just not found may come back: they are missing, like what a list leaves out.
    """
    try:
        return gathering.gather()
    except NotAFeed as refused:
        if refused.details.get("status") not in OVER:
            raise
        digest = work.asked.digest_of(work.asked.page)
        seen, known = work.report.seen, gathering.known.get(digest)
        lost = seen.gone if refused.details["status"] == GONE else seen.lose
        for name in pages.names_on(work.source_id, digest):
            lost(name)
        if known:
            with unit_of_work():
                pages.read_again([known.id])
        return Gathered()


def _is_whole(asked: Asked, gathered: Gathered) -> bool:
    """Tell whether what was not found is missing."""
    of_all = asked.by.complete and asked.since is None and not asked.page
    return of_all and gathered.whole


def _missing(work: Work, seen: Seen, read_anew: set[int], *, whole: bool) -> Missing:
    return missing(work.reading, seen, read_anew, whole=whole, now=utcnow())


def _is_too_much(work: Work, gathered: Gathered) -> bool:
    """Look first, where a source has records: what would unlist too many changes nothing."""
    if not queries.has_records(work.source_id):
        return False
    seen, table = deepcopy(work.report.seen), None
    for part in parts_of(work.asked, gathered):
        seen.turn()
        if not any(page.changed for page in part):
            _note_unchanged(work, part, seen, Report())
            continue
        table = table or operations.words_for(work.source_id)
        try:
            for _batch in batches(work.source_id, items_of(work.asked, part), table, seen):
                work.tick(0)
        except NotAFeed as refused:
            _leave_out(gathered, part, refused)
    whole = _is_whole(work.asked, gathered)
    if whole and not seen:
        # An error page, a list that somebody emptied: nobody takes all offers back like that.
        raise NotAFeed("nothing-there")
    found = _missing(work, seen, set(), whole=whole)
    if work.said.keep or not too_many(work.source_id, found, work.said.allowed):
        return False
    work.report.vanished = found.vanished
    came, now = len(seen), utcnow()
    ending.held(work.taken, work.report, found.unlisted, came=came, now=now)
    return True


def _write(work: Work, gathered: Gathered) -> None:
    for part in parts_of(work.asked, gathered):
        work.report.seen.turn()
        if work.asked.by.crawls and part[0].changed:
            pages.take_later(work.source_id, part[0])
        if not any(page.changed for page in part):
            _note_unchanged(work, part, work.report.seen, work.report)
            work.tick(0)
            continue
        try:
            _write_part(work, part)
        except NotAFeed as refused:
            _leave_out(gathered, part, refused)
    any_records = bool(work.report.read or work.report.seen)
    gathered.check_was_read(any_records)
    left_out: list[Finding] = list(unread(gathered))
    left_out += [] if any_records else without_data(work.asked, gathered)
    left_out += told_columns(work.asked, gathered)
    if left_out:
        with unit_of_work():
            operations.record_findings(work.reading.harvest_id, left_out)


def _leave_out(gathered: Gathered, part: list[Page], refused: NotAFeed) -> None:
    """Go on without pages that cannot be read, unless they are the first."""
    if gathered.pages[0] in part:
        raise refused
    for one in part:
        gathered.leave_out(one.address, refused)


def _note_unchanged(work: Work, part: list[Page], seen: Seen, report: Report) -> None:
    """Count the records of pages that did not change."""
    several = len(part) > 1 or work.asked.by.gathers
    known = [page.known for page in part if page.known]
    refused = {name for one in known for name in one.refused}
    for name, fingerprint, held in pages.records_of(work.source_id, None if several else part[0]):
        if name not in refused:
            seen.add(name, fingerprint)
            report.same(1)
            report.held += held
    for name in refused:
        seen.note(name)
    for one in known:
        for name in one.repeated:
            seen.repeat(name, one.id)
        same = sum(one.repeated.values())
        report.same(same)
        told = len(one.refused) + len(one.repeated) - same
        seen.unnamed += max(0, one.rejected - told)
        report.rejected += one.rejected


def _write_part(work: Work, part: list[Page]) -> None:
    changed, now = [page for page in part if page.changed], utcnow()
    with unit_of_work():
        rows = {page.digest: pages.begin_page(work.source_id, page, now=now) for page in changed}
    seen, refused = work.report.seen, work.report.rejected
    named = len(seen.refused)
    if work.reading.words is None:
        work.reading = replace(work.reading, words=operations.words_for(work.source_id))
    page_id = None if work.asked.by.gathers else rows[part[0].digest]
    reading, items = replace(work.reading, page_id=page_id), items_of(work.asked, part)
    write(reading, items, work.report, now=now, progress=lambda _report: work.tick(0))
    rejected, names = work.report.rejected - refused, seen.refused[named:]
    beside = Beside(rejected, names, seen.repeated)
    work.read_anew.update(rows.values())
    with unit_of_work():
        # What they say of records that are now found here was not kept.
        pages.read_again(work.report.moved_from - work.read_anew)
        if beside.rejected:
            keep_findings(work.reading.harvest_id)
        for page in changed:
            told = beside if page is changed[0] else Beside()
            pages.end_page(rows[page.digest], page, told, kept=seen.all_kept, now=now)
    work.report.moved_from.clear()
