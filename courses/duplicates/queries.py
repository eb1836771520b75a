"""What can be asked about duplicates: pairs to decide on, and offers that are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from academy.db import db
from academy.errors import Missing
from academy.institutions.models import Institution
from courses.catalogue.models import Kind, Offer, State
from courses.catalogue.queries import visible, whole
from courses.catalogue.rules import is_visible
from courses.catalogue.runs import Run
from courses.duplicates.models import Decision, DuplicatePair, OfferKey, Reason


def canonical_of(offer: Offer) -> Offer:
    """Give the offer that stands for this one: itself, unless it was merged."""
    if offer.canonical_id is None:
        return offer
    return db.session.get_one(Offer, offer.canonical_id)


def group_of(offer: Offer) -> list[Offer]:
    """List the offers that are one with this one, whole, the one that stands for all first."""
    number = offer.canonical_id or offer.id
    numbers = list(db.session.scalars(select(Offer.id).where(Offer.canonical_id == number)))
    if not numbers:
        return [offer]
    found = select(Offer).options(*whole()).where(Offer.id.in_([number, *numbers]))
    return list(db.session.scalars(found.order_by(Offer.canonical_id.is_not(None), Offer.id)))


def still_offering(group: Sequence[Offer]) -> list[Offer]:
    """List those of a group whose institutions still offer it."""
    return [one for one in group if is_visible(one) and one.vanished_at is None]


def partners_of_many(offer_ids: Iterable[int]) -> dict[int, list[Offer]]:
    """Give the records by those who still offer it of each of these offers that was merged."""
    numbers = list(offer_ids)
    there = and_(visible(), Offer.vanished_at.is_(None))
    of_these = or_(Offer.canonical_id.in_(numbers), Offer.id.in_(_merged_among(numbers)))
    institution = joinedload(Offer.institution)
    runs = selectinload(Offer.runs).selectinload(Run.meetings)
    found = select(Offer).options(institution, runs).where(there, of_these)
    groups: dict[int, list[Offer]] = defaultdict(list)
    order = (Offer.canonical_id.is_not(None), Offer.id)
    for offer in db.session.scalars(found.order_by(*order)):
        groups[offer.canonical_id or offer.id].append(offer)
    return groups


def slugs_of(offer_ids: Iterable[int]) -> dict[int, str]:
    """Give the addresses of offers by key."""
    named = select(Offer.id, Offer.slug).where(Offer.id.in_(list(offer_ids)))
    return {number: slug for number, slug in db.session.execute(named)}


def open_pairs(kept: ColumnElement[bool], *, limit: int, offset: int) -> list[DuplicatePair]:
    """List the pairs to decide on that concern these institutions, offers whole.

    Those that share more than a title first, then the most alike.
    """
    sure = (DuplicatePair.reason == Reason.TITLE, -DuplicatePair.score, DuplicatePair.id)
    page = _whole_pairs(kept, Decision.OPEN).order_by(*sure).limit(limit).offset(offset)
    return list(db.session.scalars(page).unique())


def open_pair_count(kept: ColumnElement[bool]) -> int:
    """Count the pairs to decide on that concern these institutions."""
    return db.session.scalar(_pairs(select(func.count(DuplicatePair.id)), kept)) or 0


def told_apart(kept: ColumnElement[bool], *, limit: int, offset: int) -> list[DuplicatePair]:
    """List the pairs that are two and concern these institutions, offers whole, latest first."""
    latest = (DuplicatePair.decided_at.desc(), DuplicatePair.id.desc())
    page = _whole_pairs(kept, Decision.DIFFERENT).order_by(*latest).limit(limit).offset(offset)
    return list(db.session.scalars(page).unique())


def told_apart_count(kept: ColumnElement[bool]) -> int:
    """Count the pairs that are two and concern these institutions."""
    counted = select(func.count(DuplicatePair.id))
    return db.session.scalar(_pairs(counted, kept, Decision.DIFFERENT)) or 0


def pair_of(one: str, other: str, kept: ColumnElement[bool]) -> tuple[DuplicatePair, Offer, Offer]:
    """Find a pair that concerns these institutions, with its offers in the order of the addresses.

    Raises Missing when these two never seemed to be one.
    """
    offers = {offer.slug: offer for offer in _by_slugs((one, other))}
    numbers = sorted(offer.id for offer in offers.values())
    theirs = select(Institution.id).where(kept)
    places = select(Offer.id).where(Offer.id.in_(numbers), Offer.institution_id.in_(theirs))
    pair = None
    if len(numbers) == 2 and db.session.scalar(places.limit(1)):
        these = {"first_id": numbers[0], "second_id": numbers[1]}
        pair = db.session.scalar(select(DuplicatePair).filter_by(**these))
    if pair is None:
        raise Missing
    return pair, offers[one], offers[other]


def merged_offers(kept: ColumnElement[bool], *, limit: int, offset: int) -> list[list[Offer]]:
    """List groups of offers that are one and concern these institutions, whole.

    The one that stands for all is the first of each.
    """
    leading = _leading(select(Offer.id), kept).order_by(Offer.id).limit(limit).offset(offset)
    numbers = list(db.session.scalars(leading))
    members = or_(Offer.id.in_(numbers), Offer.canonical_id.in_(numbers))
    groups: dict[int, list[Offer]] = {number: [] for number in numbers}
    found = select(Offer).options(*whole()).where(members)
    for offer in db.session.scalars(found.order_by(Offer.canonical_id.is_not(None), Offer.id)):
        groups[offer.canonical_id or offer.id].append(offer)
    return list(groups.values())


def merged_count(kept: ColumnElement[bool]) -> int:
    """Count the groups of offers that are one and concern these institutions."""
    return db.session.scalar(_leading(select(func.count(Offer.id)), kept)) or 0


def merged_offer(slug: str, kept: ColumnElement[bool]) -> Offer:
    """Find an offer that was merged into another; it or the other is of these institutions.

    Raises Missing when there is none.
    """
    leader, place = aliased(Offer), aliased(Institution)
    theirs = select(Institution.id).where(kept)
    found = db.session.scalar(
        select(Offer)
        .join(leader, leader.id == Offer.canonical_id)
        .join(place, place.id == Offer.institution_id)
        .where(Offer.slug == slug)
        .where(or_(Offer.institution_id.in_(theirs), leader.institution_id.in_(theirs)))
    )
    if found is None:
        raise Missing
    return found


def to_look_at(*, limit: int) -> list[int]:
    """List published offers that were not compared with others since they changed."""
    seen = exists().where(OfferKey.offer_id == Offer.id, OfferKey.noted_at >= Offer.changed_at)
    waiting = select(Offer.id).where(visible(), ~seen).order_by(Offer.id).limit(limit)
    return list(db.session.scalars(waiting))


def badly_led(*, now: datetime, limit: int) -> list[int]:
    """List offers that stand for others and are less fit to than one of the others.

    Fit is what is published, told of and answers; what is over is less fit than what is not.
    """
    other = aliased(Offer)
    fit = and_(
        other.canonical_id == Offer.id,
        other.state == State.PUBLISHED,
        other.vanished_at.is_(None),
        other.broken_at.is_(None),
    )
    unfit = or_(~visible(), Offer.vanished_at.is_not(None), Offer.broken_at.is_not(None))
    later = and_(~_goes_on(Offer, now), exists().where(fit, _goes_on(other, now)))
    led = select(Offer.id).where(or_(and_(unfit, exists().where(fit)), later))
    return list(db.session.scalars(led.order_by(Offer.id).limit(limit)))


def _goes_on(offer: type[Offer], now: datetime) -> ColumnElement[bool]:
    """Give the condition that a run of an offer is not over (courses.catalogue.rules.is_over)."""
    at_last = case((offer.kind == Kind.WEBINAR, Run.starts_at))
    end = func.coalesce(Run.ends_at, at_last)
    return exists().where(Run.offer_id == offer.id, or_(end.is_(None), end >= now))


def decided(
    offer_ids: Sequence[int], *, decision: Decision | None = None
) -> Sequence[DuplicatePair]:
    """List the pairs in which one of these offers is, in the order they were found."""
    within = or_(DuplicatePair.first_id.in_(offer_ids), DuplicatePair.second_id.in_(offer_ids))
    found = select(DuplicatePair).where(within).order_by(DuplicatePair.id)
    if decision is not None:
        found = found.where(DuplicatePair.decision == decision)
    return db.session.scalars(found).all()


def _merged_among(numbers: Sequence[int]) -> Select[int | None]:
    return select(Offer.canonical_id).where(Offer.canonical_id.in_(numbers))


def _by_slugs(slugs: Sequence[str]) -> Sequence[Offer]:
    return db.session.scalars(select(Offer).where(Offer.slug.in_(slugs))).all()


def _whole_pairs(kept: ColumnElement[bool], decision: Decision) -> Select[Any]:
    first, second = joinedload(DuplicatePair.first), joinedload(DuplicatePair.second)
    found = _pairs(select(DuplicatePair), kept, decision)
    return found.options(first.options(*whole()), second.options(*whole()))


def _pairs(
    asked: Select[Any], kept: ColumnElement[bool], decision: Decision = Decision.OPEN
) -> Select[Any]:
    """Narrow a question to pairs of offers that everybody sees and that stand for themselves."""
    one, other = aliased(Offer), aliased(Offer)
    theirs = select(Institution.id).where(kept)
    asked = asked.join(one, one.id == DuplicatePair.first_id)
    asked = asked.join(other, other.id == DuplicatePair.second_id)
    for offer in (one, other):
        asked = asked.where(offer.state == State.PUBLISHED, offer.canonical_id.is_(None))
    concerned = or_(one.institution_id.in_(theirs), other.institution_id.in_(theirs))
    return asked.where(DuplicatePair.decision == decision, concerned)


def _leading(asked: Select[Any], kept: ColumnElement[bool]) -> Select[Any]:
    member = aliased(Offer)
    theirs = select(Institution.id).where(kept)
    concerned = or_(Offer.institution_id.in_(theirs), member.institution_id.in_(theirs))
    return asked.where(exists().where(member.canonical_id == Offer.id, concerned))
