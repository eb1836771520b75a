"""What is searched: documents of real offers, each once or again and again with other terms."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import process_time

from flask import Flask
from sqlalchemy import select

from academy.db import db, utcnow
from courses.catalogue.models import Offer
from courses.catalogue.queries import offers_by_id, visible
from courses.progress import progress
from courses.search.documents import Document, document
from courses.search.lexicon import Lexicon, lexicon
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies

COUNTED = ("language", "issue", "methodology", "kind")
"""The facets that every engine counts, each blind to its own choice."""

BATCH = 500
INSTITUTIONS = 500
MOST_ISSUES, MOST_METHODOLOGIES = 3, 2
ALWAYS_OPEN = ((0, 0), (0, 0))
SEED = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A document as other engines are given it: its words with spaces between them."""

    number: int
    title: str
    body: str
    newest: int
    values: dict[str, list[str]]


@dataclass(frozen=True)
class Data:
    """The documents of real offers, the terms to deal out, and what making them took."""

    real: Sequence[Document]
    issues: Sequence[str]
    methodologies: Sequence[str]
    lexicon: Lexicon
    seconds: float
    """Seconds of one core for making the documents of offers that were loaded."""

    def documents(self, size: int) -> Iterator[Document]:
        """Give so many documents, always the same, none of which is kept.

        Real offers name few terms and are partly over: issues and methodologies are dealt out, and
        everything is open, so that all engines search the same.
        """
        chance = random.Random(SEED)
        for turn in range(size):
            told = self.real[turn % len(self.real)]
            yield replace(
                told,
                number=turn + 1,
                facets=_own(told) | {"when=anytime"} | self._dealt(chance),
                runs=ALWAYS_OPEN,
            )

    def _dealt(self, chance: random.Random) -> set[str]:
        issues = chance.choices(self.issues, k=chance.randint(1, MOST_ISSUES))
        ways = chance.choices(self.methodologies, k=chance.randint(1, MOST_METHODOLOGIES))
        institution = f"institution=school-{chance.randrange(INSTITUTIONS)}"
        return {institution, *(f"issue={code}" for code in issues)} | {
            f"methodology={code}" for code in ways
        }


def _own(told: Document) -> frozenset[str]:
    dealt = ("issue=", "methodology=", "institution=", "when=")
    return frozenset(value for value in told.facets if not value.startswith(dealt))


def data_of(app: Flask, *, most: int) -> Data:
    """Make the documents of the offers of an academy, or of so many of them from all over it."""
    with app.app_context():
        known = lexicon()
        real, seconds = _made(known, most)
        codes = [
            [term.code for term in vocabularies().of(name)]
            for name in (Vocabulary.ISSUE, Vocabulary.METHODOLOGY)
        ]
        return Data(real, codes[0], codes[1], known, seconds)


def _made(known: Lexicon, most: int) -> tuple[list[Document], float]:
    numbers = db.session.scalars(select(Offer.id).where(visible()).order_by(Offer.id)).all()
    wanted = min(most, len(numbers))
    numbers = [numbers[turn * len(numbers) // wanted] for turn in range(wanted)]
    made: list[Document] = []
    seconds, now = 0.0, utcnow()
    with progress("Making documents", wanted) as teller:
        for start in range(0, wanted, BATCH):
            offers = offers_by_id(numbers[start : start + BATCH]).values()
            vocabulary = vocabularies(Vocabulary.SDG)
            started = process_time()
            made += [document(offer, vocabulary, known, now=now) for offer in offers]
            seconds += process_time() - started
            db.session.rollback()
            teller.tell(len(made))
    return made, seconds


def row_of(told: Document) -> Row:
    """Give the words and the counted facets of a document; a second title is part of the body."""
    title, *rest = told.said.strip(" |").split(" | ")
    values: dict[str, list[str]] = {facet: [] for facet in COUNTED}
    for value in told.facets:
        facet, _, code = value.partition("=")
        if facet in values:
            values[facet].append(code)
    return Row(told.number, title, " ".join(rest), told.newest, values)


class Codes:
    """Numbers for the values of each facet: databases join and count them faster than words."""

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, int]] = {facet: {} for facet in COUNTED}

    def number(self, facet: str, value: str) -> int:
        """Give the number of a value."""
        known = self._numbers[facet]
        return known.setdefault(value, len(known))

    def named(self, facet: str, counted: Iterable[tuple[int, int]]) -> dict[str, int]:
        """Name the values of pairs of number and count."""
        names = list(self._numbers[facet])
        return {names[number]: count for number, count in counted}
