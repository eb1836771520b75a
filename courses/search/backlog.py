"""What the index has yet to learn: rows written with the change itself, drained by the worker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from time import monotonic

from flask import Flask
from sqlalchemy import delete, event, func, insert, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from academy.db import Base, Key, db, unit_of_work, utcnow
from academy.health import Finding, seconds
from academy.institutions.models import Institution
from courses.catalogue.models import Offer, OfferLanguage, OfferTerm, OfferText
from courses.catalogue.queries import offers_by_id, visible
from courses.catalogue.rules import is_visible
from courses.catalogue.runs import Run
from courses.search import index
from courses.search.documents import Document, document
from courses.search.find import index_folder
from courses.vocabularies.models import Term
from courses.vocabularies.queries import vocabularies

log = logging.getLogger(__name__)
PAUSE = 0.05
BATCH = 500
REBUILD_BEYOND = 5_000
LATE = timedelta(minutes=5)
MEND_AGAIN_AFTER = 60.0
Progress = Callable[[int, int], None]


class StaleOffer(Base):
    """An offer that the index must look at again; no foreign key, for it may be gone."""

    __tablename__ = "stale_offers"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[Key]
    offer_id: Mapped[int]
    marked_at: Mapped[datetime | None] = mapped_column(default=utcnow)


def mark_stale(offer_ids: Iterable[int]) -> None:
    """Say that these offers changed; for Core statements, which the session does not see."""
    rows = [{"offer_id": offer_id} for offer_id in offer_ids]
    if rows:
        db.session.execute(insert(StaleOffer), rows)


def _touched(session: Session) -> set[int]:
    found: set[int] = set()
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Offer):
            found.add(row.id)
        elif isinstance(row, OfferText | OfferLanguage | Run):
            found.add(row.offer_id)
        elif isinstance(row, Institution) and row in session.dirty:
            found.update(session.scalars(select(Offer.id).where(Offer.institution_id == row.id)))
        elif isinstance(row, Term) and inspect(row).attrs.broader_id.history.has_changes():
            described = select(OfferTerm.offer_id).where(OfferTerm.term_id == row.id)
            found.update(session.scalars(described))
    return found - {None}


def _note_changes(session: Session, _context: object) -> None:
    rows = [{"offer_id": offer_id} for offer_id in sorted(_touched(session))]
    if rows:
        session.execute(insert(StaleOffer), rows)


def watch_changes() -> None:
    """Write a row for every offer that changes, in the transaction that changes it."""
    if not event.contains(Session, "after_flush", _note_changes):
        event.listen(Session, "after_flush", _note_changes)


def oldest() -> datetime | None:
    """Tell since when the index has had something to look at; None when it has nothing to do."""
    return db.session.scalar(select(func.min(StaleOffer.marked_at)))


def waiting() -> int:
    """Count the rows the index has yet to look at."""
    return db.session.scalar(select(func.count()).select_from(StaleOffer)) or 0


def look(now: datetime) -> Finding:
    """Tell how far the index is behind the database."""
    since = oldest()
    lag = None if since is None else now - since
    details = {"waiting": waiting(), "lag_seconds": seconds(lag)}
    return Finding("index", lag is None or lag < LATE, details=details)


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


def rebuild(folder: Path, *, now: datetime, progress: Progress = _in_silence) -> int:
    """Build the whole index beside the one in use and switch; returns how many documents it has.

    `progress` is told how many are done, of how many.
    """
    with _alone(folder):
        return _rebuild(folder, now, progress)


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
    rows = db.session.execute(
        select(StaleOffer.id, StaleOffer.offer_id).order_by(StaleOffer.id).limit(BATCH)
    ).all()
    offer_ids = {row.offer_id for row in rows}
    found, vocabulary = offers_by_id(offer_ids), vocabularies()
    fresh = [document(offer, vocabulary, now=now) for offer in found.values() if is_visible(offer)]
    index.apply(folder, offer_ids, fresh)
    _settle([row.id for row in rows])
    return len(rows)


def _needs_rebuild(folder: Path) -> bool:
    if not index.is_ours(folder) or not index.is_whole(folder):
        return True
    offers = db.session.scalar(select(func.count()).select_from(Offer).where(visible()))
    return not waiting() and index.document_count(folder) != offers


def _rebuild(folder: Path, now: datetime, progress: Progress = _in_silence) -> int:
    # The rows of now, and no others: one with a lower key may be committed while we build.
    settled = list(db.session.scalars(select(StaleOffer.id)))
    numbers = list(db.session.scalars(select(Offer.id).where(visible()).order_by(Offer.id)))
    db.session.rollback()
    index.rebuild(folder, _documents(numbers, now, progress))
    _settle(settled)
    return len(numbers)


def _settle(rows: Sequence[int]) -> None:
    for start in range(0, len(rows), BATCH):
        with unit_of_work():
            settled = StaleOffer.id.in_(rows[start : start + BATCH])
            db.session.execute(delete(StaleOffer).where(settled))


def _documents(numbers: list[int], now: datetime, progress: Progress) -> Iterator[Document]:
    vocabulary = vocabularies()
    for start in range(0, len(numbers), BATCH):
        offers = offers_by_id(numbers[start : start + BATCH])
        for offer in offers.values():
            yield document(offer, vocabulary, now=now)
        for row in offers.values():
            db.session.expunge(row)
        progress(min(start + BATCH, len(numbers)), len(numbers))
    db.session.rollback()


def keep_draining(app: Flask) -> Callable[[Event], None]:
    """Make the loop that keeps the index whole and up to date until it is told to stop."""

    def loop(stop: Event) -> None:
        folder, pause, mended_at = index_folder(app), PAUSE, -MEND_AGAIN_AFTER
        while not stop.wait(pause):
            with app.app_context():
                try:
                    if monotonic() - mended_at >= MEND_AGAIN_AFTER:
                        mend(folder, now=utcnow())
                        mended_at = monotonic()
                    settled = drain(folder, now=utcnow())
                    pause = 0.0 if settled >= BATCH else PAUSE
                except Exception:
                    # The rows stay: what failed is done again, less and less often.
                    log.exception("the index could not be brought up to date")
                    pause, mended_at = min(max(pause, PAUSE) * 2, 30.0), -MEND_AGAIN_AFTER

    return loop
