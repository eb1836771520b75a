"""What was probably meant where a word is unknown: the nearest word of titles and labels."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from academy.text import fold
from courses.search.analyzers import grams
from courses.search.guiding.plain_words import apart, plain, spans

SHORTEST = 5
"""Letters a word needs to be corrected: among shorter ones, too many are one letter apart."""

TWICE_WRONG = 8
"""Letters from which on a word may be wrong in two places."""

_DIGIT = re.compile(r"\d")


class Spelling:
    """Knows the words of texts, how often each occurs, and how it is written."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._often: Counter[str] = Counter()
        self._written: dict[str, str] = {}
        for text in texts:
            self._learn(text)
        self._alike: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self._often:
            self._alike[_script(word), len(word)].append(word)

    def corrected(self, text: str, unknown: Collection[str]) -> str:
        """Replace the unknown words of a query; gives nothing when no better word is known."""
        parts, end = [], 0
        for start, after in spans(text):
            word = fold(text[start:after])
            nearest = self._nearest(word) if word in unknown else None
            if nearest:
                parts += [text[end:start], self._written.get(nearest, nearest)]
                end = after
        return "".join([*parts, text[end:]]) if parts else ""

    def _learn(self, text: str) -> None:
        written, folded = apart(text), plain(text).split()
        if len(written) != len(folded):
            written = folded
        for as_written, word in zip(written, folded, strict=True):
            if word in self._often or _can_be_corrected(word):
                self._often[word] += 1
                if as_written.lower() != word:
                    self._written.setdefault(word, as_written.lower())

    def _nearest(self, word: str) -> str | None:
        """Find the known word that is the fewest letters away; of several, the most frequent."""
        if not _can_be_corrected(word):
            return None
        most = 2 if len(word) >= TWICE_WRONG else 1
        near: list[tuple[int, int, str]] = []
        for length in range(len(word) - most, len(word) + most + 1):
            known = self._alike.get((_script(word), length), ())
            found = process.extract(
                word, known, scorer=OSA.distance, processor=None, score_cutoff=most, limit=None
            )
            near += [(int(away), -self._often[other], other) for other, away, _ in found]
        return min(near)[2] if near else None


def _can_be_corrected(word: str) -> bool:
    """Leave alone short words, numbers, and scripts whose words only a dictionary tells apart."""
    return len(word) >= SHORTEST and not _DIGIT.search(word) and not grams(word)


@cache
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _script(word: str) -> str:
    """Name the script of a word by its first letter."""
    return _script_of(word[0])
