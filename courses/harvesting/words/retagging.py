"""Describing stored records anew when a mapping changed, without asking their source again.

What is killed in the middle goes on where it was: a record whose terms are right is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.catalogue.queries import whole
from courses.editing.models import VersionSource
from courses.editing.versions import Change, record_versions, snapshot
from courses.harvesting import queries
from courses.harvesting.draft import HALF, terms_print
from courses.harvesting.models import SourceRecord, WordMapping
from courses.harvesting.words.mapping import count_words, words_said
from courses.harvesting.words.table import folded_word
from courses.harvesting.writing.contents import speaks_of
from courses.harvesting.writing.describing import described, with_confirmed
from courses.harvesting.writing.locks import UNLOCKED, Locked, locks_of, terms_left_alone
from courses.search.guiding.topics import confirmed_by_people
from courses.sources.models import Source
from courses.vocabularies.models import Term

BATCH = 100
"""Records a transaction."""

AT_ONCE = 300
"""Records that are described anew while somebody waits; the worker does the others."""

READ_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Retagged:
    """How many offers a word changed, and whether that was all of it."""

    changed: int
    done: bool


def retag(source_id: int, word: str, *, now: datetime, limit: int = AT_ONCE) -> Retagged:
    """Describe anew the stored records of a source that use a word, `limit` of them at most."""
    return retag_words(source_id, [word], now=now, limit=limit)


def retag_words(
    source_id: int, words: Collection[str], *, now: datetime, limit: int = AT_ONCE
) -> Retagged:
    """Describe anew the stored records of a source that use one of these words.

    Opens transactions of its own, some records each; nothing else of the source is loaded.
    """
    folded = {folded_word(word) for word in words}
    asked = _asked_at(source_id, folded)
    db.session.rollback()
    touched = _touched(source_id, folded)
    changed, taken = 0, touched[:limit]
    for start in range(0, len(taken), BATCH):
        with unit_of_work():
            changed += _retag(source_id, taken[start : start + BATCH], now)
    done = len(taken) == len(touched)
    count_words(source_id)
    if done and asked is not None:
        with unit_of_work():
            _settle(source_id, folded, asked)
    return Retagged(changed, done)


def retag_waiting(*, now: datetime, limit: int = 50 * BATCH) -> int:
    """Describe anew what waits for it, whoever asked; tells how many offers that changed.

    For the worker: each call goes on where the last one stopped.
    """
    waiting: dict[int, set[str]] = defaultdict(set)
    for source_id, word in _waiting():
        waiting[source_id].add(word)
    return sum(
        retag_words(source_id, words, now=now, limit=limit).changed
        for source_id, words in waiting.items()
    )


def is_waiting(source: Source) -> bool:
    """Tell whether records of the source are still to be described anew."""
    return any(source_id == source.id for source_id, _word in _waiting())


def _waiting() -> list[tuple[int, str]]:
    late = or_(WordMapping.retagged_at.is_(None), WordMapping.retagged_at < WordMapping.changed_at)
    rows = select(WordMapping.source_id, WordMapping.word).where(
        WordMapping.changed_at.is_not(None), late
    )
    found = db.session.execute(rows.order_by(WordMapping.changed_at)).all()
    db.session.rollback()
    return [(source_id, word) for source_id, word in found]


def _asked_at(source_id: int, words: set[str]) -> datetime | None:
    changed = select(WordMapping.changed_at).where(_these(source_id, words))
    return max(filter(None, db.session.scalars(changed)), default=None)


def _these(source_id: int, words: set[str]) -> ColumnElement[bool]:
    return and_(WordMapping.source_id == source_id, WordMapping.word.in_(words))


def _settle(source_id: int, words: set[str], asked: datetime) -> None:
    """Note that records follow these words; what was said meanwhile is still to be done."""
    settled = and_(_these(source_id, words), WordMapping.changed_at <= asked)
    db.session.execute(delete(WordMapping).where(settled, WordMapping.withdrawn))
    mine = update(WordMapping).where(settled)
    db.session.execute(mine.values(retagged_at=asked))


def _touched(source_id: int, words: set[str]) -> list[int]:
    """List the records that use one of these words and are not described as it says."""
    source = db.session.get_one(Source, source_id)
    table, found, last = queries.word_table(source), list[int](), 0
    columns = SourceRecord.id, SourceRecord.words, SourceRecord.codes, SourceRecord.fingerprint
    while True:
        rows = db.session.execute(
            select(*columns)
            .where(SourceRecord.source_id == source_id, SourceRecord.id > last)
            .order_by(SourceRecord.id)
            .limit(READ_AT_ONCE)
        ).all()
        for key, said, codes, fingerprint in rows:
            if words & words_said(said, codes) and fingerprint:
                meant = terms_print(table.terms(said, codes))
                if fingerprint[HALF:] != meant:
                    found.append(key)
        if len(rows) < READ_AT_ONCE:
            db.session.rollback()
            return found
        last = rows[-1][0]


def _retag(source_id: int, record_ids: Sequence[int], now: datetime) -> int:
    """Describe the offers of some records anew; tells how many of them that changed."""
    table = queries.word_table(db.session.get_one(Source, source_id))
    rows = db.session.execute(
        select(SourceRecord, Offer)
        .join(Offer, Offer.id == SourceRecord.offer_id)
        .options(*whole())
        .where(SourceRecord.id.in_(record_ids))
    ).all()
    offers = [offer for _record, offer in rows]
    confirmed = confirmed_by_people([offer.id for offer in offers])
    locks = locks_of(offers, confirmed)
    changes = []
    for record, offer in rows:
        meant = table.terms(record.words, record.codes)
        said = with_confirmed(_described(record, meant, offer.terms), offer, confirmed)
        changes.append(_describe(offer, said, locks.get(offer.id, UNLOCKED), now))
        record.fingerprint = record.fingerprint[:HALF] + terms_print(meant)
    record_versions(changes, source=VersionSource.HARVEST, now=now)
    return sum(change.before != change.after for change in changes)


def _described(record: SourceRecord, meant: Sequence[Term], before: Sequence[Term]) -> list[Term]:
    words, codes = record.words, record.codes
    return described(meant, lambda of: speaks_of(words, codes, of), before)


def _describe(offer: Offer, said: Sequence[Term], locked: Locked, now: datetime) -> Change:
    before = snapshot(offer)
    terms = terms_left_alone(offer, said, locked, now=now)
    if {term.id for term in terms} != {term.id for term in offer.terms}:
        offer.terms, offer.changed_at = terms, now
    return Change(offer, before, snapshot(offer))
