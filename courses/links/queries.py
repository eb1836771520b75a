"""What can be asked about links: which are due, how one answered last, which are broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import Offer
from courses.catalogue.queries import visible, whole
from courses.links.models import Answered, LinkCheck
from courses.links.rules import may_be_checked

CANDIDATES = 1_000
"""Links that are looked through for different hosts."""

SPREAD = 101
"""Offers of a partner come one after the other: by this they are taken from all over."""


@dataclass(frozen=True, slots=True)
class Due:
    """A link to be looked at: whose, and where it leads."""

    offer_id: int
    address: str


def due(now: datetime, *, limit: int) -> list[Due]:
    """List links that are due, each of another host, the ones that have waited longest first."""
    rows = _due(now).order_by(LinkCheck.due_at.asc().nulls_first(), Offer.id % SPREAD, Offer.id)
    chosen: dict[str, Due] = {}
    for one in _told(rows.limit(CANDIDATES)):
        chosen.setdefault(_host(one.address), one)
        if len(chosen) == limit:
            break
    return list(chosen.values())


def fine_lately(beside: Iterable[str], *, limit: int) -> list[Due]:
    """List links that were fine when they were asked last, each of another host than `beside`."""
    fine = _checked().where(LinkCheck.answered == Answered.FINE)
    known, chosen = {_host(address) for address in beside}, dict[str, Due]()
    for one in _told(fine.order_by(LinkCheck.checked_at.desc()).limit(CANDIDATES)):
        if _host(one.address) not in known:
            chosen.setdefault(_host(one.address), one)
        if len(chosen) == limit:
            break
    return list(chosen.values())


def due_count(now: datetime) -> int:
    """Count the links that are due."""
    return db.session.scalar(select(func.count()).select_from(_due(now).subquery())) or 0


def links_of(institution: Institution) -> list[Due]:
    """List the links of an institution's offers, due or not."""
    own = _checked().where(Offer.institution_id == institution.id).order_by(Offer.id)
    return list(_told(own))


def check_of(offer: Offer) -> LinkCheck | None:
    """Find how the present address of an offer answered last; None while nobody has looked."""
    check = db.session.get(LinkCheck, offer.id)
    return check if check is not None and check.address == offer.address else None


def broken(
    among: ColumnElement[bool], *, limit: int, offset: int = 0
) -> list[tuple[Offer, LinkCheck | None]]:
    """List the offers that lead nowhere, whole, the latest first; `among` is of institutions."""
    found = (
        select(Offer, LinkCheck)
        .join(Institution, Institution.id == Offer.institution_id)
        .outerjoin(LinkCheck, LinkCheck.offer_id == Offer.id)
        .options(*whole())
        .where(visible(), Offer.broken_at.is_not(None), among)
        .order_by(Offer.broken_at.desc(), Offer.id)
    )
    rows = db.session.execute(found.limit(limit).offset(offset)).unique()
    return [(offer, check) for offer, check in rows]


def broken_count(among: ColumnElement[bool]) -> int:
    """Count the offers that lead nowhere."""
    counted = select(func.count(Offer.id)).join(Institution, Institution.id == Offer.institution_id)
    return db.session.scalar(counted.where(visible(), Offer.broken_at.is_not(None), among)) or 0


def _due(now: datetime) -> Select[int, str]:
    """Ask for the links that nobody looked at, or not for long, or not at the present address."""
    waiting = or_(
        LinkCheck.offer_id.is_(None),
        LinkCheck.due_at <= now,
        LinkCheck.address != Offer.address,
    )
    return _checked().where(waiting)


def _checked() -> Select[int, str]:
    """Ask for the links that are looked at: of what everybody may see, but for samples."""
    return (
        select(Offer.id, Offer.address)
        .outerjoin(LinkCheck, LinkCheck.offer_id == Offer.id)
        .where(and_(visible(), Offer.address != "", Offer.sample.is_(False)))
    )


def _told(rows: Select[int, str]) -> Iterator[Due]:
    for offer_id, address in db.session.execute(rows):
        if may_be_checked(address):
            yield Due(offer_id, address)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
