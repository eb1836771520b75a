"""Search by the database alone, for when the index is away: filters and counts, no words."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, distinct, func, or_, select

from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import LanguageRole, Offer, OfferLanguage, OfferTerm
from courses.catalogue.queries import visible
from courses.catalogue.runs import Run
from courses.search.facets import Counts, no_counts
from courses.search.params import PAGE_SIZE, SearchParams, Sort
from courses.vocabularies.models import Term, Vocabulary


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
    for facet in found:
        others = [
            condition(name, values) for name, values in params.chosen.items() if name != facet
        ]
        offers = select(Offer.id).join(Institution).where(visible(), *others)
        if among is not None:
            offers = offers.where(Offer.id.in_(among))
        rows = db.session.execute(_counted(facet, offers))
        found[facet] = Counter({value: count for value, count in rows})
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


def _counted(facet: str, offers: Select[int]) -> Select[Any, int]:
    number = func.count(distinct(Offer.id))
    if facet == "kind":
        return select(Offer.kind, number).where(Offer.id.in_(offers)).group_by(Offer.kind)
    if facet in {"section", "institution"}:
        column = Institution.section if facet == "section" else Institution.slug
        grouped = select(column, number).select_from(Offer).join(Institution)
        return grouped.where(Offer.id.in_(offers), column.is_not(None)).group_by(column)
    if facet == "language":
        return (
            select(OfferLanguage.base, func.count(distinct(OfferLanguage.offer_id)))
            .where(OfferLanguage.offer_id.in_(offers), OfferLanguage.role == LanguageRole.TAUGHT)
            .group_by(OfferLanguage.base)
        )
    narrower = select(Term.id, Term.id.label("counted")).where(Term.vocabulary == facet)
    upward = select(Term.id, Term.broader_id.label("counted")).where(
        Term.vocabulary == facet, Term.broader_id.is_not(None)
    )
    lines = narrower.union(upward).subquery()
    named = Term.__table__.alias("named")
    return (
        select(named.c.code, func.count(distinct(OfferTerm.offer_id)))
        .select_from(OfferTerm)
        .join(lines, lines.c.id == OfferTerm.term_id)
        .join(named, named.c.id == lines.c.counted)
        .where(OfferTerm.offer_id.in_(offers))
        .group_by(named.c.code)
    )


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
