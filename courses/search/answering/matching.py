"""Which documents have the words of a query, and how well: exact, ranked, without a loop.

A document matches when it has every word. Where fewer than `FEW` offers do, those that have any
of the words follow, and a word then also matches what begins loosely. Whether that is so depends on
the words alone, never on the filters: a number beside a value stays what a click on it gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from courses.search.analyzers import Phrase
from courses.search.answering.rarities import Rarities
from courses.search.answering.segments import Bits, Segment, number_of, pack
from courses.search.query import Group, TextQuery
from courses.search.store.segments import NOWHERE, Postings
from courses.search.weights import FEW, TITLE_ITSELF
from courses.search.words import saying, saying_any

KEPT_GROUPS = 2_000
"""How many words of queries a state of the index remembers."""

Scores = NDArray[np.float32]
Places = NDArray[np.intp]
NO_PLACES = np.empty(0, np.intp)


@dataclass(frozen=True, slots=True)
class Matched:
    """The documents of a segment that answer the words, and the score of every document."""

    all_words: Bits
    some_words: Bits
    scores: Scores


class Matcher:
    """Matches words in one state of the index; keeps what it found for the next query."""

    def __init__(self, segments: Sequence[tuple[Segment, Bits]]) -> None:
        self._segments = segments
        self.rarity = Rarities(segments)
        self._kept: dict[tuple[Group, bool], list[Postings]] = {}

    def matched(self, query: TextQuery) -> list[Matched]:
        """Match a query in each segment."""
        places = range(len(self._segments))
        allowed = [self._allowed(query, at) for at in places]
        strict = [self._with_all(query, at, allowed[at]) for at in places]
        every = sum(number_of(one.all_words) for one in strict)
        if every >= FEW or not query.groups:
            return strict
        return [self._with_some(query, at, allowed[at], strict[at]) for at in places]

    def knows(self, group: Group) -> bool:
        """Tell whether any document has a word, in any way."""
        return any(len(found.documents) for found in self._found(group, loosely=False))

    def _with_all(self, query: TextQuery, at: int, allowed: Bits) -> Matched:
        """Match the documents of a segment that have every word, beginning with the rarest."""
        segment, _ = self._segments[at]
        scores = np.zeros(segment.size, np.float32)
        found = [self._found(group, loosely=False)[at] for group in query.groups]
        every = reduce(_both, sorted(found, key=len)) if found else NOWHERE
        scores[every.documents] = every.impacts
        self._add_title(query, segment, scores)
        there = segment.bits(every.documents) & allowed
        return Matched(there, there, scores)

    def _with_some(self, query: TextQuery, at: int, allowed: Bits, exact: Matched) -> Matched:
        """Match those that have some words, in looser ways too."""
        segment, _ = self._segments[at]
        told = np.zeros(segment.size, np.float32)
        scores = np.zeros(segment.size, np.float32)
        for group in query.groups:
            found = self._found(group, loosely=True)[at]
            scores[found.documents] += found.impacts
            told[found.documents] += np.float32(self.rarity(group.ways[0].tokens))
        telling = sum(self.rarity(group.ways[0].tokens) for group in query.groups)
        scores *= np.sqrt(told / np.float32(telling or 1.0))
        self._add_title(query, segment, scores)
        some = pack(told > 0) & allowed
        return Matched(exact.all_words, some, scores)

    @staticmethod
    def _add_title(query: TextQuery, segment: Segment, scores: Scores) -> None:
        if query.title:
            scores[segment.postings(query.title).documents] += TITLE_ITSELF

    def _allowed(self, query: TextQuery, at: int) -> Bits:
        segment, live = self._segments[at]
        allowed = live
        if query.left_out:
            itself = segment.bits(segment.postings(query.title).documents)
            allowed = allowed & (itself | ~self._left_out(query.left_out, segment, allowed))
        if query.phrases:
            said = segment.documents(self._with_words(query.phrases, segment) & allowed)
            numbers = segment.keys["number"][said]
            wanted = saying(query.phrases, among=numbers.tolist())
            allowed = segment.bits(said[np.isin(numbers, list(wanted))])
        return allowed

    def _left_out(self, phrases: Sequence[Phrase], segment: Segment, allowed: Bits) -> Bits:
        """Mark the documents that say a word or phrase that is to be left out."""
        found, likely = segment.nothing(), segment.nothing()
        for phrase in phrases:
            having = self._with_words([phrase], segment)
            if len(phrase) == 1:
                found |= having
            else:
                likely |= having
        unsure = segment.documents(likely & allowed & ~found)
        numbers = segment.keys["number"][unsure]
        longer = [phrase for phrase in phrases if len(phrase) > 1]
        said = saying_any(longer, among=numbers.tolist()) if longer else set()
        return found | segment.bits(unsure[np.isin(numbers, list(said))])

    @staticmethod
    def _with_words(phrases: Sequence[Phrase], segment: Segment) -> Bits:
        """Mark the documents that have every word of the phrases, in whatever order."""
        tokens = dict.fromkeys(f"={word}" for phrase in phrases for word in phrase)
        return segment.bits(_where(tokens, segment).documents)

    def _found(self, group: Group, *, loosely: bool) -> list[Postings]:
        """Find the documents of a word in every segment, each with its best way."""
        key = group, loosely
        found = self._kept.get(key)
        if found is None:
            found = self._look_up(group, loosely=loosely)
            if len(self._kept) >= KEPT_GROUPS:
                self._kept = {}
            self._kept[key] = found
        return found

    def _look_up(self, group: Group, *, loosely: bool) -> list[Postings]:
        """Look up the ways that a word counts in; most are nowhere, and cost no more than that."""
        found = [self._found(group, loosely=False)] if loosely else []
        for way in group.ways:
            if way.loose == loosely:
                where = [_where(way.tokens, segment) for segment, _ in self._segments]
                if any(map(len, where)):
                    weight = self.rarity(way.tokens) * way.weight
                    found.append([_times(one, weight) for one in where])
        sizes = [segment.size for segment, _ in self._segments]
        return [_best([one[at] for one in found], size) for at, size in enumerate(sizes)]


def _where(tokens: Iterable[str], segment: Segment) -> Postings:
    """Find the documents that hold every one of these tokens, with the least of their impacts."""
    found = [segment.postings(token) for token in tokens]
    return reduce(_least, sorted(found, key=len)) if len(found) > 1 else found[0]


def _least(found: Postings, other: Postings) -> Postings:
    """Find the documents that have two tokens, with the lesser of their impacts."""
    here, there = _common(found, other)
    return Postings(found.documents[here], np.minimum(found.impacts[here], other.impacts[there]))


def _both(found: Postings, other: Postings) -> Postings:
    """Find the documents that have two words, with the sum of their impacts."""
    here, there = _common(found, other)
    return Postings(found.documents[here], found.impacts[here] + other.impacts[there])


def _common(found: Postings, other: Postings) -> tuple[Places, Places]:
    """Tell where two lists of documents, each in order, have what both have."""
    if len(found) > len(other):
        there, here = _common(other, found)
        return here, there
    if not len(found):
        return NO_PLACES, NO_PLACES
    places = np.searchsorted(other.documents, found.documents)
    places[places == len(other)] = 0
    here = np.flatnonzero(other.documents[places] == found.documents)
    return here, places[here]


def _times(found: Postings, weight: float) -> Postings:
    return Postings(found.documents, found.impacts * np.float32(weight))


def _best(ways: list[Postings], size: int) -> Postings:
    """Merge the ways of a word: every document once, with the best of its impacts."""
    there = [found for found in ways if len(found)]
    if len(there) < 2:
        return there[0] if there else NOWHERE
    best = np.full(size, -1, np.float32)
    for found in there:
        best[found.documents] = np.maximum(best[found.documents], found.impacts)
    documents = np.flatnonzero(best >= 0).astype(np.uint32)
    return Postings(documents, best[documents])
