"""How near offers are to each other: by rare words and issues in common, and alike otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from courses.search.answering.segments import PAST, Segment, unpack
from courses.search.answering.snapshots import Snapshot
from courses.search.weights import rarity

MOST = 6
"""How many near offers are given."""

FROM_THE_SAME = 3
"""How many of them the same institution may have."""

RARE, AT_LEAST = 0.02, 20
"""A word is rare that this share of the offers has at most; or so many, where there are few."""

RAREST = 40
"""How many of the rare words of an offer are looked at."""

ISSUE = 1.5
"""What an issue in common counts, beside a word that is as rare."""

ALIKE = {"language": 1.3, "methodology": 1.15}
"""By how much it counts more where these are the same."""

LOOKED_AT = 40
"""How many of the nearest are compared by who teaches them."""

Scores = NDArray[np.float32]
T = TypeVar("T", bound=np.generic)


class Nearness:
    """Measures one state of the index; documents are counted through all its segments."""

    def __init__(self, snapshot: Snapshot, *, minute: int) -> None:
        self._segments = [segment for segment, _ in snapshot.segments]
        self._starts = np.cumsum([0, *(segment.size for segment in self._segments)])[:-1].tolist()
        self._numbers = _joined([segment.keys["number"] for segment in self._segments])
        open_to_all = [
            unpack(live & ~segment.plane(PAST, minute), segment.size)
            for segment, live in snapshot.segments
        ]
        alive = [unpack(live, segment.size) for segment, live in snapshot.segments]
        self._allowed, self._alive = _joined(open_to_all), _joined(alive)
        self._planes: dict[str, NDArray[np.bool_]] = {}

    def to(self, number: int, tokens: Iterable[str]) -> list[int]:
        """Name the offers nearest to one that has these tokens."""
        places = np.flatnonzero((self._numbers == number) & self._alive)
        if not len(places):
            return []
        place = int(places[0])
        scores = self._by_words(tokens)
        values = list(self._values(place))
        for value in values:
            if value.startswith("issue="):
                carrying = self._plane(value)
                scores += carrying * np.float32(ISSUE * self._rarity(int(carrying.sum())))
        for value in values:
            if more := ALIKE.get(value.partition("=")[0]):
                scores *= np.where(self._plane(value), np.float32(more), np.float32(1))
        scores *= self._allowed
        scores[place] = 0
        chosen = self._chosen(scores, int(self._institution[place]))
        return [int(self._numbers[one]) for one in chosen]

    def _by_words(self, tokens: Iterable[str]) -> Scores:
        scores = np.zeros(len(self._numbers), np.float32)
        size = len(self._numbers)
        most = min(max(AT_LEAST, int(RARE * size)), size // 2)
        found = []
        for token in tokens:
            if token.startswith("="):
                postings = [segment.postings(token) for segment in self._segments]
                often = sum(len(one.documents) for one in postings)
                if 1 < often <= most:
                    found.append((often, token, postings))
        for often, _, postings in sorted(found, key=lambda one: one[:2])[:RAREST]:
            weight = np.float32(self._rarity(often))
            for start, one in zip(self._starts, postings, strict=True):
                scores[one.documents + np.uint32(start)] += one.impacts * weight
        return scores

    def _chosen(self, scores: Scores, institution: int) -> list[int]:
        """Choose the nearest, but not from one institution alone."""
        near = np.flatnonzero(scores)
        nearest = near[np.argsort(-scores[near], kind="stable")[:LOOKED_AT]]
        own, chosen = 0, []
        for place in nearest.tolist():
            same = self._institution[place] == institution
            if not (same and own == FROM_THE_SAME):
                own += bool(same)
                chosen.append(place)
        return chosen[:MOST]

    def _rarity(self, often: int) -> float:
        return rarity(often, len(self._numbers))

    def _values(self, place: int) -> Iterator[str]:
        """Name the facet values of a document."""
        at = int(np.searchsorted(self._starts, place, side="right")) - 1
        segment = self._segments[at]
        rows = segment.matrix[place - self._starts[at]].tolist()
        return (segment.names[row] for row in rows if row < len(segment.names))

    def _plane(self, value: str) -> NDArray[np.bool_]:
        """Tell of every document whether it carries a facet value."""
        found = self._planes.get(value)
        if found is None:
            found = self._planes[value] = _joined([_carrying(one, value) for one in self._segments])
        return found

    @cached_property
    def _institution(self) -> NDArray[np.int32]:
        """Number the institutions of all documents."""
        values = {value for one in self._segments for value in one.values}
        found = np.zeros(len(self._numbers), np.int32)
        for turn, value in enumerate(sorted(values), 1):
            if value.startswith("institution="):
                found[self._plane(value)] = turn
        return found


def _carrying(segment: Segment, value: str) -> NDArray[np.bool_]:
    return unpack(segment.plane(value, 0), segment.size)


def _joined(parts: list[NDArray[T]]) -> NDArray[T]:
    return np.concatenate(parts)
