"""From records to the catalogue: judge, compare, write what changed, account for every record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from academy.db import db, unit_of_work
from courses.harvesting import operations, queries
from courses.harvesting.adapting import ADAPTERS, Item
from courses.harvesting.draft import Draft, Feed, Finding, Gone
from courses.harvesting.formats.room import rows_of
from courses.harvesting.harvests.seen import Seen
from courses.harvesting.judging import Judged, judged
from courses.harvesting.operations import Written
from courses.harvesting.words.table import WordTable
from courses.harvesting.writing.contents import Prepared

Progress = Callable[["Report"], None]

BATCH, MOST_ROWS = 100, 1_000
"""Records a transaction, fewer where they have many dates: others wait for it to end."""


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
    counted: int = 0
    """Records that were written before it was begun anew, and were not yet met again."""

    seen: Seen = field(default_factory=Seen)
    moved_from: set[int] = field(default_factory=set)
    """The pages of which records were found on others."""

    def add(self, written: Written) -> None:
        """Add what became of a batch that was written."""
        self.added += written.added
        self.updated += written.updated
        self.unchanged += written.unchanged
        self.held += written.held
        self.locked += written.locked
        self.findings.update(finding.code for finding in written.findings)

    def same(self, number: int) -> None:
        """Add records that say what they said; what was written before counts as that."""
        again = min(number, self.counted)
        self.counted -= again
        self.unchanged += number - again

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
    known: Mapping[str, queries.Known] = field(default_factory=dict)

    @property
    def unchanged(self) -> int:
        """Count the records that say what they said, repetitions among them."""
        return self.read - len(self.changed) - len(self.refused)

    @property
    def same(self) -> dict[str, queries.Known]:
        """Give the known records that say what they said."""
        differing = {one.external_id for one in self.changed}
        return {name: one for name, one in self.known.items() if name not in differing}

    def moved(self, page_id: int | None) -> dict[str, int | None]:
        """Name the known records that came from another page before, or from none we know."""
        told = self.known.items() if page_id is not None else ()
        return {name: one.page_id for name, one in told if one.page_id != page_id}


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
        report.moved_from.update(filter(None, batch.moved(reading.page_id).values()))
        report.rejected += len(batch.refused)
        report.same(batch.unchanged)
        report.held += sum(known.held for known in batch.same.values())
        progress(report)


def batches(source_id: int, items: Iterable[Item], table: WordTable, seen: Seen) -> Iterator[Batch]:
    """Judge the records, and compare them with what is known, some at a time."""
    for some in _cut(items):
        yield _compared(source_id, [judged(item, table, seen) for item in some])


def _cut(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Cut the records into batches by the rows that they become."""
    some: list[Item] = []
    rows = 0
    for item in items:
        more = _dates(item)
        if some and (len(some) == BATCH or rows + more > MOST_ROWS):
            yield some
            some, rows = [], 0
        some.append(item)
        rows += more
    if some:
        yield some


def _dates(item: Item) -> int:
    return rows_of(item.runs) if isinstance(item, Draft) else 0


def _compared(source_id: int, some: list[Judged]) -> Batch:
    prepared = [one for one in some if isinstance(one, Prepared)]
    known = queries.known_records(source_id, [one.external_id for one in prepared])
    changed = [one for one in prepared if not _is_known(one, known)]
    gone = [one.external_id for one in some if isinstance(one, Gone)]
    return Batch(
        len(some) - len(gone),
        changed,
        [one for one in some if isinstance(one, Finding)],
        gone,
        known,
    )


def _is_known(one: Prepared, known: Mapping[str, queries.Known]) -> bool:
    record = known.get(one.external_id)
    return record is not None and record.fingerprint == one.fingerprint


def _write(reading: Reading, batch: Batch, now: datetime) -> Written:
    if not batch.changed and not batch.refused and not batch.moved(reading.page_id):
        return Written()
    with unit_of_work():
        written = operations.write_records(reading.source_id, batch.changed, now=now)
        written.findings += batch.refused
        names = [*(one.external_id for one in batch.changed), *batch.moved(reading.page_id)]
        operations.place_records(reading.source_id, names, reading.page_id)
        operations.record_findings(reading.harvest_id, written.findings)
        operations.count_written(reading.harvest_id, written)
    # Nothing of a batch is needed again, and an offer may have become one of another class.
    db.session.expunge_all()
    return written
