"""Offers near to an offer: worked out beforehand, so that a page only has to read them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from threading import Event

from flask import Flask
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from academy.db import Base, db, unit_of_work, utcnow
from courses.catalogue.models import Offer
from courses.catalogue.queries import listed, whole
from courses.search.answering.snapshots import Reader, Snapshot
from courses.search.find import index_folder
from courses.search.guiding.nearness import Nearness
from courses.search.store import index
from courses.search.words import OfferWords

log = logging.getLogger(__name__)
AT_ONCE = 200
BETWEEN, IDLE = 0.2, 5.0
"""Seconds between two batches, so that other work goes first, and between two looks for one."""


class RelatedOffer(Base):
    """An offer near to another; no foreign key, as in the index.

    At position 0 stands the offer itself: as long as it does, what follows is up to date.
    """

    __tablename__ = "related_offers"

    offer_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    related_id: Mapped[int]


def related(offer: Offer) -> list[Offer]:
    """List the offers near to this one that everybody may see, whole, the nearest first."""
    near = (
        select(Offer)
        .options(*whole())
        .join(RelatedOffer, RelatedOffer.related_id == Offer.id)
        .where(RelatedOffer.offer_id == offer.id, RelatedOffer.position > 0, listed())
        .order_by(RelatedOffer.position)
    )
    return list(db.session.scalars(near))


def relate_again(numbers: Collection[int]) -> None:
    """Say that these offers have changed: what was near to them stays until it is found anew."""
    itself = RelatedOffer.position == 0
    db.session.execute(delete(RelatedOffer).where(RelatedOffer.offer_id.in_(numbers), itself))


def forget_hidden() -> None:
    """Forget what is near to offers that nobody can see."""
    shown = select(Offer.id).where(listed())
    db.session.execute(delete(RelatedOffer).where(RelatedOffer.offer_id.not_in(shown)))


def relate(snapshot: Snapshot, *, now: datetime, limit: int = AT_ONCE) -> int:
    """Find what is near to offers that changed, so many at most; tells to how many."""
    itself = select(RelatedOffer.offer_id).where(RelatedOffer.position == 0)
    waiting = select(Offer.id).where(listed(), Offer.id.not_in(itself)).limit(limit)
    numbers = list(db.session.scalars(waiting))
    rows = select(OfferWords.offer_id, OfferWords.tokens).where(OfferWords.offer_id.in_(numbers))
    tokens = {number: told.split() for number, told in db.session.execute(rows)}
    # Reading has ended before the work begins: it takes a while.
    db.session.rollback()
    if tokens:
        nearness = Nearness(snapshot, minute=int(now.timestamp() // 60))
        near = {number: nearness.to(number, has) for number, has in tokens.items()}
        _write(near)
    return len(tokens)


def _write(near: Mapping[int, Sequence[int]]) -> None:
    rows = [
        {"offer_id": number, "position": position, "related_id": other}
        for number, others in near.items()
        for position, other in enumerate((number, *others))
    ]
    with unit_of_work():
        db.session.execute(delete(RelatedOffer).where(RelatedOffer.offer_id.in_(near)))
        db.session.execute(insert(RelatedOffer), rows)


def keep_relating(app: Flask) -> Callable[[Event], None]:
    """Make the loop that finds what is near to each offer that changed, until told to stop."""
    folder = index_folder(app)
    reader = Reader(folder)

    def loop(stop: Event) -> None:
        pause = IDLE
        while not stop.wait(pause):
            # A new academy has no index yet.
            if index.current(folder) is None:
                continue
            try:
                with app.app_context():
                    done = relate(reader.snapshot(), now=utcnow())
                pause = BETWEEN if done else IDLE
            except Exception:
                # Nobody waits for it: it is tried again.
                log.exception("related offers could not be found")
                pause = IDLE

    return loop
