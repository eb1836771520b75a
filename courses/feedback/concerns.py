"""Something wrong with an offer, or with a review: told by anybody, settled by stewards.

A file of its own beside operations, for it is another matter than saying how it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from academy.errors import Missing
from academy.notices.operations import notify
from academy.text import clean_line, excerpt
from courses.catalogue.models import Offer
from courses.catalogue.queries import whole
from courses.feedback.models import Concern, ConcernKind, Review
from courses.feedback.operations import hold_for_a_look

LONGEST_TEXT = 2_000
TELLERS_TO_HOLD = 3
"""People with an account who find something wrong with a review: then it waits for a look."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What somebody tells: what is wrong, in words of which language."""

    kind: ConcernKind
    text: str
    language: str


def tell_concern(
    offer: Offer, told: Telling, *, by: Person | None, about: Review | None = None, now: datetime
) -> Concern:
    """Tell the stewards that something is wrong. The same, told twice by a person, is told once."""
    lines = "\n".join(clean_line(line, limit=LONGEST_TEXT) for line in told.text.splitlines())
    concern = _open_concern_of(by, offer, told.kind, about) if by else None
    if concern is None:
        concern = Concern(
            offer_id=offer.id,
            review_id=about.id if about else None,
            person_id=by.id if by else None,
            kind=told.kind,
            told_at=now,
        )
        db.session.add(concern)
    concern.text, concern.language = excerpt(lines, LONGEST_TEXT), told.language
    db.session.flush()
    if about is not None and _tellers(about) >= TELLERS_TO_HOLD:
        hold_for_a_look(about, offer)
    return concern


def settle(concern: Concern, *, answer: str, by: Person, now: datetime) -> None:
    """Settle a concern; who told of it hears what was done. Settling twice is settling once."""
    if concern.settled_at is not None:
        return
    concern.settled_at, concern.settled_by_id, concern.answer = now, by.id, answer
    audit.note("concern-settled", f"offer:{concern.offer.slug}", by=by, now=now, reason=answer)
    teller = db.session.get(Person, concern.person_id) if concern.person_id else None
    if teller is not None:
        reference = concern.reference
        notify("concern-settled", teller, about=reference, now=now, concern=reference)
    db.session.flush()


def concern_by_reference(reference: str, *, kept: ColumnElement[bool]) -> Concern:
    """Find a concern about an offer of these institutions.

    Raises Missing when there is none.
    """
    found = _listed(kept).where(Concern.reference == reference)
    concern: Concern | None = db.session.scalars(found).unique().one_or_none()
    if concern is None:
        raise Missing
    return concern


def concern_told_of(reference: str) -> Concern | None:
    """Find the concern a notice speaks of, with its offer whole."""
    offer = joinedload(Concern.offer).options(*whole())
    found = select(Concern).options(offer).where(Concern.reference == reference)
    return db.session.scalars(found).unique().one_or_none()


def open_concerns(kept: ColumnElement[bool], *, limit: int, offset: int) -> list[Concern]:
    """List the concerns that wait about offers of these institutions, oldest first."""
    waiting = _listed(kept).where(Concern.settled_at.is_(None))
    page = waiting.order_by(Concern.told_at, Concern.id).limit(limit).offset(offset)
    return list(db.session.scalars(page).unique())


def open_concern_count(kept: ColumnElement[bool]) -> int:
    """Count the concerns that wait about offers of these institutions."""
    counted = select(func.count(Concern.id)).join(Concern.offer).join(Offer.institution)
    return db.session.scalar(counted.where(kept, Concern.settled_at.is_(None))) or 0


def _tellers(review: Review) -> int:
    """Count the people with an account whose concerns about a review wait."""
    people = select(func.count(func.distinct(Concern.person_id)))
    about = Concern.review_id == review.id, Concern.settled_at.is_(None)
    return db.session.scalar(people.where(*about)) or 0


def _listed(kept: ColumnElement[bool]) -> Select[Any]:
    shown = (joinedload(Concern.offer).options(*whole()), joinedload(Concern.review))
    listed = select(Concern).join(Concern.offer).join(Offer.institution)
    return listed.options(*shown).where(kept)


def _open_concern_of(
    person: Person, offer: Offer, kind: ConcernKind, about: Review | None
) -> Concern | None:
    about_it = Concern.review_id == about.id if about else Concern.review_id.is_(None)
    return db.session.scalar(
        select(Concern).where(
            Concern.person_id == person.id,
            Concern.offer_id == offer.id,
            Concern.kind == kind,
            Concern.settled_at.is_(None),
            about_it,
        )
    )
