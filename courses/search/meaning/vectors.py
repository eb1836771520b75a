"""Vectors as they are kept: one for a content and a model, and which content an offer has.

A vector is stored as bytes from -127 to 127 behind their scale. How long it is says how far it is
trusted: 1 where the encoder has learned the language of the text, less elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import LargeBinary, String, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from academy.db import Base, Key, db
from courses.search.backlog import StaleOffer
from courses.search.meaning.encoders import Vectors

AT_ONCE = 5_000
_SCALE = np.dtype("<f4")
Rows = NDArray[np.uint8]
"""Vectors as they are kept, one a row."""


class OfferVector(Base):
    """What a text means to a model."""

    __tablename__ = "offer_vectors"

    content_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    model: Mapped[str] = mapped_column(String(80), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class OfferMeaning(Base):
    """Which content an offer has; no foreign key, for it follows a moment later.

    Keys only grow, and a row never changes: what is new has a higher key.
    """

    __tablename__ = "offer_meanings"
    __table_args__ = (UniqueConstraint("offer_id", "model"), {"sqlite_autoincrement": True})

    id: Mapped[Key]
    offer_id: Mapped[int]
    model: Mapped[str] = mapped_column(String(80))
    content_hash: Mapped[str] = mapped_column(String(64), index=True)


def packed(vector: Vectors) -> bytes:
    """Write a vector in bytes."""
    scale = max(float(np.abs(vector).max(initial=0)), 1e-9) / 127
    whole = np.round(vector / scale).astype(np.int8)
    return np.array(scale, _SCALE).tobytes() + whole.tobytes()


def unpacked(rows: Rows) -> Vectors:
    """Read vectors of one model from their bytes."""
    scales = rows[:, : _SCALE.itemsize].copy().view(_SCALE)
    return rows[:, _SCALE.itemsize :].view(np.int8).astype(np.float32) * scales


def as_rows(vectors: Sequence[bytes]) -> Rows:
    """Lay the bytes of vectors of one model under each other."""
    return np.frombuffer(b"".join(vectors), np.uint8).reshape(len(vectors), -1)


def newest(model: str) -> int:
    """Tell the highest key there is; 0 while there is nothing."""
    return db.session.scalar(select(func.max(OfferMeaning.id)).filter_by(model=model)) or 0


def vectors_since(model: str, seen: int) -> Iterator[tuple[NDArray[np.int64], Rows]]:
    """Give the offers whose key is above one, with their vectors, some at a time."""
    rows = (
        select(OfferMeaning.id, OfferMeaning.offer_id, OfferVector.vector)
        .join(OfferVector, OfferVector.content_hash == OfferMeaning.content_hash)
        .where(OfferMeaning.model == model, OfferVector.model == model)
        .order_by(OfferMeaning.id)
        .limit(AT_ONCE)
    )
    while some := db.session.execute(rows.where(OfferMeaning.id > seen)).all():
        seen = some[-1].id
        numbers = np.array([row.offer_id for row in some], np.int64)
        yield numbers, as_rows([row.vector for row in some])


def forget_changed(settled: Sequence[int]) -> None:
    """Forget which content the offers of these stale rows had: they may say something else now.

    The vectors stay: when an offer says the same as before, its vector is there already.
    """
    changed = select(StaleOffer.offer_id).where(StaleOffer.id.in_(settled))
    db.session.execute(delete(OfferMeaning).where(OfferMeaning.offer_id.in_(changed)))
