"""What an institution reads of how its courses and webinars were received: shown reviews only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import Offer
from courses.catalogue.runs import Run
from courses.feedback.models import Review, ReviewState
from courses.feedback.rules import QUESTIONS, REVIEWS_TO_SHOW_SHARES

NEW = timedelta(days=30)
"""How long a review counts as new."""


def reviews_of(institution: Institution, *, limit: int, offset: int = 0) -> Sequence[Review]:
    """List the reviews of the institution's offers that everybody reads, newest first.

    With offers and titles; never with who wrote them.
    """
    offer = joinedload(Review.run).joinedload(Run.offer).options(selectinload(Offer.texts))
    found = select(Review).join(Review.run).join(Run.offer).options(offer)
    newest = found.where(*_shown(institution)).order_by(Review.written_at.desc(), Review.id.desc())
    return db.session.scalars(newest.limit(limit).offset(offset)).all()


def review_count_of(institution: Institution, *, since: datetime | None = None) -> int:
    """Count those reviews; only those written after an instant, if one is given."""
    counted = select(func.count(Review.id)).join(Review.run).join(Run.offer)
    counted = counted.where(*_shown(institution))
    if since is not None:
        counted = counted.where(Review.written_at > since)
    return db.session.scalar(counted) or 0


def shares_of(institution: Institution) -> dict[str, int | None]:
    """Give the share of yes in percent for each question; None while there are too few answers."""
    yes = [func.sum(case((getattr(Review, name), 1), else_=0)) for name in QUESTIONS]
    asked = select(func.count(Review.id), *yes).join(Review.run).join(Run.offer)
    count, *said = db.session.execute(asked.where(*_shown(institution))).one()
    if count < REVIEWS_TO_SHOW_SHARES:
        return dict.fromkeys(QUESTIONS)
    return {name: round(100 * number / count) for name, number in zip(QUESTIONS, said, strict=True)}


def _shown(institution: Institution) -> tuple[ColumnElement[bool], ...]:
    return (Offer.institution_id == institution.id, Review.state == ReviewState.SHOWN)
