"""The history of an offer: what changed, field by field, and how it once was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from academy.accounts.models import Person
from academy.db import db
from courses.catalogue.models import Offer
from courses.editing.fields import Changes, Fields, changes_between, content_of, fields_of
from courses.editing.form import Content, form_of
from courses.editing.models import OfferVersion, VersionSource
from courses.editing.queries import last_numbers

NOTHING: Fields = {}
"""What there was before the first publication."""


def snapshot(offer: Offer) -> Fields:
    """Take down what a whole offer says now, field by field, and its state; asks no database."""
    return {"state": str(offer.state), **fields_of(form_of(offer))}


def said_so_far(offer: Offer) -> Fields:
    """Give what the history of an offer tells that it says: nothing while nothing is told."""
    told = offer.published_at is not None or bool(last_numbers([offer.id]))
    return snapshot(offer) if told else NOTHING


@dataclass(frozen=True, slots=True)
class Change:
    """An offer, and its snapshots before and after something was written."""

    offer: Offer
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def record_version(
    offer: Offer,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    source: VersionSource,
    person: Person | None = None,
    now: datetime,
) -> OfferVersion | None:
    """Keep what changed between two snapshots; nothing is kept where nothing did."""
    made = record_versions([Change(offer, before, after)], source=source, person=person, now=now)
    return made[0] if made else None


def record_versions(
    changed: Sequence[Change],
    *,
    source: VersionSource,
    person: Person | None = None,
    now: datetime,
) -> list[OfferVersion]:
    """Keep what changed of several offers, each named once; with one question to the database."""
    found = [(one.offer, changes_between(one.before, one.after)) for one in changed]
    told = [(offer, changes) for offer, changes in found if changes]
    if not told:
        return []
    numbers = last_numbers([offer.id for offer, _changes in told])
    made = [
        OfferVersion(
            offer_id=offer.id,
            number=numbers.get(offer.id, 0) + 1,
            source=source,
            person_id=person.id if person else None,
            changes=changes,
            made_at=now,
        )
        for offer, changes in told
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def fields_at(offer: Offer, later: Sequence[OfferVersion]) -> Fields:
    """Give what the offer said before these versions; they are the latest, latest first."""
    fields: dict[str, Any] = snapshot(offer)
    for version in later:
        changes: Changes = version.changes
        for path, (before, _after) in changes.items():
            if before is None:
                fields.pop(path, None)
            else:
                fields[path] = before
    return fields


def form_at(offer: Offer, later: Sequence[OfferVersion]) -> Content:
    """Give the form of the offer as it was before these versions."""
    return content_of(fields_at(offer, later))
