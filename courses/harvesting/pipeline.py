"""From a feed to the catalogue: read, compare, write what changed, account for every record."""

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
from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.contents import Prepared
from courses.harvesting.draft import (
    LONGEST_FOUND,
    LONGEST_ID,
    Draft,
    Feed,
    Finding,
    Gone,
    Weight,
)
from courses.harvesting.operations import Written
from courses.harvesting.words import WordTable

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
    findings: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)

    def add(self, written: Written) -> None:
        """Add what became of a batch that was written."""
        self.added += written.added
        self.updated += written.updated
        self.unchanged += written.unchanged
        self.held += written.held
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


def harvest(
    reading: Reading, feed: Feed, report: Report, *, now: datetime, progress: Progress
) -> None:
    """Read a feed into the catalogue, in transactions of their own; unchanged records cost none.

    Raises NotAFeed when the file as a whole cannot be read; nothing has been written then.
    """
    table = operations.words_for(reading.source_id)
    report.unmapped = table.unmapped
    seen: dict[str, str] = {}
    for batch in _batches(ADAPTERS[reading.adapter].read(feed)):
        judged = [_judged(item, table, seen) for item in batch]
        prepared = [one for one in judged if isinstance(one, Prepared)]
        refused = [one for one in judged if isinstance(one, Finding)]
        known = queries.known_records(reading.source_id, [one.external_id for one in prepared])
        changed = [one for one in prepared if not _is_known(one, known)]
        same = known.keys() - {one.external_id for one in changed}
        report.add(_write(reading, changed, refused, now))
        report.rejected += len(refused)
        report.unchanged += len(batch) - len(refused) - len(changed)
        report.held += sum(known[name].held for name in same)
        progress(report)


def _batches(records: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(records)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _is_known(one: Prepared, known: Mapping[str, queries.Known]) -> bool:
    record = known.get(one.external_id)
    return record is not None and record.fingerprint == one.fingerprint


def _judged(
    item: Item, table: WordTable, seen: dict[str, str]
) -> Prepared | Finding | None:
    """Say what an item becomes: an offer perhaps, refused, or nothing where it is a repetition.

    What came before in the same file wins over what has its identifier and says otherwise.
    """
    if isinstance(item, Finding):
        return item
    if isinstance(item, Gone):
        return None
    reason = _reason_to_refuse(item)
    if reason is not None:
        return reason
    one = _prepared(item, table)
    before = seen.get(one.external_id)
    if before is None:
        seen[one.external_id] = one.fingerprint
        return one
    if before == one.fingerprint:
        return None
    return _refusal(item, "id", "repeated-id", one.external_id)


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


def _write(
    reading: Reading, changed: list[Prepared], refused: list[Finding], now: datetime
) -> Written:
    if not changed and not refused:
        return Written()
    with unit_of_work():
        written = operations.write_records(reading.source_id, changed, now=now)
        written.findings += refused
        operations.record_findings(reading.harvest_id, written.findings)
    # Nothing of a batch is needed again, and an offer may have become one of another class.
    db.session.expunge_all()
    return written
