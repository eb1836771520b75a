"""Who offers it: the institution of an offer, and those of offers that were merged into it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from academy.institutions.models import Institution
from courses.catalogue.models import MERGED, Offer, State

ONE = aliased(Offer)
"""An offer that is offered still, itself or as one of those that another one stands for."""

_STANDS = func.coalesce(ONE.canonical_id, ONE.id)
_THERE = (ONE.state == State.PUBLISHED, ONE.vanished_at.is_(None))


def offering() -> Select[int, int]:
    """Ask who still offers what: the key of what stands for an offer, and of an institution."""
    return select(_STANDS.label("offer_id"), ONE.institution_id).where(*_THERE).distinct()


def is_one_with(offer_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Give the condition that `ONE` is this offer or one of those it stands for, still offered."""
    return and_(or_(ONE.id == offer_id, ONE.canonical_id == offer_id), *_THERE)


def offered_by(institution: Institution) -> ColumnElement[bool]:
    """Give the condition that an institution offers it, itself or with others."""
    return _offered_by_any(select(Institution.id).where(Institution.id == institution.id))


def offered_by_named(slugs: Iterable[str]) -> ColumnElement[bool]:
    """Give the condition that one of these institutions offers it, itself or with others."""
    return _offered_by_any(select(Institution.id).where(Institution.slug.in_(list(slugs))))


def institutions_of(offer: Offer) -> list[Institution]:
    """List the institutions that offer a whole offer, its own first."""
    return list(dict.fromkeys([offer.institution, *offer.together]))


def merged_with(offer_ids: BindParameter[Any]) -> Select[Any, Institution]:
    """Ask for the institutions of the offers that were merged into any of these."""
    asked = select(MERGED.c.canonical_id, Institution)
    joined = asked.join(Institution, Institution.id == MERGED.c.institution_id)
    return joined.where(MERGED.c.canonical_id.in_(offer_ids)).order_by(Institution.id)


def _offered_by_any(institutions: Select[int]) -> ColumnElement[bool]:
    mine = select(_STANDS).where(ONE.institution_id.in_(institutions), *_THERE)
    return Offer.id.in_(mine)
