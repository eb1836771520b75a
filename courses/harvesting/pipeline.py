"""From a feed to the catalogue: read, compare, write what changed, account for every record."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from academy.db import unit_of_work
from academy.text import clean_line, plain_text
from courses.catalogue.content import LanguageContent, OfferContent, TextContent
from courses.catalogue.models import LanguageOrigin, LanguageRole
from courses.harvesting import operations, queries
from courses.harvesting.adapters import csv, jsonl
from courses.harvesting.draft import Draft, Feed, Finding, Weight
from courses.harvesting.guessing import guessed_language
from courses.harvesting.words import WordTable
from courses.vocabularies.models import Term

Read = Callable[[Feed], Iterator[Draft | Finding]]
Progress = Callable[["Report"], None]

ADAPTERS: dict[str, Read] = {"jsonl": jsonl.read, "csv": csv.read}
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


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft that may become an offer: its content, its terms, and the print of both."""

    draft: Draft
    content: OfferContent
    terms: list[Term]
    fingerprint: str

    def packed(self) -> bytes:
        """Pack the partner's record as it came, for later."""
        return zlib.compress(json.dumps(self.draft.payload, ensure_ascii=False).encode())


def harvest(
    reading: Reading, feed: Feed, report: Report, *, now: datetime, progress: Progress
) -> None:
    """Read a feed into the catalogue, in transactions of their own; unchanged records cost none.

    Raises NotAFeed when the file as a whole cannot be read; nothing has been written then.
    """
    table = operations.words_for(reading.source_id)
    report.unmapped = table.unmapped
    seen: dict[str, str] = {}
    records = ADAPTERS[reading.adapter](feed)
    for batch in _batches(records):
        drafts = [item for item in batch if isinstance(item, Draft)]
        findings = [item for item in batch if isinstance(item, Finding)]
        prepared, refused = _prepare(drafts, table, seen)
        report.rejected += len(findings) + len(refused)
        known = queries.fingerprints(reading.source_id, [one.draft.external_id for one in prepared])
        changed = [one for one in prepared if known.get(one.draft.external_id) != one.fingerprint]
        report.unchanged += len(drafts) - len(refused) - len(changed)
        _write(reading, changed, [*findings, *refused], report, now)
        progress(report)


def _batches(records: Iterable[Draft | Finding]) -> Iterator[list[Draft | Finding]]:
    iterator = iter(records)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _prepare(
    drafts: list[Draft], table: WordTable, seen: dict[str, str]
) -> tuple[list[Prepared], list[Finding]]:
    """Make content of drafts; what came before in the same file wins over what repeats it."""
    prepared: list[Prepared] = []
    refused: list[Finding] = []
    for draft in drafts:
        reason = _reason_to_refuse(draft)
        if reason is not None:
            refused.append(reason)
            continue
        terms = table.terms(draft.words, draft.codes)
        fingerprint = draft.fingerprint(sorted(term.code for term in terms))
        before = seen.setdefault(draft.external_id, fingerprint)
        if before != fingerprint:
            refused.append(_finding(draft, "id", "repeated-id", Weight.REJECTED, draft.external_id))
        elif draft.external_id not in {one.draft.external_id for one in prepared}:
            content = _content(draft, [term.id for term in terms])
            prepared.append(Prepared(draft, content, terms, fingerprint))
    return prepared, refused


def _reason_to_refuse(draft: Draft) -> Finding | None:
    if not draft.external_id or len(draft.external_id) > 500:
        return _finding(draft, "id", "no-id", Weight.REJECTED, draft.external_id[:80])
    if not clean_line(draft.texts[0].title):
        return _finding(draft, "title", "no-title", Weight.REJECTED)
    return None


def _finding(draft: Draft, name: str, code: str, weight: Weight, found: str = "") -> Finding:
    return Finding(draft.line, name, code, weight, found, draft.external_id[:500])


def _content(draft: Draft, term_ids: list[int]) -> OfferContent:
    languages = list(draft.languages)
    if not any(one.role is LanguageRole.TAUGHT for one in languages):
        guessed = _guess(draft)
        if guessed:
            languages.insert(0, LanguageContent(guessed, origin=LanguageOrigin.GUESSED))
    taught = (one.code for one in languages if one.role is LanguageRole.TAUGHT)
    own = draft.texts[0].language or next(taught, "und")
    texts = [replace(text, language=text.language or own) for text in draft.texts]
    return OfferContent(
        kind=draft.kind,
        language=own,
        texts=[_kept(text) for text in texts],
        languages=languages,
        term_ids=term_ids,
        provider=draft.provider,
        address=draft.address,
        runs=draft.runs,
        delivery=draft.delivery,
        pace=draft.pace,
        level=draft.level,
        cost=draft.cost,
        certificate=draft.certificate,
        workload=draft.workload,
    )


def _kept(text: TextContent) -> TextContent:
    """An empty description says nothing: it must not blank one that was stored before."""
    return text if text.description else replace(text, description=None)


def _guess(draft: Draft) -> str | None:
    text = draft.texts[0]
    return guessed_language(f"{text.title}. {plain_text(text.description or '')}")


def _write(
    reading: Reading,
    changed: list[Prepared],
    refused: list[Finding],
    report: Report,
    now: datetime,
) -> None:
    if not changed and not refused:
        return
    with unit_of_work():
        written = operations.write_records(reading.source_id, changed, now=now)
        findings = [*refused, *written.findings]
        operations.record_findings(reading.harvest_id, findings)
    report.added += written.added
    report.updated += written.updated
    report.held += written.held
    report.findings.update(finding.code for finding in findings)
