"""The door behind which engines stand: what is asked of them, and what they answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from courses.search.documents import Document
from courses.search.lexicon import Lexicon, lexicon
from courses.search.params import FACETS, SearchParams
from courses.search.query import TextQuery, text_query

Counts = dict[str, Counter[str]]
"""For every facet, how many offers each of its values would show."""


class Outcome(StrEnum):
    """What became of the words."""

    EVERYTHING = "everything"
    """None were typed."""

    ALL_WORDS = "all-words"
    """Offers with all of them were found, and no others are shown."""

    SOME_WORDS = "some-words"
    """Few offers have all of them: others, with some, follow."""

    NOTHING = "nothing"


@dataclass(frozen=True)
class Question:
    """What is asked of an engine."""

    params: SearchParams
    now: datetime
    words: Lexicon | None = None

    @cached_property
    def query(self) -> TextQuery:
        """The words, read."""
        return text_query(self.params.q, self.words or lexicon())

    @property
    def minute(self) -> int:
        """Now, in minutes since 1970."""
        return int(self.now.timestamp() // 60)


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: offer keys of one page, how many there are in all, counts for every facet.

    `with_all_words` of them have all the words. `away` tells that the index did not answer, and
    the database did.
    """

    numbers: list[int]
    total: int
    counts: Counts
    outcome: Outcome = Outcome.EVERYTHING
    with_all_words: int = 0
    unknown: tuple[str, ...] = ()
    """Words that no offer has, in any way."""

    corrected: str = ""
    """What was probably meant, where a word is unknown."""

    away: bool = False
    near: tuple[int, ...] = ()
    """Offers close in meaning that do not have the words: counted nowhere, named apart."""

    query: TextQuery = field(default_factory=TextQuery)
    """The words, as they were read."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A way to go on while typing: what to show, what it is ("title" ...), and in what language."""

    text: str
    kind: str
    code: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """How an engine is: documents, generation, what made it, size on disk."""

    documents: int
    generation: int
    made_by: str
    size: int = 0
    details: dict[str, int] = field(default_factory=dict)


class Engine(Protocol):
    """What finds offers. A question put to two engines has the same total and the same counts."""

    def search(self, question: Question) -> Found:
        """Answer a question."""

    def apply(self, gone: Iterable[int], fresh: Iterable[Document]) -> None:
        """Forget these offers and learn these documents; doing it twice is doing it once."""

    def refresh(self) -> int:
        """See what was written since; gives the generation that is seen."""

    def suggest(self, typed: str, language: str, *, number: int) -> list[Suggestion]:
        """Give ways to go on."""

    def rebuild(self, everything: Iterable[Document]) -> None:
        """Learn all documents anew, and forget all others, at once."""

    def health(self) -> Health:
        """Tell how the engine is."""


def no_counts() -> Counts:
    """Give an empty count for every facet."""
    return {facet: Counter() for facet in FACETS}


def outcome(question: Question, with_all_words: int, total: int) -> Outcome:
    """Tell what became of the words."""
    if not question.query.asked:
        return Outcome.EVERYTHING
    if not total:
        return Outcome.NOTHING
    return Outcome.ALL_WORDS if with_all_words == total else Outcome.SOME_WORDS
