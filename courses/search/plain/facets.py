"""Facets by SQL alone: the condition of a choice, and the count of every value."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    String,
    Subquery,
    Table,
    and_,
    case,
    distinct,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)

from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import Kind, Offer, OfferTerm
from courses.catalogue.queries import listed
from courses.catalogue.runs import Meeting, Run
from courses.catalogue.texts import LanguageRole, OfferLanguage
from courses.catalogue.together import ONE, is_one_with, offered_by_named
from courses.search.engine import Counts, no_counts
from courses.search.params import DATA_UP_TO, FACETS, Data, SearchParams, When
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import vocabularies
from courses.vocabularies.regions import countries_in, regions_of

_NAMED = Term.__table__.alias("named")
_NEED = func.coalesce(Offer.data_mb_light, Offer.data_mb)
_DATA = case(
    (_NEED.is_(None), None),
    *((most >= _NEED, size.value) for size, most in DATA_UP_TO.items()),
    else_=Data.LARGE.value,
)
SINGLE: dict[str, Any] = {
    "kind": Offer.kind,
    "region": Institution.country,
    "section": Institution.section,
    "level": Offer.level,
    "cost": Offer.cost,
    "certificate": Offer.certificate,
    "data": _DATA,
}
"""Facets of which an offer has one value at most; a country stands for all regions around it."""

JUDGED = Table(
    "judged_offers",
    MetaData(),
    Column("id", Integer, primary_key=True),
    *(Column(facet, String) for facet in SINGLE),
    *(Column(when.value, Integer) for when in When),
    Column("missed", Integer),
    prefixes=["TEMPORARY"],
)
"""What each offer that may be counted carries, and in which facets it is not what was chosen."""

_SEVERAL = {"language": OfferLanguage.base, "institution": Institution.slug}


def wanted(params: SearchParams) -> dict[str, tuple[str, ...]]:
    """Give what is chosen; what is over is out unless it is asked for."""
    coming = tuple(when.value for when in When if when is not When.PAST)
    return {"when": coming, **params.chosen}


def counts(params: SearchParams, now: datetime, *, among: Select[Any] | None = None) -> Counts:
    """Count the values of every facet, each facet blind to its own choice.

    `among` narrows to these offers, such as those whose words match.
    """
    found = no_counts()
    _judge(params, now, among)
    for facet in (facet for facet in found if facet != "when"):
        for value, number in db.session.execute(_counted(facet)):
            values = regions_of(value) if facet == "region" else (value,)
            found[facet].update(dict.fromkeys(values, number))
    seen = JUDGED.c.missed.in_((0, _bit("when")))
    times = (func.coalesce(func.sum(JUDGED.c[when.value]), 0) for when in When)
    numbers = db.session.execute(select(*times).where(seen)).one()
    for when, number in zip(When, numbers, strict=True):
        found["when"].update({when.value: number} if number else {})
    return found


def lasting(now: datetime) -> ColumnElement[bool]:
    """Give the condition under which a list shows an offer unasked: it is not over."""
    coming = (When.ANYTIME, *(when for when in When if when not in {When.ANYTIME, When.PAST}))
    return condition("when", coming, now)


def condition(facet: str, values: tuple[str, ...], now: datetime | None) -> ColumnElement[bool]:
    """Give the condition under which an offer carries any of the values."""
    if facet == "when":
        assert now is not None
        return or_(
            literal(False), *(_is(When(value), now) for value in values if value in set(When))
        )
    if facet == "region":
        values = tuple(frozenset().union(*map(countries_in, values)))
    if facet in SINGLE:
        return func.coalesce(SINGLE[facet].in_(values), False)
    if facet == "language":
        taught = select(OfferLanguage.offer_id).where(
            OfferLanguage.role == LanguageRole.TAUGHT, OfferLanguage.base.in_(values)
        )
        return Offer.id.in_(taught)
    if facet == "institution":
        return offered_by_named(values)
    if facet == "sdg":
        return _stands_for(values)
    broader = select(Term.id).where(Term.vocabulary == Vocabulary(facet), Term.code.in_(values))
    described = (
        select(OfferTerm.offer_id)
        .join(Term)
        .where(or_(Term.id.in_(broader), Term.broader_id.in_(broader)))
    )
    return Offer.id.in_(described)


def _stands_for(codes: tuple[str, ...]) -> ColumnElement[bool]:
    """Give the condition under which the terms of an offer stand for one of the goals."""
    loaded = vocabularies(Vocabulary.SDG)
    terms = {term.id for code in codes for term in loaded.standing_for(code)}
    return Offer.id.in_(select(OfferTerm.offer_id).where(OfferTerm.term_id.in_(terms)))


def _is(when: When, now: datetime) -> ColumnElement[bool]:
    """Give the condition under which an offer is to come, goes on, is always open ... or over."""
    of_offer = Run.offer_id == Offer.id
    if when is When.ANYTIME:
        return exists().where(of_offer, Run.starts_at.is_(None))
    if when is When.RECORDED:
        kept = select(Meeting.id).join(Run, Meeting.run_id == Run.id)
        return kept.where(of_offer, Meeting.recording != "").exists()
    # Whole minutes, as the index has them: what starts within this one has started.
    next_minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    if when is When.UPCOMING:
        return exists().where(of_offer, Run.starts_at >= next_minute)
    if when is When.RUNNING:
        open_end = and_(Run.ends_at.is_(None), Offer.kind == Kind.COURSE)
        goes_on = or_(Run.ends_at >= next_minute, open_end)
        return exists().where(of_offer, Run.starts_at < next_minute, goes_on)
    return not_(or_(*(_is(other, now) for other in When if other is not When.PAST)))


def _judge(params: SearchParams, now: datetime, among: Select[Any] | None) -> None:
    """Look at every offer once for all facets, and lay down what was seen.

    `missed` has the bit of each facet it fails in. As a part of the statements that count, all
    offers would be judged for each of them.
    """
    missed: ColumnElement[int] = literal(0)
    for facet, values in wanted(params).items():
        missed += case((condition(facet, values, now), 0), else_=_bit(facet))
    times = [case((_is(when, now), 1), else_=0) for when in When]
    offers = select(Offer.id, *SINGLE.values(), *times, missed).join(Institution).where(listed())
    offers = offers if among is None else offers.where(Offer.id.in_(among))
    JUDGED.create(db.session.connection(), checkfirst=True)
    db.session.execute(JUDGED.delete())
    db.session.execute(JUDGED.insert().from_select(JUDGED.c.keys(), offers))


def _bit(facet: str) -> int:
    return 1 << FACETS.index(facet)


def _counted(facet: str) -> Select[Any]:
    """Count the values of a facet among the offers that fail in nothing else."""
    meant = JUDGED.c.missed.in_((0, _bit(facet)))
    if facet in SINGLE:
        column = JUDGED.c[facet]
        single = select(column, func.count()).group_by(column)
        return single.where(meant, column.is_not(None))
    named: Any = _SEVERAL.get(facet, _NAMED.c.code)
    number = func.count(distinct(JUDGED.c.id))
    several = select(named, number).select_from(JUDGED).where(meant)
    if facet == "language":
        joined = several.join(OfferLanguage, OfferLanguage.offer_id == JUDGED.c.id)
        return joined.where(OfferLanguage.role == LanguageRole.TAUGHT).group_by(named)
    if facet == "institution":
        joined = several.join(ONE, is_one_with(JUDGED.c.id))
        return joined.join(Institution, Institution.id == ONE.institution_id).group_by(named)
    lines = _lines(facet)
    return (
        several.join(OfferTerm, OfferTerm.offer_id == JUDGED.c.id)
        .join(lines, lines.c.id == OfferTerm.term_id)
        .join(_NAMED, _NAMED.c.id == lines.c.counted)
        .group_by(named)
    )


def _lines(facet: str) -> Subquery:
    """Give every term with itself and with the one above, for which it counts too."""
    own = select(Term.id, Term.id.label("counted")).where(Term.vocabulary == facet)
    upward = select(Term.id, Term.broader_id.label("counted")).where(
        Term.vocabulary == facet, Term.broader_id.is_not(None)
    )
    return own.union(upward).subquery()
