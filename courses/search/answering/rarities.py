"""How rare a token is: among all offers, and among those in the language that says it most.

In a catalogue of many languages the commonest words of a small one look rare: "y" is in nearly
every Spanish offer, and in few of all. What a word tells apart is told by its own language.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from courses.search.answering.segments import Bits, Segment
from courses.search.query import Tokens
from courses.search.weights import OWN_LANGUAGE, rarity

ENOUGH = 30
"""Offers in a language from which on it says something of its words."""

SOME = 5
"""Offers in a language from which on words may be of it."""

DOUBT = 0.02
"""How much a word says at least for any language: it may be a name, or borrowed."""

FACET = "language="
Shares = NDArray[np.float64]
Factors = NDArray[np.float32]

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
        self._shares: dict[str, Shares] = {}

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

    def gains(self, words: Iterable[str], at: int, documents: NDArray[np.uint32]) -> Factors:
        """Tell by what to multiply the scores of documents for being in the words' own language.

        Nobody says which that is. How often each language says the words tells how likely it is.
        """
        likely = sum(map(np.log, map(self._share_of, words)), np.zeros(len(self._offers)))
        likely = np.exp(likely - likely.max())
        likely[0] = 0.0
        gained = 1 + OWN_LANGUAGE * likely / max(likely.sum(), 1e-9)
        factors: Factors = gained.astype(np.float32)[self._languages[at][documents]]
        return factors

    def _share_of(self, word: str) -> Shares:
        """Give each language's share in saying a word, were all as large; never none."""
        known = self._shares.get(word)
        if known is None:
            counted = np.zeros(len(self._offers))
            for one, codes in zip(self._segments, self._languages, strict=True):
                counted += self._counted(codes[one.postings(word).documents])
            often = np.where(self._offers >= SOME, counted / np.maximum(self._offers, ENOUGH), 0)
            known = often / max(often.sum(), 1e-9) + DOUBT
            if len(self._shares) >= KEPT:
                self._shares = {}
            self._shares[word] = known
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
