"""Queries that found nothing: what people look for and nobody teaches, without the people."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, String, UniqueConstraint, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from academy.db import Base, Key, db
from academy.text import fold
from courses.search.analyzers import words

KEPT_FOR = timedelta(days=90)
LOOKED_BACK = timedelta(days=30)
LONGEST_KEPT, MOST_WORDS, MOST_DIGITS = 80, 8, 6
"""What is longer is cut; with more words, or more digits, a query is not kept at all."""

MOST_A_DAY = 2_000
"""How many different queries are kept of a day: who asks by machine does not fill the table."""


class UnansweredQuery(Base):
    """A query that found nothing, and how often on a day in a language. It knows of no person."""

    __tablename__ = "unanswered_queries"
    __table_args__ = (UniqueConstraint("day", "language", "query"),)

    id: Mapped[Key]
    day: Mapped[date]
    language: Mapped[str] = mapped_column(String(12))
    query: Mapped[str] = mapped_column(String(LONGEST_KEPT))
    count: Mapped[int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it is counted: on a day, on pages of a language, folded."""

    day: date
    language: str
    query: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """How often a query found nothing, on pages of a language."""

    query: str
    language: str
    count: int


def countable(text: str) -> str | None:
    """Fold a query for counting; None for one that may say who somebody is.

    Addresses of mail and of pages, long numbers, and whole sentences are not kept; nor is what
    has no word.
    """
    plain = unicodedata.normalize("NFKC", text)
    if "@" in plain or "://" in plain or sum(map(str.isdigit, plain)) > MOST_DIGITS:
        return None
    if not 0 < len(words(text)) <= MOST_WORDS:
        return None
    return " ".join(fold(text).split())[:LONGEST_KEPT].rstrip()


def count_unanswered(found: Mapping[Asked, int]) -> None:
    """Add to the counts; new queries beyond the `MOST_A_DAY` of a day are left out."""
    for asked, times in found.items():
        known = select(UnansweredQuery.id).where(
            UnansweredQuery.day == asked.day,
            UnansweredQuery.language == asked.language,
            UnansweredQuery.query == asked.query,
        )
        row = db.session.scalar(known)
        if row is not None:
            more = {"count": UnansweredQuery.count + times}
            db.session.execute(
                update(UnansweredQuery).where(UnansweredQuery.id == row).values(more)
            )
        elif _different_on(asked.day) < MOST_A_DAY:
            new = {"day": asked.day, "language": asked.language, "query": asked.query}
            db.session.execute(insert(UnansweredQuery).values(count=times, **new))


def forget_old_queries(*, now: datetime) -> None:
    """Leave behind what is older than `KEPT_FOR`."""
    before = (now - KEPT_FOR).date()
    db.session.execute(delete(UnansweredQuery).where(UnansweredQuery.day < before))


def unanswered(
    language: str | None, *, now: datetime, limit: int | None = None, offset: int = 0
) -> Sequence[Unanswered]:
    """List the queries of the last `LOOKED_BACK`, of one language or all, most frequent first."""
    times = func.sum(UnansweredQuery.count)
    rows = (
        select(UnansweredQuery.query, UnansweredQuery.language, times)
        .where(*_lately(language, now))
        .group_by(UnansweredQuery.query, UnansweredQuery.language)
        .order_by(times.desc(), UnansweredQuery.query, UnansweredQuery.language)
    )
    found = db.session.execute(rows.limit(limit).offset(offset))
    return [Unanswered(query, spoken, int(count)) for query, spoken, count in found]


def unanswered_count(language: str | None, *, now: datetime) -> int:
    """Count the different queries of the last `LOOKED_BACK`, each language's apart."""
    return sum(unanswered_by_language(now=now, language=language).values())


def unanswered_by_language(*, now: datetime, language: str | None = None) -> dict[str, int]:
    """Count the different queries of the last `LOOKED_BACK`, by language."""
    each = (
        select(UnansweredQuery.language, UnansweredQuery.query)
        .where(*_lately(language, now))
        .distinct()
        .subquery()
    )
    rows = select(each.c.language, func.count()).group_by(each.c.language).order_by(each.c.language)
    return {spoken: count for spoken, count in db.session.execute(rows)}


def _lately(language: str | None, now: datetime) -> list[ColumnElement[bool]]:
    lately = [UnansweredQuery.day > (now - LOOKED_BACK).date()]
    return [*lately, UnansweredQuery.language == language] if language else lately


def _different_on(day: date) -> int:
    rows = select(func.count()).select_from(UnansweredQuery).where(UnansweredQuery.day == day)
    return db.session.scalar(rows) or 0
