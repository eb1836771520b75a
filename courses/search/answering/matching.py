"""Which documents have the words of a query, and how well: exact, ranked, without a loop.

A document matches when it has every word. Where fewer than `FEW` offers do, those that have any
of the words follow, and a word then also matches what begins loosely. Whether that is so depends on
the words alone, never on the filters: a number beside a value stays what a click on it gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from courses.search.analyzers import Phrase
from courses.search.answering.kept import Kept
from courses.search.answering.rarities import Rarities
from courses.search.answering.seen import Seen, seen_in
from courses.search.answering.segments import Bits, Segment, holds, places_of
from courses.search.query import Group, TextQuery, Way
from courses.search.store.segments import NOWHERE, Postings
from courses.search.weights import FEW, TITLE_ITSELF
from courses.search.words import saying, saying_any

KEPT, KEPT_AT_LEAST = 20, 50_000
"""How many documents are remembered of words, and of queries: so many times all that there are."""

Scores = NDArray[np.float32]
Places = NDArray[np.intp]
NO_PLACES = np.empty(0, np.intp)
ALL = np.empty(0, bool)


@dataclass(frozen=True, slots=True)
class Matched:
    """The documents of a segment that answer the words, and each one's score in their order."""

    seen: Seen
    scores: Scores
    full: NDArray[np.bool_]
    """Of each whether it has all the words; nothing where all do, or none are there."""

    @property
    def documents(self) -> NDArray[np.uint32]:
        """The documents, ascending."""
        return self.seen.listed


@dataclass(frozen=True, slots=True)
class Matches:
    """What answers the words in each segment, and the words that no document has in any way."""

    parts: tuple[Matched, ...] = ()
    unknown: tuple[str, ...] = ()


NO_WORDS = Matches()


