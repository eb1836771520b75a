"""What is asked: words of real titles, choices in four facets, and both."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice

from benchmarks.search.data import COUNTED, Data
from courses.search.engine import Question
from courses.search.params import SearchParams
from courses.search.query import Group

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
QUESTIONS = 200
DRAWN_FROM = 5_000
"""Documents whose values tell how often each is chosen."""

SEED = 11


class Sort(StrEnum):
    """Three sorts of questions."""

    BOTH = "text and facets"
    FILTERS = "filters only"
    TEXT = "text without facets"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to every engine: the words as ours reads them, and what is chosen."""

    sort: Sort
    params: SearchParams
    groups: tuple[Group, ...]

    @property
    def words(self) -> list[str]:
        """The very words."""
        return [group.word for group in self.groups]

    @property
    def chosen(self) -> Mapping[str, tuple[str, ...]]:
        """The values chosen, by facet."""
        return self.params.chosen


@dataclass(frozen=True, slots=True)
class Answer:
    """The first twenty offers, how many there are, and for each facet how many have each value."""

    numbers: list[int]
    total: int
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def agrees(self, other: Answer) -> bool:
        """Tell whether totals and counts are the same; the order is each engine's own."""
        return (self.total, self.counts) == (other.total, other.counts)


def questions(data: Data) -> dict[Sort, list[Asked]]:
    """Make the questions, always the same for the same documents."""
    chance = random.Random(SEED)
    counted: dict[str, Counter[str]] = {facet: Counter() for facet in COUNTED}
    for told in islice(data.documents(DRAWN_FROM), DRAWN_FROM):
        for value in told.facets:
            facet, _, code = value.partition("=")
            if facet in counted:
                counted[facet][code] += 1
    return {sort: [_asked(chance, sort, data, counted) for _ in range(QUESTIONS)] for sort in Sort}


def _asked(
    chance: random.Random, sort: Sort, data: Data, counted: dict[str, Counter[str]]
) -> Asked:
    text = "" if sort is Sort.FILTERS else _words(chance, data)
    least, most = {Sort.BOTH: (0, 3), Sort.FILTERS: (1, 3), Sort.TEXT: (0, 0)}[sort]
    facets = chance.sample(COUNTED, chance.randint(least, most))
    params = SearchParams(text, {facet: _values(chance, counted[facet]) for facet in facets})
    return Asked(sort, params, Question(params, NOW, data.lexicon).query.groups)


def _words(chance: random.Random, data: Data) -> str:
    """Give one to three words of a title."""
    found: list[str] = []
    while not found:
        title = chance.choice(data.real).said.strip(" |").partition(" | ")[0]
        found = title.split()
    return " ".join(chance.sample(found, min(len(found), chance.randint(1, 3))))


def _values(chance: random.Random, counted: Counter[str]) -> tuple[str, ...]:
    names = sorted(counted)
    drawn = chance.choices(names, [counted[name] for name in names], k=chance.randint(1, 2))
    return tuple(sorted(set(drawn)))
