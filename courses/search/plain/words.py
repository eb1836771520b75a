"""Words by SQL alone: which offers answer them, laid down where further statements can use them."""

from __future__ import annotations

from collections.abc import Iterable
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
    not_,
    or_,
    select,
    true,
)

from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import Offer
from courses.catalogue.queries import listed
from courses.catalogue.texts import OfferText
from courses.search.analyzers import title_token, words
from courses.search.plain.facets import condition
from courses.search.query import Group, TextQuery, Tokens, Way
from courses.search.weights import FEW
from courses.search.words import OfferWords, has_all, says

MATCHED = Table(
    "matched_offers",
    MetaData(),
    Column("offer_id", Integer, primary_key=True),
    Column("whole", Boolean),
    Column("covered", Integer),
    Column("exactly", Integer),
    Column("titled", Integer),
    prefixes=["TEMPORARY"],
)
"""Offers that answer the words: whether each has all of them, how many, how many of those the very
words or forms of them, and whether as its title."""


def lay_down(query: TextQuery) -> None:
    """Find the visible offers that answer the words; MATCHED has them until the next question."""
    MATCHED.create(db.session.connection(), checkfirst=True)
    db.session.execute(MATCHED.delete())
    asked = len(query.groups)
    if not asked:
        return
    rows = db.session.execute(_covering(query, least=asked, loosely=False)).all()
    whole = {row.offer_id for row in rows}
    if len(rows) < FEW:
        rows = db.session.execute(_covering(query, least=1, loosely=True)).all()
    told = [{**row._mapping, "whole": row.offer_id in whole} for row in rows]
    if told:
        db.session.execute(MATCHED.insert(), told)


def _covering(query: TextQuery, *, least: int, loosely: bool) -> Select[Any]:
    covered = _number(_has(group.asked(loosely=loosely)) for group in query.groups)
    exactly = _number(_has(_own_forms(group)) for group in query.groups)
    titled = case((says(query.itself), 1), else_=0)
    rows = select(
        OfferWords.offer_id,
        covered.label("covered"),
        exactly.label("exactly"),
        titled.label("titled"),
    )
    found = (
        rows.join(Offer, Offer.id == OfferWords.offer_id)
        .join(Institution, Institution.id == Offer.institution_id)
        .where(listed())
        .where(_left_in(query))
        .where(*(says(phrase) for phrase in query.phrases))
        .subquery()
    )
    return select(found).where(found.c.covered >= least)


def _number(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[int]:
    return sum((case((one, 1), else_=0) for one in conditions), start=literal(0))


def _own_forms(group: Group) -> list[Way]:
    """Give the ways in which an offer says the word itself, not only what it means."""
    return [way for way in group.asked(loosely=False) if way.tokens[0][0] not in "*#?"]


def _has(ways: Iterable[Way]) -> ColumnElement[bool]:
    return or_(*(_has_way(way.tokens) for way in ways))


def _has_way(tokens: Tokens) -> ColumnElement[bool]:
    if tokens[0].startswith("#"):
        facet, _, code = tokens[0][1:].partition("=")
        return condition(facet, (code,), None)
    return has_all(tokens)


def _left_in(query: TextQuery) -> ColumnElement[bool]:
    """Give the condition under which an offer says nothing that is to be left out.

    Who types the whole of a title with a hyphen before a word leaves nothing out of that offer.
    """
    if not query.left_out:
        return true()
    said = or_(*(says(phrase) for phrase in query.left_out))
    return or_(Offer.id.in_(_titled(query)), not_(said))


def _titled(query: TextQuery) -> set[int]:
    """Find the offers with a title that is just what was typed."""
    saying = select(OfferWords.offer_id).where(says(query.itself))
    titles = select(OfferText.offer_id, OfferText.title).where(OfferText.offer_id.in_(saying))
    rows = db.session.execute(titles)
    return {offer for offer, title in rows if title_token(words(title)) == query.title}
