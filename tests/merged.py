"""Offers of several partners that are one, or seem to be: through the operations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.duplicates import operations
from courses.duplicates.finding import find_pairs
from courses.duplicates.models import DuplicatePair, Reason
from courses.duplicates.noting import note_keys
from tests.making import NOW, make_offer


def look(*, now: datetime = NOW) -> int:
    """Compare all offers with each other; tells how many new pairs there are."""
    with unit_of_work():
        numbers = list(db.session.scalars(select(Offer.id).order_by(Offer.id)))
        note_keys(numbers, now=now)
        return find_pairs(numbers, now=now)


def ask_about(one: int, other: int, *, now: datetime = NOW) -> None:
    """Let two offers wait for somebody to decide on them."""
    first, second = sorted((one, other))
    why = {"reason": Reason.TITLE, "score": 100, "found_at": now}
    with unit_of_work():
        db.session.add(DuplicatePair(first_id=first, second_id=second, **why))


def merge(canonical: int, duplicate: int, *, by: Person | None = None, now: datetime = NOW) -> None:
    """Make one of two offers."""
    with unit_of_work():
        one, other = (db.session.get_one(Offer, number) for number in (canonical, duplicate))
        operations.merge(one, other, person=by, now=now)


def separate(offer: int, *, by: Person | None = None, now: datetime = NOW) -> None:
    """Make two of one again."""
    with unit_of_work():
        operations.separate(db.session.get_one(Offer, offer), person=by, now=now)


def canonicals() -> dict[str, str | None]:
    """Give for each offer the address of the one that stands for it, by its own."""
    db.session.rollback()
    db.session.expunge_all()
    offers = db.session.scalars(select(Offer).order_by(Offer.id)).all()
    slugs = {offer.id: offer.slug for offer in offers}
    return {offer.slug: slugs.get(offer.canonical_id or 0) for offer in offers}


def pairs() -> list[tuple[str, str, str, str]]:
    """List the pairs: the addresses of both, why, and what was decided."""
    db.session.rollback()
    db.session.expunge_all()
    slugs = {number: slug for number, slug in db.session.execute(select(Offer.id, Offer.slug))}
    found = db.session.scalars(select(DuplicatePair).order_by(DuplicatePair.id))
    return [
        (slugs[one.first_id], slugs[one.second_id], one.reason.value, one.decision.value)
        for one in found
    ]


def twins(institution: str) -> dict[str, str]:
    """Make two offers that seem to be one and two that are; gives where they stand in addresses."""
    made = [make_offer("Drains", institution=institution) for _number in range(4)]
    slugs = [offer.slug for offer in made]
    ask_about(made[0].id, made[1].id)
    merge(made[2].id, made[3].id)
    first = {"/secretariat/duplicates/<slug>": slugs[0]}
    return {**first, "<other>": slugs[1], "<duplicate>": slugs[3]}
