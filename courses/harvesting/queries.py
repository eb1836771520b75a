"""What can be asked about harvesting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import Offer, State
from courses.catalogue.queries import whole
from courses.harvesting.models import Harvest, RecordedFinding, SourceRecord, WordMapping
from courses.harvesting.words.table import WordTable
from courses.sources.models import Source
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import Vocabularies, vocabularies


def source_of(institution: Institution, name: str) -> Source | None:
    """Find an institution's source by its name."""
    return db.session.scalar(
        select(Source).where(Source.institution_id == institution.id, Source.name == name)
    )


def word_table(source: Source, vocabulary: Vocabularies | None = None) -> WordTable:
    """Load the source's own mappings over what every source starts with.

    Who only looks has the vocabularies at hand.
    """
    own: dict[tuple[Vocabulary, str], tuple[Term, ...]] = defaultdict(tuple)
    for row in mappings_of(source):
        own[row.vocabulary, row.word] += (row.term,) if row.term else ()
    return WordTable(vocabulary or vocabularies(), dict(own))


def still_unknown(
    source: Source, words: Mapping[str, int], vocabulary: Vocabularies
) -> dict[str, int]:
    """Leave out of words that were unknown once those that the source's table knows by now.

    A word that does not stand among subjects is written as "audience:word".
    """
    table = word_table(source, vocabulary)
    for said in words:
        among, _colon, word = said.partition(":")
        elsewhere = among in set(Vocabulary)
        table.terms([] if elsewhere else [said], {among: [word]} if elsewhere else {})
    return {said: times for said, times in words.items() if said in table.unmapped}


def mappings_of(source: Source) -> list[WordMapping]:
    """List what the source's own words mean, with their terms."""
    rows = select(WordMapping).options(joinedload(WordMapping.term))
    mine = rows.where(WordMapping.source_id == source.id, ~WordMapping.withdrawn)
    return list(db.session.scalars(mine))


def is_harvested(offer: Offer) -> bool:
    """Tell whether the offer came from a feed, which would bring it again."""
    return bool(db.session.scalar(select(exists().where(SourceRecord.offer_id == offer.id))))


def sources_telling(offer: Offer) -> list[Source]:
    """List the sources that tell of an offer, by name."""
    records = select(SourceRecord.source_id).where(SourceRecord.offer_id == offer.id)
    found = select(Source).where(Source.id.in_(records)).order_by(Source.name, Source.id)
    return list(db.session.scalars(found))


def mapping_of(source: Source, vocabulary: Vocabulary, word: str) -> WordMapping | None:
    """Find what the source's folded word means."""
    return db.session.scalar(
        select(WordMapping).where(
            WordMapping.source_id == source.id,
            WordMapping.vocabulary == vocabulary,
            WordMapping.word == word,
        )
    )


def has_records(source_id: int) -> bool:
    """Tell whether anything came from the source before."""
    return bool(db.session.scalar(select(exists().where(SourceRecord.source_id == source_id))))


@dataclass(frozen=True, slots=True)
class Known:
    """What a record meant when it was last read, and whether its offer is held from the list."""

    fingerprint: str
    held: bool
    page_id: int | None = None


def known_records(source_id: int, external_ids: Iterable[str]) -> dict[str, Known]:
    """Tell what is known of these records; nothing of new ones."""
    rows = db.session.execute(
        select(
            SourceRecord.external_id, SourceRecord.fingerprint, Offer.state, SourceRecord.page_id
        )
        .join(Offer, Offer.id == SourceRecord.offer_id)
        .where(
            SourceRecord.source_id == source_id, SourceRecord.external_id.in_(list(external_ids))
        )
    )
    return {
        external_id: Known(fingerprint, state is State.DRAFT, page_id)
        for external_id, fingerprint, state, page_id in rows
    }


def records_with_offers(
    source_id: int, external_ids: Iterable[str]
) -> dict[str, tuple[SourceRecord, Offer]]:
    """Load records and the offers they became, whole."""
    rows = db.session.execute(
        select(SourceRecord, Offer)
        .join(Offer, Offer.id == SourceRecord.offer_id)
        .options(*whole())
        .where(
            SourceRecord.source_id == source_id, SourceRecord.external_id.in_(list(external_ids))
        )
    )
    return {record.external_id: (record, offer) for record, offer in rows}


def last_harvest(source: Source) -> Harvest | None:
    """Find the latest reading of a source."""
    return db.session.scalar(
        select(Harvest).where(Harvest.source_id == source.id).order_by(Harvest.id.desc()).limit(1)
    )


def findings_of(harvest_id: int, *, limit: int, offset: int = 0) -> list[RecordedFinding]:
    """List what was wrong in a harvest, in the order of the file."""
    return list(
        db.session.scalars(
            select(RecordedFinding)
            .where(RecordedFinding.harvest_id == harvest_id)
            .order_by(RecordedFinding.line, RecordedFinding.id)
            .limit(limit)
            .offset(offset)
        )
    )
