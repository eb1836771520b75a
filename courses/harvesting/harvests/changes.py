"""What a reading changed: the offers it added or updated, and those it no longer found."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from academy.db import db
from courses.catalogue.models import Offer
from courses.catalogue.queries import offers_by_id
from courses.editing.fields import Changes
from courses.editing.models import OfferVersion, VersionSource
from courses.harvesting.models import Harvest, SourceRecord


class Became(StrEnum):
    """What became of the offers; the figures of a reading are called the same."""

    ADDED = "added"
    UPDATED = "updated"
    VANISHED = "vanished"


def changed_count(harvest: Harvest, became: Became) -> int:
    """Count the offers that this reading added, updated or no longer found, as far as is known.

    A record that was missing again in a later reading is one of that later reading.
    """
    if not getattr(harvest, became):
        return 0
    counted = _offers(harvest, became).with_only_columns(func.count())
    return db.session.scalar(counted) or 0


def changed_offers(harvest: Harvest, became: Became, *, limit: int, offset: int = 0) -> list[Offer]:
    """List the offers that this reading added, updated or no longer found, whole."""
    some = _offers(harvest, became).order_by(SourceRecord.id).limit(limit).offset(offset)
    ids = list(db.session.scalars(some))
    found = offers_by_id(ids)
    return [found[key] for key in ids if key in found]


def changes_made(harvest: Harvest, offer_ids: Collection[int]) -> dict[int, Changes]:
    """Give what this reading changed of these offers, field by field."""
    made = select(OfferVersion.offer_id, OfferVersion.changes).where(
        OfferVersion.offer_id.in_(offer_ids), *_versions(harvest)
    )
    return {offer_id: changes for offer_id, changes in db.session.execute(made)}


def addresses_of(harvest: Harvest, external_ids: Collection[str]) -> dict[str, str]:
    """Give the addresses of the offers that records of the source became, by their names."""
    these = SourceRecord.external_id.in_(external_ids)
    rows = (
        select(SourceRecord.external_id, Offer.slug)
        .join(Offer, Offer.id == SourceRecord.offer_id)
        .where(SourceRecord.source_id == harvest.source_id, these)
    )
    return {name: slug for name, slug in db.session.execute(rows)}


def _offers(harvest: Harvest, became: Became) -> Select[int]:
    new = _within(harvest, SourceRecord.first_seen_at)
    told = select(OfferVersion.id).where(
        OfferVersion.offer_id == SourceRecord.offer_id, *_versions(harvest)
    )
    conditions = {
        Became.ADDED: new,
        Became.UPDATED: and_(~new, or_(_within(harvest, SourceRecord.changed_at), told.exists())),
        Became.VANISHED: or_(
            SourceRecord.missed_in == harvest.id,
            and_(SourceRecord.missing > 0, _within(harvest, Offer.vanished_at)),
        ),
    }
    return (
        select(SourceRecord.offer_id)
        .join(Offer, Offer.id == SourceRecord.offer_id)
        .where(SourceRecord.source_id == harvest.source_id, conditions[became])
    )


def _versions(harvest: Harvest) -> tuple[ColumnElement[bool], ...]:
    by_reading = OfferVersion.source == VersionSource.HARVEST
    return by_reading, _within(harvest, OfferVersion.made_at)


def _within(harvest: Harvest, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Say in SQL that something was written while this reading was carried out."""
    since = column >= (harvest.started_at or harvest.asked_at)
    return since if harvest.ended_at is None else and_(since, column <= harvest.ended_at)
