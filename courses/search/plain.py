"""Search by the database alone, for when the index is away: filters and counts, no words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Subquery,
    case,
    distinct,
    func,
    literal,
    or_,
    select,
    union_all,
)

from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import LanguageRole, Offer, OfferLanguage, OfferTerm
from courses.catalogue.queries import visible
from courses.catalogue.runs import Run
from courses.search.facets import Counts, no_counts
from courses.search.params import FACETS, PAGE_SIZE, SearchParams, Sort
from courses.vocabularies.models import Term, Vocabulary

_NAMED = Term.__table__.alias("named")


def find(params: SearchParams, *, now: datetime) -> tuple[list[int], int, Counts]:
    """Give the keys of one page of offers, how many there are, and the counts of every facet."""
    matching = [condition(facet, values) for facet, values in params.chosen.items()]
    chosen = select(Offer.id).join(Institution).where(visible(), *matching)
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    ordered = chosen.order_by(*_order(params.sort, now), Offer.published_at.desc(), Offer.id.desc())
    page = ordered.limit(PAGE_SIZE).offset((params.page - 1) * PAGE_SIZE)
    return list(db.session.scalars(page)), total, counts(params)


def counts(params: SearchParams, *, among: Select[int] | None = None) -> Counts:
    """Count the values of every facet, each facet blind to its own choice.

    `among` narrows to these offers, such as those whose text matches.
    """
    found = no_counts()
    judged = _judged(params, among).cte("judged")
    every = union_all(*(_counted(facet, judged) for facet in found))
    for facet, value, number in db.session.execute(every):
        found[facet][value] = number
    return found


def condition(facet: str, values: tuple[str, ...]) -> ColumnElement[bool]:
    """Give the condition under which an offer carries any of the values."""
    if facet == "kind":
        return Offer.kind.in_(values)
    if facet == "section":
        return Institution.section.in_(values)
    if facet == "institution":
        return Institution.slug.in_(values)
    if facet == "language":
        taught = select(OfferLanguage.offer_id).where(
            OfferLanguage.role == LanguageRole.TAUGHT, OfferLanguage.base.in_(values)
        )
        return Offer.id.in_(taught)
    broader = select(Term.id).where(Term.vocabulary == Vocabulary(facet), Term.code.in_(values))
    described = (
        select(OfferTerm.offer_id)
        .join(Term)
        .where(or_(Term.id.in_(broader), Term.broader_id.in_(broader)))
    )
    return Offer.id.in_(described)


def _judged(params: SearchParams, among: Select[int] | None) -> Select[*tuple[Any, ...]]:
    """Look at every offer once for all facets; `missed` has the bit of each facet it fails in."""
    missed: ColumnElement[int] = literal(0)
    for facet, values in params.chosen.items():
        missed += case((condition(facet, values), 0), else_=_bit(facet))
    told = (Offer.kind, Institution.section, Institution.slug.label("institution"))
    offers = select(Offer.id, *told, missed.label("missed")).join(Institution).where(visible())
    return offers if among is None else offers.where(Offer.id.in_(among))


def _bit(facet: str) -> int:
    return 1 << FACETS.index(facet)


def _counted(facet: str, judged: CTE) -> Select[Any, Any, int]:
    """Count the values of a facet among the offers that fail in nothing else."""
    meant = judged.c.missed.in_((0, _bit(facet)))
    if facet in {"kind", "section", "institution"}:
        column = judged.c[facet]
        single = select(literal(facet), column, func.count()).group_by(column)
        return single.where(meant, column.is_not(None))
    named: Any = OfferLanguage.base if facet == "language" else _NAMED.c.code
    number = func.count(distinct(judged.c.id))
    several = select(literal(facet), named, number).select_from(judged).where(meant)
    if facet == "language":
        joined = several.join(OfferLanguage, OfferLanguage.offer_id == judged.c.id)
        return joined.where(OfferLanguage.role == LanguageRole.TAUGHT).group_by(named)
    lines = _lines(facet)
    return (
        several.join(OfferTerm, OfferTerm.offer_id == judged.c.id)
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


def _order(sort: Sort, now: datetime) -> tuple[ColumnElement[Any], ...]:
    if sort is Sort.REVIEWED:
        said = case((Offer.colleague_share.is_not(None), Offer.review_count), else_=0)
        return Offer.colleague_share.desc().nulls_last(), said.desc()
    if sort is Sort.SOONEST:
        coming = select(func.min(Run.starts_at)).where(
            Run.offer_id == Offer.id, Run.starts_at >= now
        )
        return (coming.scalar_subquery().asc().nulls_last(),)
    return ()
