"""The engine on SQL alone: the yardstick of the other, and the answer while the index is away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func, select

from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import Offer
from courses.catalogue.queries import listed
from courses.catalogue.runs import Run
from courses.catalogue.texts import OfferText
from courses.search.documents import Document
from courses.search.engine import Found, Health, Question, Suggestion, outcome
from courses.search.params import PAGE_SIZE, Sort
from courses.search.plain.facets import condition, counts, wanted
from courses.search.plain.words import MATCHED, lay_down
from courses.search.words import OfferWords, write_words


class Plain:
    """Answers from the tables."""

    def search(self, question: Question) -> Found:
        """Answer a question."""
        params, now, asked = question.params, question.now, question.query.asked
        among = None
        if asked:
            lay_down(question.query)
            among = select(MATCHED.c.offer_id)
        conditions = [condition(facet, values, now) for facet, values in wanted(params).items()]
        chosen = select(Offer.id).join(Institution).where(listed(), *conditions)
        if asked:
            chosen = chosen.join(MATCHED, MATCHED.c.offer_id == Offer.id)
        full = chosen.where(MATCHED.c.whole) if asked else chosen
        total, with_all_words = _number(chosen), _number(full)
        ordered = chosen.order_by(*_order(question), Offer.id.desc())
        page = ordered.limit(PAGE_SIZE).offset((params.page - 1) * PAGE_SIZE)
        return Found(
            list(db.session.scalars(page)),
            total,
            counts(params, now, among=among),
            outcome(question, with_all_words, total),
            with_all_words,
            away=True,
        )

    def apply(self, gone: Iterable[int], fresh: Iterable[Document]) -> None:
        """Forget these offers' words and learn those of these documents."""
        write_words(list(gone), fresh)

    def refresh(self) -> int:
        """See what was written since: a database always does."""
        return 0

    def suggest(self, typed: str, language: str, *, number: int) -> list[Suggestion]:
        """Give titles with a word that begins as typed."""
        start = typed.strip()
        if not start:
            return []
        begins = OfferText.title.istartswith(start, autoescape=True)
        within = OfferText.title.icontains(f" {start}", autoescape=True)
        titles = (
            select(OfferText.title, OfferText.language)
            .join(Offer)
            .where(listed(), begins | within)
            .order_by((OfferText.language != language), begins.desc(), OfferText.id)
            .limit(number)
        )
        rows = db.session.execute(titles)
        return [Suggestion(title, "title", language=written_in) for title, written_in in rows]

    def rebuild(self, everything: Iterable[Document]) -> None:
        """Learn all words anew."""
        db.session.execute(delete(OfferWords))
        write_words([], everything)

    def health(self) -> Health:
        """Tell for how many offers there are words."""
        return Health(_number(select(OfferWords.offer_id)), 0, "sql")


def _number(rows: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _order(question: Question) -> tuple[ColumnElement[Any], ...]:
    params, now = question.params, question.now
    newest = func.coalesce(Offer.published_at, Offer.added_at).desc()
    if params.sort is Sort.REVIEWED:
        said = case((Offer.colleague_share.is_not(None), Offer.review_count), else_=0)
        return Offer.colleague_share.desc().nulls_last(), said.desc(), newest
    if params.sort is Sort.SOONEST:
        coming = select(func.min(Run.starts_at)).where(
            Run.offer_id == Offer.id, Run.starts_at > now
        )
        return coming.scalar_subquery().asc().nulls_last(), newest
    if params.sort is Sort.RELEVANCE and question.query.asked:
        best = (MATCHED.c.titled, MATCHED.c.whole, MATCHED.c.covered, MATCHED.c.exactly)
        return *(column.desc() for column in best), newest
    return (newest,)
