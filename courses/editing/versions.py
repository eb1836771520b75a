"""The history of an offer: what changed, field by field, and how it once was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from academy.accounts.models import Person
from academy.db import db
from courses.catalogue.models import Offer
from courses.editing.fields import Changes, Fields, changes_between, content_of, fields_of
from courses.editing.form import Content, form_of
from courses.editing.models import OfferVersion, VersionSource
from courses.editing.queries import last_number

NOTHING: Fields = {}
"""What there was before the first publication."""


def snapshot(offer: Offer) -> Fields:
    """Take down what a whole offer says now, field by field, and its state; asks no database."""
    return {"state": str(offer.state), **fields_of(form_of(offer))}


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
    changes = changes_between(before, after)
    if not changes:
        return None
    version = OfferVersion(
        offer_id=offer.id,
        number=last_number(offer) + 1,
        source=source,
        person_id=person.id if person else None,
        changes=changes,
        made_at=now,
    )
    db.session.add(version)
    db.session.flush()
    return version


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
