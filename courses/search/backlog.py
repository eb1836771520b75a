"""What the index has yet to learn: rows written with the change itself, drained by the worker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from threading import Event

from flask import Flask
from sqlalchemy import delete, event, func, insert, select
from sqlalchemy.orm import Mapped, Session

from academy.db import Base, Key, db, unit_of_work, utcnow
from academy.institutions.models import Institution
from courses.catalogue.models import Offer, OfferLanguage, OfferText
from courses.catalogue.queries import offers_by_id, visible
from courses.catalogue.rules import is_visible
from courses.catalogue.runs import Run
from courses.search import index
from courses.search.documents import Document, document
from courses.search.find import index_folder
from courses.vocabularies.queries import vocabularies

log = logging.getLogger(__name__)
PAUSE = 0.05
BATCH = 500
REBUILD_BEYOND = 5_000


class StaleOffer(Base):
    """An offer that the index must look at again; no foreign key, for it may be gone."""

    __tablename__ = "stale_offers"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[Key]
    offer_id: Mapped[int]


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
    return found - {None}


def _note_changes(session: Session, _context: object) -> None:
    rows = [{"offer_id": offer_id} for offer_id in sorted(_touched(session))]
    if rows:
        session.execute(insert(StaleOffer), rows)


def watch_changes() -> None:
    """Write a row for every offer that changes, in the transaction that changes it."""
    if not event.contains(Session, "after_flush", _note_changes):
        event.listen(Session, "after_flush", _note_changes)


def waiting() -> int:
    """Count the rows the index has yet to look at."""
    return db.session.scalar(select(func.count()).select_from(StaleOffer)) or 0


def drain(folder: Path, *, now: datetime) -> int:
    """Bring the index up to date with a batch of rows; returns how many rows were settled.

    Settling twice is settling once: documents are always made from the rows as they are now.
    """
    # A look without the lock first: most of the time there is nothing to do.
    if db.session.scalar(select(StaleOffer.id).limit(1)) is None:
        db.session.rollback()
        return 0
    with index.writing(folder):
        return _drain(folder, now)


def _drain(folder: Path, now: datetime) -> int:
    if not index.is_up_to_date(folder) or waiting() > REBUILD_BEYOND:
        _rebuild(folder, now, lambda _done, _total: None)
        return REBUILD_BEYOND
    rows = db.session.execute(
        select(StaleOffer.id, StaleOffer.offer_id).order_by(StaleOffer.id).limit(BATCH)
    ).all()
    offer_ids = {row.offer_id for row in rows}
    found, vocabulary = offers_by_id(offer_ids), vocabularies()
    fresh = [document(offer, vocabulary, now=now) for offer in found.values() if is_visible(offer)]
    index.apply(folder, offer_ids, fresh)
    settled = [row.id for row in rows]
    with unit_of_work():
        db.session.execute(delete(StaleOffer).where(StaleOffer.id.in_(settled)))
    return len(rows)


def rebuild(folder: Path, *, now: datetime, progress: Callable[[int, int], None]) -> int:
    """Build the whole index beside the one in use and switch; returns how many documents it has.

    `progress` is told how many are done, of how many.
    """
    with index.writing(folder):
        return _rebuild(folder, now, progress)


def _rebuild(folder: Path, now: datetime, progress: Callable[[int, int], None]) -> int:
    newest = db.session.scalar(select(func.max(StaleOffer.id))) or 0
    numbers = list(db.session.scalars(select(Offer.id).where(visible()).order_by(Offer.id)))
    db.session.rollback()
    index.rebuild(folder, _documents(numbers, now, progress))
    with unit_of_work():
        db.session.execute(delete(StaleOffer).where(StaleOffer.id <= newest))
    return len(numbers)


def _documents(
    numbers: list[int], now: datetime, progress: Callable[[int, int], None]
) -> Iterator[Document]:
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
    """Make the loop that keeps the index up to date until it is told to stop."""

    def loop(stop: Event) -> None:
        pause = PAUSE
        while not stop.wait(pause):
            with app.app_context():
                try:
                    settled = drain(index_folder(app), now=utcnow())
                    pause = 0.0 if settled >= BATCH else PAUSE
                except Exception:
                    # The rows stay: what failed is done again, less and less often.
                    log.exception("the index could not be brought up to date")
                    pause = min(max(pause, PAUSE) * 2, 30.0)

    return loop
