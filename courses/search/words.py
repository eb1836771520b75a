"""The words of every offer, in the database: phrases, and what search does without an index."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Text, and_, delete, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from academy.db import Base, Key, db
from courses.catalogue.models import Offer
from courses.catalogue.queries import listed
from courses.search.analyzers import Phrase
from courses.search.documents import Document


class OfferWords(Base):
    """What the index knows of an offer's words; no foreign key, for it follows a moment later.

    `said` has the folded words of each text in their order, a bar between texts; `tokens` has
    every token once. Both begin and end with a space, and have one between any two.
    """

    __tablename__ = "offer_words"

    offer_id: Mapped[Key]
    said: Mapped[str] = mapped_column(Text)
    tokens: Mapped[str] = mapped_column(Text)


def forget_hidden_words() -> None:
    """Forget the words of offers that nobody can see."""
    shown = select(Offer.id).where(listed())
    db.session.execute(delete(OfferWords).where(OfferWords.offer_id.not_in(shown)))


def write_words(gone: Collection[int], fresh: Iterable[Document]) -> None:
    """Forget the words of these offers and keep those of these documents."""
    db.session.execute(delete(OfferWords).where(OfferWords.offer_id.in_(gone)))
    rows = [
        {"offer_id": one.number, "said": one.said, "tokens": f" {' '.join(_spaceless(one))} "}
        for one in fresh
    ]
    if rows:
        db.session.execute(insert(OfferWords), rows)


def says(phrase: Phrase) -> ColumnElement[bool]:
    """Give the condition under which an offer says words one after another."""
    return OfferWords.said.contains(f" {' '.join(phrase)} ", autoescape=True)


def saying(phrases: Iterable[Phrase], *, among: Iterable[int]) -> set[int]:
    """Tell which of these offers say all the phrases."""
    return _being(and_(*map(says, phrases)), among)


def saying_any(phrases: Iterable[Phrase], *, among: Iterable[int]) -> set[int]:
    """Tell which of these offers say any of the phrases."""
    return _being(or_(*map(says, phrases)), among)


def _being(condition: ColumnElement[bool], among: Iterable[int]) -> set[int]:
    """Tell of which of these offers a condition is true."""
    numbers = list(among)
    found: set[int] = set()
    for start in range(0, len(numbers), AT_ONCE):
        some = OfferWords.offer_id.in_(numbers[start : start + AT_ONCE])
        found.update(db.session.scalars(select(OfferWords.offer_id).where(some, condition)))
    return found


AT_ONCE = 5_000
"""How many keys one statement names, at most."""


def _spaceless(document: Document) -> list[str]:
    """Give the tokens without that of the whole title, which `said` holds."""
    return [token for token in document.impacts if not token.startswith("!")]
