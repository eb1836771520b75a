"""What the worker does for meaning: vectors for the offers that have none, a few at a time."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Event

import numpy as np
from flask import Flask
from sqlalchemy import ColumnElement, and_, delete, func, insert, select
from sqlalchemy.orm import selectinload

from academy.db import db, unit_of_work
from academy.i18n import base_language
from academy.text import plain_text
from courses.catalogue.models import Offer
from courses.catalogue.queries import listed
from courses.catalogue.texts import OfferText
from courses.search.meaning.encoders import Encoder, Vectors
from courses.search.meaning.vectors import OfferMeaning, OfferVector, packed

log = logging.getLogger(__name__)
OPENING = 400
"""How many characters of a text below the title are read."""

TRUST_ELSEWHERE = 0.8
"""How long a vector is in a language that the encoder has not learned."""

BATCH = 32
PAUSE, IDLE = 0.05, 10.0
"""Seconds between two batches, and between two looks when there was nothing to do."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is encoded of an offer."""

    title: str
    opening: str
    trust: float

    @property
    def digest(self) -> str:
        """Name the content: the same text of two offers is encoded once."""
        told = f"{self.title}\0{self.opening}\0{self.trust}"
        return hashlib.sha256(told.encode()).hexdigest()


def lacking(model: str) -> int:
    """Count the visible offers that have no vector."""
    rows = select(func.count()).select_from(Offer).outerjoin(OfferMeaning, _meant(model))
    return db.session.scalar(rows.where(_lacks())) or 0


def encode_some(encoder: Encoder, *, limit: int = BATCH) -> int:
    """Give vectors to some offers that have none; tells how many were looked at.

    Encoding takes long and happens outside of every transaction: what has changed meanwhile is
    left for the next time.
    """
    rows = select(Offer.id).outerjoin(OfferMeaning, _meant(encoder.model)).where(_lacks())
    numbers = list(db.session.scalars(rows.order_by(Offer.id.desc()).limit(limit)))
    contents = _contents(numbers, encoder)
    wanted = {content.digest: content for content in contents.values()}
    missing = [wanted[digest] for digest in wanted.keys() - _known(wanted, encoder.model)]
    db.session.rollback()
    vectors = dict(zip((one.digest for one in missing), _encoded(encoder, missing), strict=True))
    if contents:
        with unit_of_work():
            still = _contents(numbers, encoder)
            told = {number: one for number, one in contents.items() if still.get(number) == one}
            _keep(told, vectors, encoder.model)
    return len(numbers)


def forget_old_vectors(model: str) -> int:
    """Forget what no visible offer says any more, and what other models said; tells how many."""
    seen = select(Offer.id).where(listed())
    gone = OfferMeaning.offer_id.not_in(seen) | (OfferMeaning.model != model)
    db.session.execute(delete(OfferMeaning).where(gone))
    used = select(OfferMeaning.content_hash).where(OfferMeaning.model == OfferVector.model)
    forgotten = delete(OfferVector).where(OfferVector.content_hash.not_in(used))
    return int(db.session.execute(forgotten).rowcount)  # type: ignore[attr-defined]


def keep_encoding(app: Flask, fresh: Callable[[], Encoder | None]) -> Callable[[Event], None]:
    """Make the loop that gives every offer its vector until it is told to stop.

    With nothing to do, the encoder is let go: its memory is worth more than a second.
    """

    def loop(stop: Event) -> None:
        encoder, pause = fresh() if app.extensions["meaning"] else None, PAUSE
        while encoder is not None and not stop.wait(pause):
            with app.app_context():
                try:
                    pause = PAUSE if encode_some(encoder) else IDLE
                except Exception:
                    log.exception("offers could not be encoded")
                    pause = IDLE
            if pause == IDLE:
                encoder = fresh()
        # A loop ends only when all do.
        stop.wait()

    return loop


def _meant(model: str) -> ColumnElement[bool]:
    return and_(OfferMeaning.offer_id == Offer.id, OfferMeaning.model == model)


def _lacks() -> ColumnElement[bool]:
    return and_(listed(), OfferMeaning.id.is_(None))


def _known(digests: Iterable[str], model: str) -> set[str]:
    some = OfferVector.content_hash.in_(list(digests))
    rows = select(OfferVector.content_hash).where(some, OfferVector.model == model)
    return set(db.session.scalars(rows))


def _contents(numbers: Sequence[int], encoder: Encoder) -> dict[int, Content]:
    """Read what is encoded of offers, in the language of theirs that the encoder knows best."""
    rows = select(Offer).options(selectinload(Offer.texts)).where(Offer.id.in_(numbers), listed())
    fresh = rows.execution_options(populate_existing=True)
    return {offer.id: _content(offer, encoder) for offer in db.session.scalars(fresh)}


def _content(offer: Offer, encoder: Encoder) -> Content:
    def wanted(text: OfferText) -> tuple[bool, bool]:
        learned = base_language(text.language) in encoder.languages
        return learned, text.language == offer.language

    text = max(offer.texts, key=wanted, default=None)
    if text is None:
        return Content("", "", TRUST_ELSEWHERE)
    below = plain_text(text.description)
    if not below.startswith(text.summary[:60].rstrip("…")):
        below = f"{text.summary} {below}"
    trust = 1.0 if wanted(text)[0] else TRUST_ELSEWHERE
    return Content(text.title, f"{text.title}. {below[:OPENING]}", trust)


def _encoded(encoder: Encoder, contents: Sequence[Content]) -> Vectors:
    """Encode titles and openings apart and take their mean: each alone finds less."""
    if not contents:
        return np.empty((0, encoder.dimension), np.float32)
    both = encoder.encode([one.title for one in contents] + [one.opening for one in contents])
    mean = both[: len(contents)] + both[len(contents) :]
    lengths = np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
    trust = np.array([[one.trust] for one in contents], np.float32)
    found: Vectors = (mean / lengths * trust).astype(np.float32)
    return found


def _keep(contents: dict[int, Content], vectors: dict[str, Vectors], model: str) -> None:
    digests = {content.digest for content in contents.values()}
    known = _known(digests, model)
    rows = [
        {"content_hash": digest, "model": model, "vector": packed(vectors[digest])}
        for digest in sorted(digests - known)
        if digest in vectors
    ]
    kept = known | {str(row["content_hash"]) for row in rows}
    meant = [
        {"offer_id": number, "model": model, "content_hash": content.digest}
        for number, content in contents.items()
        if content.digest in kept
    ]
    ours = and_(OfferMeaning.offer_id.in_(list(contents)), OfferMeaning.model == model)
    db.session.execute(delete(OfferMeaning).where(ours))
    if rows:
        db.session.execute(insert(OfferVector), rows)
    if meant:
        db.session.execute(insert(OfferMeaning), meant)
