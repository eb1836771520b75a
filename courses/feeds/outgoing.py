"""Offers that leave: which, in what order, under which names; and what tells two states apart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select

from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import Offer
from courses.catalogue.queries import listed, whole
from courses.editing.models import OfferVersion
from courses.harvesting.models import SourceRecord

VERSION = 1
"""Goes up when the same offers are written otherwise: no cache may then keep what it has."""

BATCH = 100

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A whole offer, and the name of its record at the source it came from, if it did."""

    offer: Offer
    theirs: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells two states of the catalogue apart."""

    etag: str
    changed_at: datetime | None


def outgoing(conditions: Conditions = ()) -> Iterator[Outgoing]:
    """Give the listed offers one after the other; no more than a batch is held in memory."""
    repeated, last = _repeated(), 0
    while offers := _loaded(_chosen(conditions).where(Offer.id > last).limit(BATCH)):
        last = offers[-1].id
        yield from _named(offers, repeated)
        del offers
        # Each batch is a reading of its own: who fetches slowly holds nobody up.
        db.session.rollback()
        db.session.expunge_all()


def page_of(number: int, size: int, conditions: Conditions = ()) -> list[Outgoing]:
    """Give a page of the listed offers, in the same order."""
    chosen = _chosen(conditions).limit(size).offset((number - 1) * size)
    return _named(_loaded(chosen), _repeated())


def count(conditions: Conditions = ()) -> int:
    """Count the listed offers."""
    return db.session.scalar(select(func.count()).select_from(_chosen(conditions).subquery())) or 0


def mark(*asked: str) -> Mark:
    """Tell the present state of what is exported; `asked` is the question."""
    numbers = func.count(Offer.id), func.sum(Offer.id), func.max(Offer.changed_at)
    number, keys, changed = db.session.execute(select(*numbers).where(listed())).one()
    hidden = func.max(Offer.vanished_at), func.max(Offer.broken_at), func.max(Offer.changed_at)
    moments = list(db.session.execute(select(*hidden)).one())
    version, made = db.session.execute(
        select(func.max(OfferVersion.id), func.max(OfferVersion.made_at))
    ).one()
    places = db.session.execute(select(Institution.id, Institution.name).order_by(Institution.id))
    told = (VERSION, asked, number, keys, changed, moments, version, [tuple(one) for one in places])
    digest = hashlib.sha256(repr(told).encode()).hexdigest()[:32]
    known = [one for one in (changed, made, *moments) if one is not None]
    return Mark(digest, max(known, default=None))


def _chosen(conditions: Conditions) -> Select[Offer]:
    offers = select(Offer).join(Institution, Institution.id == Offer.institution_id)
    return offers.where(listed(), *conditions).order_by(Offer.id)


def _loaded(chosen: Select[Offer]) -> list[Offer]:
    return list(db.session.scalars(chosen.options(*whole())))


def _named(offers: Sequence[Offer], repeated: Mapping[str, int]) -> list[Outgoing]:
    names = _names([offer.id for offer in offers])
    return [
        Outgoing(offer, _own(names.get(offer.id), offer.id, repeated))
        for offer in offers
        if any(text.title for text in offer.texts)
    ]


def _own(name: str | None, offer_id: int, repeated: Mapping[str, int]) -> str | None:
    """Give the name of a record, unless another offer had it before."""
    return name if name and repeated.get(name, offer_id) == offer_id else None


def _names(offer_ids: Sequence[int]) -> dict[int, str]:
    """Give the name of each offer's record, that of the first where it has several."""
    rows = db.session.execute(
        select(SourceRecord.offer_id, SourceRecord.external_id)
        .where(SourceRecord.offer_id.in_(offer_ids))
        .order_by(SourceRecord.id.desc())
    )
    return {offer_id: external_id for offer_id, external_id in rows}


def _repeated() -> Mapping[str, int]:
    """Give the names that records of several offers have, with the offer that had it first."""
    first = select(func.min(SourceRecord.id)).group_by(SourceRecord.external_id)
    several = first.having(func.count(SourceRecord.offer_id.distinct()) > 1)
    named = select(SourceRecord.external_id, SourceRecord.offer_id)
    rows = db.session.execute(named.where(SourceRecord.id.in_(several)))
    return {external_id: offer_id for external_id, offer_id in rows}
