"""What can be done in harvesting: begin one, write what changed, account for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import insert, update

from academy.db import db
from academy.errors import Missing
from academy.institutions.models import Institution
from academy.text import clean_line
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Offer, State
from courses.catalogue.texts import LanguageOrigin
from courses.editing.models import VersionSource
from courses.editing.versions import NOTHING, Change, record_versions, snapshot
from courses.harvesting import queries
from courses.harvesting.draft import Finding, Notes, Weight
from courses.harvesting.harvests.queue import LEASE
from courses.harvesting.models import (
    Harvest,
    HarvestState,
    RecordedFinding,
    SourceRecord,
)
from courses.harvesting.words.table import WordTable
from courses.harvesting.writing.contents import Prepared
from courses.harvesting.writing.dates import called_off, follow_dates
from courses.harvesting.writing.describing import described, terms_at_hand, with_confirmed
from courses.harvesting.writing.locks import UNLOCKED, left_alone, locks_of
from courses.search.guiding.topics import confirmed_by_people
from courses.sources.models import Source, SourceState
from courses.sources.rules import ReadOtherwise, check_is_approved
from courses.vocabularies.models import Term


@dataclass
class Written:
    """What became of a batch of records that seemed changed."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    held: int = 0
    locked: int = 0
    """Records of which a field was not written, because people edited it."""

    findings: list[Finding] = field(default_factory=list)


def ensure_source(
    institution: Institution, name: str, *, adapter: str, zone: str, now: datetime
) -> Source:
    """Find or make an institution's source; its zone is that of moments that name none.

    Refuses with NotApproved and with ReadOtherwise for one that stewards know otherwise.
    """
    source = queries.source_of(institution, name)
    if source is None:
        source = Source(institution_id=institution.id, name=name, added_at=now, changed_at=now)
        source.state = SourceState.APPROVED
        db.session.add(source)
    check_is_approved(source)
    if source.address and (source.adapter, source.zone) != (adapter, zone):
        raise ReadOtherwise
    source.adapter, source.zone = adapter, zone
    db.session.flush()
    return source


def begin_harvest(source: Source, *, now: datetime) -> Harvest:
    """Note that a reading of what was sent, or of a file, has begun."""
    harvest = Harvest(source_id=source.id, state=HarvestState.RUNNING, asked_at=now, started_at=now)
    harvest.leased_until = now + LEASE
    db.session.add(harvest)
    db.session.flush()
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


def write_records(source_id: int, changed: Sequence[Prepared], *, now: datetime) -> Written:
    """Write a batch of new and changed records into the catalogue."""
    known = queries.records_with_offers(source_id, [one.external_id for one in changed])
    terms = terms_at_hand(term for one in changed for term in one.terms)
    revising = _Revising([offer for _record, offer in known.values()], terms, now)
    written = Written()
    revised: list[Change] = []
    for one in changed:
        record, offer = known.get(one.external_id, (None, None))
        if record and offer and record.fingerprint != one.fingerprint:
            revised.append(revising.revise(one, offer, written))
            record.payload, record.fingerprint = one.packed(), one.fingerprint
            record.words, record.codes = one.words_kept()
            record.changed_at = now
            written.updated += 1
        elif record:
            # Another harvest of this source has just written the very same.
            written.unchanged += 1
    record_versions(revised, source=VersionSource.HARVEST, now=now)
    new = [one for one in changed if one.external_id not in known]
    _add(source_id, new, terms, written, now)
    return written


class _Revising:
    """Writes what records say into their offers, but for what people edited or confirmed."""

    def __init__(self, offers: Sequence[Offer], terms: Mapping[int, Term], now: datetime) -> None:
        self.terms, self.now = terms, now
        self.confirmed = confirmed_by_people([offer.id for offer in offers])
        self.locks = locks_of(offers, self.confirmed)
        self.called_off = called_off(offers, now=now)

    def revise(self, one: Prepared, offer: Offer, written: Written) -> Change:
        """Write one record; gives what changed of its offer."""
        locked, before = self.locks.get(offer.id, UNLOCKED), snapshot(offer)
        off = self.called_off.get(offer.id, frozenset())
        edited = replace(locked.runs(offer), called_off=off)
        content = one.revision(offer, now=self.now, edited=edited)
        said = described((self.terms[term.id] for term in one.terms), one.speaks_of, offer.terms)
        said = with_confirmed(said, offer, self.confirmed)
        if locked.parts:
            content, said, differs = left_alone(offer, content, said, locked, now=self.now)
            written.locked += differs
        catalogue.revise(offer, content, now=self.now, terms=said)
        for run in follow_dates(offer, one.draft, edited=edited, now=self.now):
            found = Finding(one.draft.line, "runs", "date-taken-away", found=str(run.starts_at))
            written.findings.append(replace(found, external_id=one.external_id))
        _list(one, offer, written, self.now)
        return Change(offer, before, snapshot(offer) | {"kind": content.kind.value})


