"""Which documents have the words of a query, and how well: exact, ranked, without a loop.

A document matches when it has every word. Where fewer than `FEW` offers do, those that have half
of the words follow, and a word then also matches what begins loosely. Whether that is so depends on
the words alone, never on the filters: a number beside a value stays what a click on it gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from courses.search.analyzers import Phrase
from courses.search.answering.rarities import Rarities
from courses.search.answering.segments import Bits, Segment, number_of, pack
from courses.search.query import Group, TextQuery, Tokens
from courses.search.store.segments import NOWHERE, Postings
from courses.search.weights import FEW, TITLE_ITSELF
from courses.search.words import saying

KEPT_GROUPS = 2_000
"""How many words of queries a state of the index remembers."""

Scores = NDArray[np.float32]


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
        strict = [self._in_segment(query, at, loosely=False) for at in places]
        every = sum(number_of(one.all_words) for one in strict)
        if every >= FEW or not query.groups:
            return strict
        loose = [self._in_segment(query, at, loosely=True) for at in places]
        return [
            replace(one, all_words=exact.all_words)
            for one, exact in zip(loose, strict, strict=True)
        ]

    def knows(self, group: Group) -> bool:
        """Tell whether any document has a word, in any way."""
        return any(len(found.documents) for found in self._found(group, loosely=False))

    def _in_segment(self, query: TextQuery, at: int, *, loosely: bool) -> Matched:
        segment, _ = self._segments[at]
        covered = np.zeros(segment.size, np.uint8)
        told = np.zeros(segment.size if loosely else 0, np.float32)
        scores = np.zeros(segment.size, np.float32)
        asked, telling = len(query.groups), 0.0
        for group in query.groups:
            found = self._found(group, loosely=loosely)[at]
            covered[found.documents] += 1
            scores[found.documents] += found.impacts
            if loosely:
                weight = self.rarity(group.ways[0].tokens)
                told[found.documents] += np.float32(weight)
                telling += weight
        if telling:
            scores *= np.sqrt(told / np.float32(telling))
        title = segment.postings(query.title).documents if query.title else NOWHERE.documents
        scores[title] += TITLE_ITSELF
        allowed = self._allowed(query, at)
        everything = pack((covered == asked) if asked else np.zeros(segment.size, bool))
        some = pack(covered > 0) if loosely and asked else everything
        return Matched(everything & allowed, some & allowed, scores)

    def _allowed(self, query: TextQuery, at: int) -> Bits:
        segment, live = self._segments[at]
        allowed = live
        for tokens in query.left_out:
            allowed = allowed & ~segment.bits(_where(tokens, segment).documents)
        if query.phrases:
            said = segment.documents(self._with_words(query.phrases, segment) & allowed)
            numbers = segment.keys["number"][said]
            wanted = saying(query.phrases, among=numbers.tolist())
            allowed = segment.bits(said[np.isin(numbers, list(wanted))])
        return allowed

    @staticmethod
    def _with_words(phrases: Sequence[Phrase], segment: Segment) -> Bits:
        """Mark the documents that have every word of the phrases, in whatever order."""
        tokens = tuple(f"={word}" for phrase in phrases for word in phrase)
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
        ways = group.asked(loosely=loosely)
        rare = [self.rarity(way.tokens) * way.weight for way in ways]
        found = []
        for segment, _ in self._segments:
            where = [_where(way.tokens, segment) for way in ways]
            found.append(_best([_times(one, by) for one, by in zip(where, rare, strict=True)]))
        return found


def _where(tokens: Tokens, segment: Segment) -> Postings:
    """Find the documents that hold every token of a way, with the least of their impacts."""
    found = segment.postings(tokens[0])
    for token in tokens[1:]:
        other = segment.postings(token)
        documents, here, there = np.intersect1d(
            found.documents, other.documents, assume_unique=True, return_indices=True
        )
        found = Postings(documents, np.minimum(found.impacts[here], other.impacts[there]))
    return found


def _times(found: Postings, weight: float) -> Postings:
    return Postings(found.documents, found.impacts * np.float32(weight))


def _best(ways: list[Postings]) -> Postings:
    """Merge the ways of a word: every document once, with the best of its impacts."""
    there = [found for found in ways if len(found.documents)]
    if len(there) < 2:
        return there[0] if there else NOWHERE
    documents = np.concatenate([found.documents for found in there])
    impacts = np.concatenate([found.impacts for found in there])
    order = np.argsort(documents, kind="stable")
    documents, impacts = documents[order], impacts[order]
    first = np.flatnonzero(np.diff(documents, prepend=np.uint32(2**32 - 1)))
    return Postings(documents[first], np.maximum.reduceat(impacts, first))
