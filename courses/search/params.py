"""What is asked of the catalogue: the query string as a frozen value, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlencode

from academy.i18n import base_language
from courses.catalogue.models import Certificate, Cost, Kind, Level
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import Vocabularies
from courses.vocabularies.regions import is_region

FACETS = (
    *("language", "issue", "methodology", "kind", "when"),
    *("region", "section", "institution", "audience"),
    *("level", "cost", "certificate", "data"),
)
LONGEST_QUERY = 300
MOST_VALUES = 50
"""How many values of one facet are read."""

LONGEST_NAMED = 80
LAST_PAGE = 100_000
PAGE_SIZE = 20


class Sort(StrEnum):
    """The orders a list can have."""

    RELEVANCE = "relevance"
    SOONEST = "soonest"
    NEWEST = "newest"
    REVIEWED = "reviewed"


class When(StrEnum):
    """Whether there is something to come."""

    UPCOMING = "upcoming"
    RUNNING = "running"
    ANYTIME = "anytime"
    RECORDED = "recorded"
    PAST = "past"


class Data(StrEnum):
    """How much a learner has to load, in megabytes; the light way counts where there is one."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


DATA_UP_TO = {Data.SMALL: 20, Data.MEDIUM: 100}
CHOICES: dict[str, type[StrEnum]] = {
    "kind": Kind,
    "when": When,
    "level": Level,
    "cost": Cost,
    "certificate": Certificate,
    "data": Data,
}
"""Facets whose values are in the code; those of the others are in the database."""


class Arguments(Protocol):
    """A query string with repeated keys, such as werkzeug's MultiDict."""

    def get(self, key: str, default: str) -> str:
        """Give the first value of a key."""

    def getlist(self, key: str) -> list[str]:
        """Give all values of a key."""


@dataclass(frozen=True, slots=True)
class SearchParams:
    """A question to the catalogue. Values within a facet are alternatives; facets add up."""

    q: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    def values(self, facet: str) -> tuple[str, ...]:
        """Give what is chosen in a facet."""
        return self.chosen.get(facet, ())

    def plus(self, facet: str, value: str) -> SearchParams:
        """Choose one value more, from the first page."""
        return self._with(facet, {*self.values(facet), value})

    def minus(self, facet: str, value: str) -> SearchParams:
        """Choose one value less, from the first page."""
        return self._with(facet, {*self.values(facet)} - {value})

    def without_facets(self) -> SearchParams:
        """Ask the same words of the whole catalogue."""
        return replace(self, chosen={}, page=1)

    def on_page(self, page: int) -> SearchParams:
        """Turn to another page of the same list."""
        return replace(self, page=page)

    def pairs(self) -> list[tuple[str, str]]:
        """Give the query as pairs in canonical order, leaving out what goes without saying."""
        pairs = [("q", self.q)] if self.q else []
        for name in FACETS:
            pairs += [(name, value) for value in self.values(name)]
        if self.sort is not Sort.RELEVANCE:
            pairs.append(("sort", self.sort.value))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return pairs

    def query_string(self) -> str:
        """Give the canonical query string."""
        return urlencode(self.pairs())

    def _with(self, facet: str, values: Iterable[str]) -> SearchParams:
        kept = {**self.chosen, facet: tuple(sorted(values))}
        return replace(self, chosen={name: all_ for name, all_ in kept.items() if all_}, page=1)


@dataclass(frozen=True, slots=True)
class Read:
    """What a query string said: the question, and (parameter, value) pairs nobody knows.

    `overfull` are the facets with more values than are read; `shortened` tells that more was typed
    than is read.
    """

    params: SearchParams
    unknown: tuple[tuple[str, str], ...] = ()
    overfull: tuple[str, ...] = ()
    shortened: bool = False


def read_params(
    arguments: Arguments, vocabulary: Vocabularies, *, is_institution: Callable[[str], bool]
) -> Read:
    """Read a query string; never fails: what is not understood is named and left out."""
    unknown: list[tuple[str, str]] = []
    chosen: dict[str, tuple[str, ...]] = {}
    for facet in FACETS:
        given = dict.fromkeys(_clean(raw) for raw in arguments.getlist(facet)[:MOST_VALUES])
        codes = {value: _code(facet, value, vocabulary, is_institution) for value in given if value}
        unknown += [(facet, value[:LONGEST_NAMED]) for value, code in codes.items() if not code]
        known = tuple(sorted({code for code in codes.values() if code}))
        if known:
            chosen[facet] = known
    typed = _clean(arguments.get("q", ""))
    params = SearchParams(
        q=typed[:LONGEST_QUERY].strip(),
        chosen=chosen,
        sort=_sort(arguments.get("sort", ""), unknown),
        page=_page(arguments.get("page", ""), unknown),
    )
    overfull = tuple(one for one in FACETS if len(arguments.getlist(one)) > MOST_VALUES)
    return Read(params, tuple(unknown), overfull, len(typed) > LONGEST_QUERY)


def _clean(text: str) -> str:
    return "".join(" " if ord(char) < 32 else char for char in text).strip()


def _code(
    facet: str, value: str, vocabulary: Vocabularies, is_institution: Callable[[str], bool]
) -> str | None:
    if facet == "institution":
        return value if is_institution(value) else None
    if facet == "region":
        return value if is_region(value) else None
    if facet in CHOICES:
        return value if value in set(CHOICES[facet]) else None
    if facet == "language":
        value = base_language(value)
    return value if (Vocabulary(facet), value) in vocabulary.by_code else None


def _sort(text: str, unknown: list[tuple[str, str]]) -> Sort:
    text = _clean(text)
    if text in set(Sort):
        return Sort(text)
    if text:
        unknown.append(("sort", text[:LONGEST_NAMED]))
    return Sort.RELEVANCE


def _page(text: str, unknown: list[tuple[str, str]]) -> int:
    text = _clean(text)
    # No page has ten digits, and Python refuses to read thousands of them.
    is_number = text.isascii() and text.isdecimal() and len(text) <= 9
    if is_number and 1 <= int(text) <= LAST_PAGE:
        return int(text)
    if text:
        unknown.append(("page", text[:LONGEST_NAMED]))
    return 1
