"""From records to the catalogue: judge, compare, write what changed, account for every record."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from academy.db import db, unit_of_work
from academy.text import clean_line
from courses.harvesting import operations, queries
from courses.harvesting.adapting import ADAPTERS, Item
from courses.harvesting.draft import (
    LONGEST_FOUND,
    LONGEST_ID,
    Draft,
    Feed,
    Finding,
    Gone,
    Weight,
)
from courses.harvesting.harvests.seen import Seen
from courses.harvesting.operations import Written
from courses.harvesting.words.table import WordTable
from courses.harvesting.writing.cleaning import cleaned
from courses.harvesting.writing.contents import Prepared

Progress = Callable[["Report"], None]

BATCH = 100
"""Records a transaction: with the rows of an offer, it stays well under 1,000 rows."""


@dataclass
class Report:
    """What became of the records of one harvest: read is the sum of the four outcomes."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    held: int = 0
    vanished: int = 0
    locked: int = 0
    pages: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)
    seen: Seen = field(default_factory=Seen)

    def add(self, written: Written) -> None:
        """Add what became of a batch that was written."""
        self.added += written.added
        self.updated += written.updated
        self.unchanged += written.unchanged
        self.held += written.held
        self.locked += written.locked
        self.findings.update(finding.code for finding in written.findings)

    @property
    def read(self) -> int:
        """Count the records that were read."""
        return self.added + self.updated + self.unchanged + self.rejected


@dataclass(frozen=True, slots=True)
class Reading:
    """Which harvest of which source this is, and by which adapter."""

    harvest_id: int
    source_id: int
    adapter: str
    page_id: int | None = None
    """The page that is being read, where pages are known one by one."""

    words: WordTable | None = field(default=None, compare=False, repr=False)
    """What the partner's words mean, where that was looked up for several pages at once."""


@dataclass
class Batch:
    """Some records, judged and compared with what is known of them."""

    read: int = 0
    changed: list[Prepared] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    same: dict[str, queries.Known] = field(default_factory=dict)

    @property
    def unchanged(self) -> int:
        """Count the records that say what they said, repetitions among them."""
        return self.read - len(self.changed) - len(self.refused)

    def moved(self, page_id: int | None) -> list[str]:
        """Name the unchanged records that came from another page before."""
        if page_id is None:
            return []
        return [name for name, one in self.same.items() if one.page_id != page_id]


def harvest(
    reading: Reading, feed: Feed, report: Report, *, now: datetime, progress: Progress
) -> None:
    """Read one file into the catalogue, in transactions of their own.

    Raises NotAFeed when the file as a whole cannot be read; nothing has been written then.
    """
    items = ADAPTERS[reading.adapter].read(feed)
    write(reading, items, report, now=now, progress=progress)


def write(
    reading: Reading,
    items: Iterable[Item],
    report: Report,
    *,
    now: datetime,
    progress: Progress,
) -> None:
    """Write what changed, a batch a transaction; unchanged records cost none."""
    table = reading.words or operations.words_for(reading.source_id)
    report.unmapped = table.unmapped
    for batch in batches(reading.source_id, items, table, report.seen):
        report.add(_write(reading, batch, now))
        report.rejected += len(batch.refused)
        report.unchanged += batch.unchanged
        report.held += sum(known.held for known in batch.same.values())
        progress(report)


def batches(source_id: int, items: Iterable[Item], table: WordTable, seen: Seen) -> Iterator[Batch]:
    """Judge the records, and compare them with what is known, some at a time."""
    iterator = iter(items)
    while some := list(islice(iterator, BATCH)):
        yield _compared(source_id, [_judged(item, table, seen) for item in some])


def _compared(source_id: int, judged: list[Prepared | Finding | Gone | None]) -> Batch:
    prepared = [one for one in judged if isinstance(one, Prepared)]
    known = queries.known_records(source_id, [one.external_id for one in prepared])
    changed = [one for one in prepared if not _is_known(one, known)]
    gone = [one.external_id for one in judged if isinstance(one, Gone)]
    differing = {one.external_id for one in changed}
    return Batch(
        len(judged) - len(gone),
        changed,
        [one for one in judged if isinstance(one, Finding)],
        gone,
        {name: one for name, one in known.items() if name not in differing},
    )


def _is_known(one: Prepared, known: Mapping[str, queries.Known]) -> bool:
    record = known.get(one.external_id)
    return record is not None and record.fingerprint == one.fingerprint


def _judged(item: Item, table: WordTable, seen: Seen) -> Prepared | Finding | Gone | None:
    """Say what an item becomes: an offer perhaps, refused, or nothing where it is a repetition.

    What came before in the same harvest wins over what has its identifier and says otherwise.
    """
    if isinstance(item, Finding):
        return _noted(item, seen)
    if isinstance(item, Gone):
        seen.gone(item.external_id)
        return item
    item = cleaned(item)
    reason = _reason_to_refuse(item)
    if reason is not None:
        return _noted(reason, seen)
    one = _prepared(item, table)
    before = seen.add(one.external_id, one.fingerprint)
    if before is None:
        return one
    return None if before else _refusal(item, "id", "repeated-id", one.external_id)


def _noted(refused: Finding, seen: Seen) -> Finding:
    """A record that is refused is there all the same: what it was before has not vanished."""
    if refused.external_id:
        seen.note(refused.external_id)
    else:
        seen.unnamed += 1
    return refused


def _prepared(draft: Draft, table: WordTable) -> Prepared:
    terms = table.terms(draft.words, draft.codes)
    return Prepared(draft, terms, draft.fingerprint(sorted(term.code for term in terms)))


def _reason_to_refuse(draft: Draft) -> Finding | None:
    if not re.fullmatch(f"[^\x00-\x1f\x7f]{{1,{LONGEST_ID}}}", draft.external_id):
        return _refusal(draft, "id", "no-id", draft.external_id)
    if not clean_line(draft.texts[0].title):
        return _refusal(draft, "title", "no-title")
    return None


def _refusal(draft: Draft, name: str, code: str, found: str = "") -> Finding:
    return Finding(
        draft.line, name, code, Weight.REJECTED, found[:LONGEST_FOUND], draft.external_id
    )


def _write(reading: Reading, batch: Batch, now: datetime) -> Written:
    if not batch.changed and not batch.refused and not batch.moved(reading.page_id):
        return Written()
    with unit_of_work():
        written = operations.write_records(reading.source_id, batch.changed, now=now)
        written.findings += batch.refused
        names = [*(one.external_id for one in batch.changed), *batch.moved(reading.page_id)]
        operations.place_records(reading.source_id, names, reading.page_id)
        operations.record_findings(reading.harvest_id, written.findings)
    # Nothing of a batch is needed again, and an offer may have become one of another class.
    db.session.expunge_all()
    return written
