"""The offer of a harvested record, edited and published by an editor of the River School."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.institutions.queries import institution_by_slug
from courses.catalogue.models import Offer
from courses.editing import operations as editing
from courses.editing import queries, rules
from courses.editing.form import Content, form_of, tidy
from courses.harvesting.models import FieldOrigin
from courses.harvesting.writing.following import follow_source
from tests.harvesting.harvested import offer, record
from tests.making import NOW
from tests.staff import make_member

LATER = NOW + timedelta(hours=1)
FULL = record(
    "water",
    provider="City of Rivers",
    level="Beginner",
    cost="free",
    contact="water@example.org",
    terms={"issue": ["water"], "methodology": ["mooc"], "audience": ["staff"]},
    audience={"en": "Utilities"},
)
"""A record with all that publishing by hand asks for."""


@contextmanager
def in_hand(name: str = "water") -> Iterator[tuple[Offer, Person]]:
    """Open a unit of work with the offer of a record and an editor."""
    found = db.session.scalar(select(Person).where(Person.email == "editor@example.org"))
    key, slug = (found or make_member()).id, offer(name).slug
    with unit_of_work():
        yield (
            queries.offer_at(institution_by_slug("river-school"), slug),
            db.session.get_one(Person, key),
        )


def edit(changes: Mapping[str, Any], *, now: datetime = LATER) -> None:
    """Change some fields of the form, and publish it."""
    with in_hand() as (found, person):
        live = rules.current_form(found, None)
        usual = {"contact": "water@example.org", "cost": "free", "methodologies": ["mooc"]}
        needed = {name: live[name] or value for name, value in usual.items()}
        form = tidy({**live, **needed, **changes})
        seen = rules.state_seen(found, None)
        editing.save(found, form, seen=seen, person=person, now=now)
        editing.publish(found, person=person, now=now)


def form() -> Content:
    """Give the offer as people edit it."""
    return form_of(offer())


def texts(**changes: str) -> dict[str, Any]:
    """Give the English text of the offer, changed in these fields."""
    [text] = [one for one in offer().texts if one.language == "en"]
    names = ("title", "summary", "description")
    return {"texts": {"en": {name: getattr(text, name) for name in names} | changes}}


def follow(field: str, *, now: datetime) -> None:
    """Let the editor take the source's word for a field."""
    with in_hand() as (found, person):
        follow_source(found, field, person=person, now=now)


def noted_upstream() -> dict[str, Any]:
    """Tell what is kept of what the source says where people edited, by field."""
    db.session.rollback()
    rows = db.session.scalars(select(FieldOrigin).order_by(FieldOrigin.field))
    return {row.field: row.upstream for row in rows}
