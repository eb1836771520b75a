"""Words by SQL alone: which offers answer them, laid down where further statements can use them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
from courses.search.query import Group, TextQuery, Way
from courses.search.weights import FEW
from courses.search.words import OfferWords, says

AT_ONCE = 2_000
Carrying = Mapping[str, frozenset[int]]
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
    carrying = _carrying(query)
    told = list(_covering(query, carrying, least=asked, loosely=False))
    whole = {one["offer_id"] for one in told}
    if len(told) < FEW:
        told = list(_covering(query, carrying, least=1, loosely=True))
    if told:
        rows = [{**one, "whole": one["offer_id"] in whole} for one in told]
        db.session.execute(MATCHED.insert(), rows)


def _covering(
    query: TextQuery, carrying: Carrying, *, least: int, loosely: bool
) -> Iterator[dict[str, Any]]:
    """Go through the words of all visible offers once, and give those that have enough.

    A hundred ways to say something are compared with the words of an offer at once, where a
    statement would go through its text for each of them.
    """
    groups = [_Ways.of(group.asked(loosely=loosely)) for group in query.groups]
    own = [_Ways.of(_own_forms(group)) for group in query.groups]
    for offer_id, tokens, titled in db.session.execute(_rows(query)):
        held = set(tokens.split())
        held.update(token for token, offers in carrying.items() if offer_id in offers)
        covered = sum(ways.are_in(held) for ways in groups)
        if covered >= least:
            exactly = sum(ways.are_in(held) for ways in own)
            told = {"covered": covered, "exactly": exactly, "titled": int(titled)}
            yield {"offer_id": offer_id, **told}


def _rows(query: TextQuery) -> Select[Any]:
    """Give the visible offers with their tokens, but for those that the query leaves out."""
    titled = case((says(query.itself), 1), else_=0)
    return (
        select(OfferWords.offer_id, OfferWords.tokens, titled)
        .join(Offer, Offer.id == OfferWords.offer_id)
        .join(Institution, Institution.id == Offer.institution_id)
        .where(listed(), _left_in(query), *(says(phrase) for phrase in query.phrases))
        .execution_options(yield_per=AT_ONCE)
    )


def _carrying(query: TextQuery) -> Carrying:
    """Find the offers that carry the values which stand for words, such as #issue=housing."""
    found: dict[str, frozenset[int]] = {}
    for token in {way.tokens[0] for group in query.groups for way in group.ways}:
        if token.startswith("#"):
            facet, _, code = token[1:].partition("=")
            having = select(Offer.id).join(Institution).where(condition(facet, (code,), None))
            found[token] = frozenset(db.session.scalars(having))
    return found


@dataclass(frozen=True, slots=True)
class _Ways:
    """The ways to say something: single tokens, and several that an offer must have together."""

    single: frozenset[str]
    several: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, ways: Iterable[Way]) -> _Ways:
        """Sort the ways."""
        sets = [frozenset(way.tokens) for way in ways]
        single = frozenset(token for one in sets if len(one) == 1 for token in one)
        return cls(single, tuple(one for one in sets if len(one) > 1))

    def are_in(self, held: set[str]) -> bool:
        """Tell whether one of them is among the tokens of an offer."""
        return not self.single.isdisjoint(held) or any(one <= held for one in self.several)


def _own_forms(group: Group) -> list[Way]:
    """Give the ways in which an offer says the word itself, not only what it means."""
    return [way for way in group.asked(loosely=False) if way.tokens[0][0] not in "*#?"]


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
