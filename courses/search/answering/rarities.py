"""How rare a token is: among all offers, and among those in the language that says it most.

In a catalogue of many languages the commonest words of a small one look rare: "y" is in nearly
every Spanish offer, and in few of all. What a word tells apart is told by its own language.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from courses.search.answering.segments import Bits, Segment
from courses.search.query import Tokens
from courses.search.weights import rarity

ENOUGH = 30
"""Offers in a language from which on it says something of its words."""

FACET = "language="

KEPT = 20_000
"""How many tokens a state of the index remembers the rarity of."""


class Rarities:
    """Knows how many offers there are in each language, and in which language each is."""

    def __init__(self, segments: Sequence[tuple[Segment, Bits]]) -> None:
        self._segments = [segment for segment, _ in segments]
        self.total = sum(segment.size for segment in self._segments)
        values = {name for one in self._segments for name in one.names if name.startswith(FACET)}
        self._numbers = {value: number for number, value in enumerate(sorted(values), 1)}
        self._languages = [self._of(segment) for segment in self._segments]
        self._offers = sum(map(self._counted, self._languages), np.zeros(len(values) + 1, np.intp))
        self._kept: dict[Tokens, float] = {}

    def __call__(self, tokens: Tokens) -> float:
        """Weigh tokens that must all be there: as the one that the fewest offers have."""
        known = self._kept.get(tokens)
        if known is None:
            holding = [
                [one.postings(token).documents for one in self._segments] for token in tokens
            ]
            known = self._rarity(min(holding, key=lambda found: sum(map(len, found))))
            if len(self._kept) >= KEPT:
                self._kept = {}
            self._kept[tokens] = known
        return known

    def _rarity(self, having: list[NDArray[np.uint32]]) -> float:
        """Weigh by the least share of the most it could be, of all offers and each language's."""
        found = sum(map(len, having))
        if found * 2 <= ENOUGH:
            return rarity(found, self.total)
        counted = np.zeros_like(self._offers)
        for codes, documents in zip(self._languages, having, strict=True):
            counted += self._counted(codes[documents])
        telling = np.flatnonzero((self._offers >= ENOUGH) & (counted * 2 > ENOUGH))
        languages = zip(counted[telling].tolist(), self._offers[telling].tolist(), strict=True)
        share = min(_share(*one) for one in [(found, self.total), *languages])
        return share * math.log1p(self.total)

    def _of(self, segment: Segment) -> NDArray[np.uint16]:
        """Number the language of every document: one of them, where it has several."""
        codes = np.zeros(segment.size, np.uint16)
        for value, number in self._numbers.items():
            if value in segment.values:
                codes[segment.documents(segment.plane(value, 0))] = number
        return codes

    def _counted(self, codes: NDArray[np.uint16]) -> NDArray[np.intp]:
        counted: NDArray[np.intp] = np.bincount(codes, minlength=len(self._numbers) + 1)
        counted[0] = 0
        return counted


def _share(found: int, total: int) -> float:
    return rarity(found, total) / math.log1p(total)
