"""The River School's offer edited through the operations; one unit of work a step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.institutions.queries import institution_by_slug
from courses.catalogue.models import Offer
from courses.editing import operations as editing
from courses.editing import queries, rules
from courses.editing.form import Content, form_of, tidy
from courses.editing.models import OfferVersion, WorkingCopy
from tests.making import NOW

LATER = NOW + timedelta(hours=1)


@contextmanager
def offer_in_hand(slug: str = "water-for-all") -> Iterator[tuple[Offer, Person]]:
    """Open a unit of work with the River School's offer and its editor."""
    with unit_of_work():
        person = db.session.scalars(
            select(Person).where(Person.email == "editor@example.org")
        ).one()
        yield queries.offer_at(institution_by_slug("river-school"), slug), person


def save(changes: dict[str, Any], **whole: Any) -> None:
    """Save the form as it stands, changed in these fields."""
    with offer_in_hand() as (offer, person):
        copy = queries.copy_of(offer)
        form = tidy(rules.current_form(offer, copy) | changes)
        seen = rules.state_seen(offer, copy)
        editing.save(offer, form, seen=seen, person=person, now=LATER, **whole)


def publish() -> None:
    with offer_in_hand() as (offer, person):
        editing.publish(offer, person=person, now=LATER)


def live() -> Content:
    """Give the live page as a form."""
    db.session.rollback()
    return form_of(queries.offer_at(institution_by_slug("river-school"), "water-for-all"))


def copies() -> int:
    return db.session.scalar(select(func.count()).select_from(WorkingCopy)) or 0


def versions() -> list[OfferVersion]:
    db.session.rollback()
    return list(db.session.scalars(select(OfferVersion).order_by(OfferVersion.number)))