def _add(
    source_id: int,
    new: Sequence[Prepared],
    terms: Mapping[int, Term],
    written: Written,
    now: datetime,
) -> None:
    source = db.session.get_one(Source, source_id)
    institution = db.session.get_one(Institution, source.institution_id)
    offers: list[Offer] = []
    addresses = catalogue.free_slugs([clean_line(one.draft.texts[0].title) for one in new])
    for one, address in zip(new, addresses, strict=True):
        offer = catalogue.add_offer(institution, one.content(), address=address, now=now)
        offer.terms = described((terms[term.id] for term in one.terms), one.speaks_of, ())
        _list(one, offer, written, now)
        offers.append(offer)
    db.session.flush()
    # What editors will complete came from somewhere: that is not an edit of theirs.
    drafts = [Change(one, NOTHING, snapshot(one)) for one in offers if one.state is State.DRAFT]
    record_versions(drafts, source=VersionSource.HARVEST, now=now)
    _add_records(source_id, zip(new, offers, strict=True), now)
    written.added += len(new)


def place_records(source_id: int, external_ids: Sequence[str], page_id: int | None) -> None:
    """Note from which page records came, where pages are known one by one."""
    if page_id is None or not external_ids:
        return
    these = SourceRecord.external_id.in_(external_ids)
    elsewhere = SourceRecord.page_id.is_distinct_from(page_id)
    moved = update(SourceRecord).where(SourceRecord.source_id == source_id, these, elsewhere)
    db.session.execute(moved.values(page_id=page_id))


def count_written(harvest_id: int, written: Written) -> None:
    """Keep what was written with it, should the harvest be broken off."""
    harvest = db.session.get_one(Harvest, harvest_id)
    harvest.added += written.added
    harvest.updated += written.updated
    harvest.read += written.added + written.updated
    harvest.locked += written.locked


def record_findings(harvest_id: int, findings: Iterable[Finding]) -> None:
    """Keep what was wrong, record by record; what was found is made safe to show anywhere."""
    rows = [
        {
            "harvest_id": harvest_id,
            "line": finding.line,
            "external_id": clean_line(finding.external_id),
            "field": finding.field[:40],
            "code": finding.code,
            "weight": finding.weight,
            "found": clean_line(finding.found),
        }
        for finding in findings
    ]
    if rows:
        db.session.execute(insert(RecordedFinding), rows)


def _list(one: Prepared, offer: Offer, written: Written, now: datetime) -> None:
    """List the offer if it can be, and say of it what its reader should know."""
    notes = Notes(one.draft.line)
    for lacking in catalogue.list_harvested(offer, now=now):
        notes.add(lacking, f"no-{lacking}", weight=Weight.HELD)
    guessed = [one for one in offer.languages if one.origin is LanguageOrigin.GUESSED]
    if guessed:
        notes.add("language", "guessed-language", guessed[0].code)
    written.held += offer.state is State.DRAFT
    found = (*one.draft.findings, *notes.found)
    written.findings += [replace(note, external_id=one.external_id) for note in found]


def _add_records(source_id: int, pairs: Iterable[tuple[Prepared, Offer]], now: datetime) -> None:
    rows = [
        {
            "source_id": source_id,
            "external_id": one.external_id,
            "offer_id": offer.id,
            "payload": one.packed(),
            "fingerprint": one.fingerprint,
            "words": one.words_kept()[0],
            "codes": one.words_kept()[1],
            "first_seen_at": now,
            "changed_at": now,
        }
        for one, offer in pairs
    ]
    if rows:
        db.session.execute(insert(SourceRecord), rows)
