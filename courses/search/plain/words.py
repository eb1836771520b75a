"""Words by SQL alone: which offers answer them, laid down where further statements can use them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    Table,
    case,
    literal,
    or_,
    select,
)

from academy.db import db
from courses.catalogue.models import Offer
from courses.catalogue.queries import visible
from courses.search.plain.facets import condition
from courses.search.query import Group, TextQuery, Tokens
from courses.search.weights import FEW
from courses.search.words import OfferWords, has_all, says

MATCHED = Table(
    "matched_offers",
    MetaData(),
    Column("offer_id", Integer, primary_key=True),
    Column("whole", Boolean),
    Column("covered", Integer),
    Column("titled", Integer),
    prefixes=["TEMPORARY"],
)
"""Offers that answer the words: whether each has all of them, how many, and as its title."""


def lay_down(query: TextQuery) -> None:
    """Find the visible offers that answer the words; MATCHED has them until the next question."""
    MATCHED.create(db.session.connection(), checkfirst=True)
    db.session.execute(MATCHED.delete())
    asked = len(query.groups)
    if not asked:
        return
    rows = db.session.execute(_covering(query, least=asked, loosely=False)).all()
    whole = {offer for offer, _, _ in rows}
    if len(rows) < FEW:
        rows = db.session.execute(_covering(query, least=1, loosely=True)).all()
    told = [
        {"offer_id": offer, "whole": offer in whole, "covered": n, "titled": titled}
        for offer, n, titled in rows
    ]
    if told:
        db.session.execute(MATCHED.insert(), told)


def _covering(query: TextQuery, *, least: int, loosely: bool) -> Select[Any]:
    has = [_has(group, loosely=loosely) for group in query.groups]
    covered: ColumnElement[int] = sum((case((one, 1), else_=0) for one in has), start=literal(0))
    titled = case((says(("|", *query.title[1:].split(), "|")), 1), else_=0)
    rows = select(OfferWords.offer_id, covered.label("covered"), titled.label("titled"))
    found = (
        rows.join(Offer, Offer.id == OfferWords.offer_id)
        .where(visible())
        .where(*(~has_all(tokens) for tokens in query.left_out))
        .where(*(says(phrase) for phrase in query.phrases))
        .subquery()
    )
    return select(found).where(found.c.covered >= least)


def _has(group: Group, *, loosely: bool) -> ColumnElement[bool]:
    return or_(*(_has_way(way.tokens) for way in group.asked(loosely=loosely)))


def _has_way(tokens: Tokens) -> ColumnElement[bool]:
    if tokens[0].startswith("#"):
        facet, _, code = tokens[0][1:].partition("=")
        return condition(facet, (code,), None)
    return has_all(tokens)
