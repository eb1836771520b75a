"""What stewards can ask: who is here, and what belongs to an account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from academy.accounts.models import Person, Steward
from academy.db import db
from academy.errors import Missing


@dataclass(frozen=True, slots=True)
class Belonging:
    """Something people have: the column that names the person, and the words for a number of it."""

    person_id: InstrumentedAttribute[Any]
    told: Callable[[int], str]


def people_found(
    words: str, *, stewards: bool = False, limit: int, offset: int = 0
) -> Sequence[Person]:
    """List the people whose name or address holds these words, latest first; without, everybody.

    Of `stewards` those alone.
    """
    found = _found(words).order_by(Person.id.desc())
    if stewards:
        found = found.where(Person.steward != Steward.NONE)
    return db.session.scalars(found.limit(limit).offset(offset)).all()


def people_count(words: str) -> int:
    """Count the people whose name or address holds these words."""
    return db.session.scalar(_found(words).with_only_columns(func.count())) or 0


def person_by_reference(reference: str) -> Person:
    """Find a person by their opaque reference.

    Raises Missing when there is none.
    """
    person: Person | None = db.session.scalar(select(Person).where(Person.reference == reference))
    if person is None:
        raise Missing
    return person


def other_stewards(person: Person) -> int:
    """Count the stewards of all beside this person who could act."""
    others = (
        Person.steward == Steward.ALL,
        Person.id != person.id,
        Person.blocked_at.is_(None),
        Person.erased_at.is_(None),
    )
    return db.session.scalar(select(func.count()).select_from(Person).where(*others)) or 0


def belongings_of(person: Person, kinds: Sequence[Belonging]) -> list[str]:
    """Tell what belongs to an account, in the reader's language; what there is none of is not."""
    counted = [(kind, _count(kind, person)) for kind in kinds]
    return [kind.told(number) for kind, number in counted if number]


def _count(kind: Belonging, person: Person) -> int:
    mine = select(func.count()).where(kind.person_id == person.id)
    return db.session.scalar(mine) or 0


def _found(words: str) -> Select[Person]:
    found = select(Person).where(Person.erased_at.is_(None))
    for word in words.split()[:6]:
        named = Person.name.icontains(word, autoescape=True)
        found = found.where(named | Person.email_key.icontains(word, autoescape=True))
    return found