class Matcher:
    """Matches words in one state of the index; keeps what it found for the next query."""

    def __init__(self, segments: Sequence[tuple[Segment, Bits]]) -> None:
        self._segments = segments
        self.rarity = Rarities(segments)
        most = KEPT * max(KEPT_AT_LEAST, sum(segment.size for segment, _ in segments))
        self._groups = Kept[tuple[Group, bool], list[Postings]](most)
        self._queries = Kept[int, tuple[TextQuery, Matches]](most)

    def matched(self, query: TextQuery) -> Matches:
        """Match a query in each segment; choices and pages repeat it, so that it is kept.

        Not where the database has a say, as in phrases.
        """
        # By its place in memory: to compare queries takes longer than to match most of them.
        kept = self._queries.get(id(query))
        if kept is not None and kept[0] is query:
            return kept[1]
        found = self._matched(query)
        if not (query.phrases or query.left_out):
            size = sum(len(one.documents) for one in found.parts)
            self._queries.keep(id(query), (query, found), size)
        return found

    def _matched(self, query: TextQuery) -> Matches:
        places = range(len(self._segments))
        allowed = [self._allowed(query, at) for at in places]
        parts = [self._with_all(query, at, allowed[at]) for at in places]
        if sum(len(one.documents) for one in parts) < FEW and query.groups:
            parts = [self._with_some(query, at, allowed[at], parts[at]) for at in places]
        return Matches(tuple(parts), tuple(self._unknown(query.groups)))

    def rarity_of(self, way: Way) -> float:
        """Weigh a way by how rare it is: what stands for something else is no rarer than that."""
        return min(map(self.rarity, [way.tokens, *((token,) for token in way.within)]))

    def _unknown(self, groups: Iterable[Group]) -> Iterator[str]:
        """Give the words that no document has in any way."""
        for group in groups:
            # A label that has the word, or a name of a place, knows it.
            named = any(way.tokens[0][0] in "#?=" for way in group.ways[1:])
            if not (named or any(map(len, self._found(group, loosely=False)))):
                yield group.word

    def _with_all(self, query: TextQuery, at: int, allowed: Bits) -> Matched:
        """Match the documents of a segment that have every word, beginning with the rarest."""
        segment, _ = self._segments[at]
        found = [self._found(group, loosely=False)[at] for group in query.groups]
        every = reduce(_both, sorted(found, key=len)) if found else NOWHERE
        there = holds(allowed, places_of(every.documents))
        documents, scores = every.documents[there], every.impacts[there]
        scores *= self.rarity.gains(query.very_words, at, documents)
        if query.title:
            of_title = np.isin(documents, segment.postings(query.title).documents)
            scores[of_title] += np.float32(TITLE_ITSELF)
        return Matched(seen_in(segment, documents), scores, ALL)

    def _with_some(self, query: TextQuery, at: int, allowed: Bits, exact: Matched) -> Matched:
        """Match those that have some words, in looser ways too."""
        segment, _ = self._segments[at]
        told = np.zeros(segment.size, np.float32)
        scores = np.zeros(segment.size, np.float32)
        for group in query.groups:
            found = self._found(group, loosely=True)[at]
            scores[found.documents] += found.impacts
            told[found.documents] += np.float32(self.rarity(group.ways[0].tokens))
        documents = np.flatnonzero(told).astype(np.uint32)
        documents = documents[holds(allowed, places_of(documents))]
        telling = sum(self.rarity(group.ways[0].tokens) for group in query.groups)
        scores[documents] *= np.sqrt(told[documents] / np.float32(telling or 1.0))
        scores[documents] *= self.rarity.gains(query.very_words, at, documents)
        if query.title:
            scores[segment.postings(query.title).documents] += TITLE_ITSELF
        full = np.isin(documents, exact.documents)
        return Matched(seen_in(segment, documents), scores[documents], full)

    def _allowed(self, query: TextQuery, at: int) -> Bits:
        segment, allowed = self._segments[at]
        if query.left_out:
            itself = segment.bits(segment.postings(query.title).documents)
            allowed = allowed & (itself | ~self._left_out(query.left_out, segment, allowed))
        if query.phrases:
            said = segment.documents(self._with_words(query.phrases, segment) & allowed)
            numbers = segment.keys["number"][said]
            wanted = saying(query.phrases, among=numbers.tolist())
            allowed = segment.bits(said[_among(wanted, numbers)])
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
        longer = [phrase for phrase in phrases if len(phrase) > 1]
        if not longer:
            return found
        unsure = segment.documents(likely & allowed & ~found)
        numbers = segment.keys["number"][unsure]
        said = saying_any(longer, among=numbers.tolist())
        return found | segment.bits(unsure[_among(said, numbers)])

    @staticmethod
    def _with_words(phrases: Sequence[Phrase], segment: Segment) -> Bits:
        """Mark the documents that have every word of the phrases, in whatever order."""
        tokens = dict.fromkeys(f"={word}" for phrase in phrases for word in phrase)
        return segment.bits(_where(tokens, segment).documents)

    def _found(self, group: Group, *, loosely: bool) -> list[Postings]:
        """Find the documents of a word in every segment, each with its best way."""
        key = group, loosely
        found = self._groups.get(key)
        if found is None:
            found = self._look_up(group, loosely=loosely)
            self._groups.keep(key, found, sum(map(len, found)))
        return found

    def _look_up(self, group: Group, *, loosely: bool) -> list[Postings]:
        """Look up the ways that a word counts in; most are nowhere, and cost no more than that."""
        found = [self._found(group, loosely=False)] if loosely else []
        for way in group.ways:
            if way.loose == loosely:
                where = [_where(way.tokens, segment) for segment, _ in self._segments]
                if any(map(len, where)):
                    weight = self.rarity_of(way) * way.weight
                    found.append([_times(one, weight) for one in where])
        sizes = [segment.size for segment, _ in self._segments]
        return [_best([one[at] for one in found], size) for at, size in enumerate(sizes)]


def _where(tokens: Iterable[str], segment: Segment) -> Postings:
    """Find the documents that hold every one of these tokens, with the least of their impacts."""
    found = [segment.postings(token) for token in tokens]
    return reduce(_least, sorted(found, key=len)) if len(found) > 1 else found[0]


def _among(wanted: set[int], numbers: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Tell of each number whether it is wanted."""
    return np.isin(numbers, np.fromiter(wanted, np.uint32, len(wanted)))


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
