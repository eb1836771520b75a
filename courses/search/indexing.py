"""Keeping the index true: the backlog drained, damage mended, everything built anew."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.catalogue.queries import listed, offers_by_id
from courses.catalogue.rules import is_listed
from courses.search.backlog import StaleOffer, mark_stale, waiting
from courses.search.beside import forget_hidden_offers, write_beside
from courses.search.documents import Document, document
from courses.search.lexicon import Lexicon, lexicon
from courses.search.meaning.vectors import forget_changed
from courses.search.store import index
from courses.search.words import OfferWords
from courses.vocabularies.models import Term
from courses.vocabularies.queries import Vocabularies

log = logging.getLogger(__name__)
BATCH = 500
REBUILD_BEYOND = 5_000
MOST_MOVED = 0.10
"""By what share the number of offers may move before an index is not built anew unasked."""

Progress = Callable[[int, int], None]


class Moved(Exception):
    """The number of offers differs too much from that of the index in use."""

    def __init__(self, before: int, now: int) -> None:
        super().__init__(f"the index has {before} offers, the database {now}")
        self.before, self.now = before, now


def _in_silence(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def drain(folder: Path, *, now: datetime) -> int:
    """Bring the index up to date with a batch of rows; returns how many rows were settled.

    Settling twice is settling once: documents are always made from the rows as they are now.
    Raises what a damaged index raises; `mend` then helps.
    """
    # A look without the lock first: most of the time there is nothing to do.
    if not waiting():
        db.session.rollback()
        return 0
    with _alone(folder):
        rows = waiting()
        if rows <= REBUILD_BEYOND and index.is_ours(folder):
            return _drain(folder, now)
        _rebuild(folder, now)
        return rows


def needs_rebuild(folder: Path) -> bool:
    """Tell whether the index is absent, damaged, made by another analysis, or of another database.

    Reads the whole index.
    """
    with _alone(folder):
        return _needs_rebuild(folder)


def mend(folder: Path, *, now: datetime) -> bool:
    """Build the index anew if need be; tells whether that was so."""
    with _alone(folder):
        needed = _needs_rebuild(folder)
        if needed:
            log.warning("the index is built anew")
            _rebuild(folder, now)
        return needed


def rebuild(
    folder: Path, *, now: datetime, force: bool = True, progress: Progress = _in_silence
) -> int:
    """Build the whole index beside the one in use and switch; returns how many documents it has.

    `progress` is told how many are done, of how many. Without `force` raises Moved when the number
    of offers is more than a tenth off what the index in use has: somebody should look first.
    """
    with _alone(folder):
        if not force:
            _check_moved(folder)
        return _rebuild(folder, now, progress)


def check(folder: Path, *, now: datetime) -> tuple[int, int]:
    """Compare the index with the database and mend what differs.

    Returns how many offers were missing, or differed, and how many were there that should not be.
    """
    if mend(folder, now=now):
        return 0, 0
    with _alone(folder):
        held, wanted = index.held(folder), _visible_numbers()
        gone, wrong = sorted(held.keys() - set(wanted)), _differing(wanted, held, now)
    with unit_of_work():
        mark_stale([*gone, *wrong])
    while drain(folder, now=now):
        pass
    return len(wrong), len(gone)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait to be the one writer, and then see the database as it is, not as it was before."""
    db.session.rollback()
    with index.writing(folder):
        try:
            yield
        finally:
            db.session.rollback()


def _drain(folder: Path, now: datetime) -> int:
    oldest = select(StaleOffer.id, StaleOffer.offer_id).order_by(StaleOffer.id).limit(BATCH)
    rows = db.session.execute(oldest).all()
    offer_ids = {row.offer_id for row in rows}
    shown = [offer for offer in offers_by_id(offer_ids).values() if is_listed(offer)]
    fresh = _made(shown, lexicon(), now)
    index.apply(folder, offer_ids, fresh)
    with unit_of_work():
        write_beside(offer_ids, fresh)
        _settle([row.id for row in rows])
    return len(rows)


def _needs_rebuild(folder: Path) -> bool:
    if not index.is_ours(folder) or not index.is_whole(folder):
        return True
    if waiting():
        return False
    known = db.session.scalars(select(OfferWords.offer_id).order_by(OfferWords.offer_id))
    numbers = _visible_numbers()
    return index.numbers(folder).tolist() != numbers or list(known) != numbers


def _check_moved(folder: Path) -> None:
    if not index.is_ours(folder) or not index.is_whole(folder):
        return
    before, now = len(index.numbers(folder)), len(_visible_numbers())
    if abs(now - before) > MOST_MOVED * max(before, 1):
        raise Moved(before, now)


def _visible_numbers() -> list[int]:
    return list(db.session.scalars(select(Offer.id).where(listed()).order_by(Offer.id)))


def _differing(numbers: list[int], held: Mapping[int, int], now: datetime) -> list[int]:
    """Name the offers of which the index, or the table of words, holds something else, or nothing.

    Each is made anew for that: its words, its facets, and its times.
    """
    found = []
    for documents in _batches(numbers, now):
        some = OfferWords.offer_id.in_([made.number for made in documents])
        rows = select(OfferWords.offer_id, OfferWords.said).where(some)
        said = {number: said for number, said in db.session.execute(rows)}
        anew = index.would_hold(documents)
        for made in documents:
            number = made.number
            if (held.get(number), said.get(number)) != (anew[number], made.said):
                found.append(number)
    return found


def _rebuild(folder: Path, now: datetime, progress: Progress = _in_silence) -> int:
    # The rows of now, and no others: one with a lower key may be committed while we build.
    settled = list(db.session.scalars(select(StaleOffer.id)))
    numbers = _visible_numbers()
    index.rebuild(folder, _documents(numbers, now, progress))
    for start in range(0, len(settled), BATCH):
        with unit_of_work():
            _settle(settled[start : start + BATCH])
    return len(numbers)


def _settle(rows: Sequence[int]) -> None:
    forget_changed(rows)
    db.session.execute(delete(StaleOffer).where(StaleOffer.id.in_(rows)))


def _documents(numbers: list[int], now: datetime, progress: Progress) -> Iterator[Document]:
    """Make the documents of offers, and write down their words on the way."""
    with unit_of_work():
        forget_hidden_offers()
    done = 0
    for documents in _batches(numbers, now):
        with unit_of_work():
            write_beside([made.number for made in documents], documents)
        yield from documents
        done += len(documents)
        progress(done, len(numbers))


def _batches(numbers: list[int], now: datetime) -> Iterator[list[Document]]:
    known = lexicon()
    for start in range(0, len(numbers), BATCH):
        made = _made(offers_by_id(numbers[start : start + BATCH]).values(), known, now)
        # Lets go of what was loaded here, and leaves to others what they hold.
        db.session.rollback()
        if made:
            yield made


def _made(offers: Collection[Offer], known: Lexicon, now: datetime) -> list[Document]:
    """Make the documents of offers.

    Of all terms only those above theirs are loaded: the rest takes longer than the document.
    """
    above = {term.broader_id for offer in offers for term in offer.terms} - {None}
    vocabulary = Vocabularies(tuple(db.session.scalars(select(Term).where(Term.id.in_(above)))))
    return [document(offer, vocabulary, known, now=now) for offer in offers]
