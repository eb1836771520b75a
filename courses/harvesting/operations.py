"""What can be done in harvesting: begin one, write what changed, account for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert

from academy.db import db
from academy.errors import Missing
from academy.institutions.models import Institution
from academy.text import fold_phrase
from courses.catalogue import operations as catalogue
from courses.catalogue.models import LanguageOrigin, Offer
from courses.catalogue.queries import terms_by_id
from courses.harvesting import queries
from courses.harvesting.draft import Finding, Weight
from courses.harvesting.models import (
    Harvest,
    HarvestState,
    RecordedFinding,
    Source,
    SourceRecord,
    WordMapping,
)
from courses.harvesting.words import WordTable
from courses.vocabularies.models import Term, Vocabulary

if TYPE_CHECKING:
    from courses.harvesting.pipeline import Prepared, Report


@dataclass
class Written:
    """What became of a batch of changed records."""

    added: int = 0
    updated: int = 0
    held: int = 0
    findings: list[Finding] = field(default_factory=list)


def ensure_source(
    institution: Institution, name: str, *, adapter: str, zone: str, now: datetime
) -> Source:
    """Find or make an institution's source; its zone is that of moments that name none."""
    source = queries.source_of(institution, name)
    if source is None:
        source = Source(institution_id=institution.id, name=name, added_at=now)
        db.session.add(source)
    source.adapter, source.zone = adapter, zone
    db.session.flush()
    return source


def begin_harvest(source: Source, *, now: datetime) -> Harvest:
    """Note that a reading has begun."""
    harvest = Harvest(source_id=source.id, state=HarvestState.RUNNING, started_at=now)
    db.session.add(harvest)
    db.session.flush()
    return harvest


def end_harvest(harvest_id: int, report: Report, *, now: datetime, reason: str = "") -> None:
    """Keep the report of a reading; with a reason, it has failed."""
    harvest = _harvest(harvest_id)
    harvest.state = HarvestState.FAILED if reason else HarvestState.DONE
    harvest.reason = reason[:500]
    harvest.ended_at = now
    for name in ("read", "added", "updated", "unchanged", "rejected", "held"):
        setattr(harvest, name, getattr(report, name))
    harvest.unmapped = dict(report.unmapped.most_common(500))


def _harvest(harvest_id: int) -> Harvest:
    harvest = db.session.get(Harvest, harvest_id)
    if harvest is None:
        raise Missing
    return harvest


def words_for(source_id: int) -> WordTable:
    """Load the words of a source, free of the session they came from."""
    source = db.session.get(Source, source_id)
    if source is None:
        raise Missing
    table = queries.word_table(source)
    # The terms are read in every batch, across transactions that would otherwise expire them.
    db.session.expunge_all()
    db.session.rollback()
    return table


def map_word(
    source: Source, word: str, *, vocabulary: Vocabulary, term: Term | None
) -> WordMapping:
    """Say what a partner's word means, or with no term that it is none of ours."""
    folded = fold_phrase(word)[:200]
    mapping = queries.mapping_of(source, vocabulary, folded)
    if mapping is None:
        mapping = WordMapping(source_id=source.id, vocabulary=vocabulary, word=folded)
        db.session.add(mapping)
    mapping.term_id = term.id if term else None
    db.session.flush()
    return mapping


def write_records(source_id: int, changed: Sequence[Prepared], *, now: datetime) -> Written:
    """Write a batch of new and changed records into the catalogue."""
    source = db.session.get_one(Source, source_id)
    institution = db.session.get_one(Institution, source.institution_id)
    known = queries.records_with_offers(source_id, [one.draft.external_id for one in changed])
    new = [one for one in changed if one.draft.external_id not in known]
    addresses = catalogue.free_slugs([one.content.texts[0].title for one in new])
    terms = _terms_at_hand(changed)
    written = Written(added=len(new), updated=len(changed) - len(new))
    offers = []
    for one, address in zip(new, addresses, strict=True):
        content = replace(one.content, term_ids=None)
        offer = catalogue.add_offer(institution, content, address=address, now=now)
        offer.terms = [terms[term.id] for term in one.terms]
        offers.append((one, offer))
    for one in changed:
        if one.draft.external_id in known:
            record, offer = known[one.draft.external_id]
            described = [terms[term.id] for term in one.terms]
            catalogue.revise(offer, one.content, now=now, terms=described)
            record.payload, record.fingerprint = one.packed(), one.fingerprint
            record.words, record.changed_at = list(one.draft.words), now
            offers.append((one, offer))
    for one, offer in offers:
        _list(one, offer, written, now)
    db.session.flush()
    _add_records(source_id, [(one, offer) for one, offer in offers[: len(new)]], now)
    return written


def record_findings(harvest_id: int, findings: Iterable[Finding]) -> None:
    """Keep what was wrong, record by record."""
    rows = [
        {
            "harvest_id": harvest_id,
            "line": finding.line,
            "external_id": finding.external_id,
            "field": finding.field[:40],
            "code": finding.code,
            "weight": finding.weight,
            "found": finding.found[:2_000],
        }
        for finding in findings
    ]
    if rows:
        db.session.execute(insert(RecordedFinding), rows)


def _terms_at_hand(changed: Sequence[Prepared]) -> dict[int, Term]:
    wanted = {term.id for one in changed for term in one.terms}
    return {term.id: term for term in terms_by_id(wanted)}


def _list(one: Prepared, offer: Offer, written: Written, now: datetime) -> None:
    """List the offer if it can be, and say of it what its reader should know."""
    notes = [replace(found, external_id=one.draft.external_id) for found in one.draft.findings]
    lacks = catalogue.list_harvested(offer, now=now)
    written.held += bool(lacks)
    for lacking in lacks:
        code = f"no-{lacking}"
        notes.append(Finding(one.draft.line, lacking, code, Weight.HELD, "", one.draft.external_id))
    if any(language.origin is LanguageOrigin.GUESSED for language in offer.languages):
        guessed = offer.languages[0].code
        notes.append(
            Finding(
                one.draft.line,
                "language",
                "guessed-language",
                Weight.NOTED,
                guessed,
                one.draft.external_id,
            )
        )
    written.findings += notes


def _add_records(source_id: int, pairs: Sequence[tuple[Prepared, Offer]], now: datetime) -> None:
    rows = [
        {
            "source_id": source_id,
            "external_id": one.draft.external_id,
            "offer_id": offer.id,
            "payload": one.packed(),
            "fingerprint": one.fingerprint,
            "words": list(one.draft.words),
            "first_seen_at": now,
            "changed_at": now,
        }
        for one, offer in pairs
    ]
    if rows:
        db.session.execute(insert(SourceRecord), rows)
