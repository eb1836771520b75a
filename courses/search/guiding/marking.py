"""Where a text has the words of a query: as they stand there, inflected, with or without accents.

A pattern finds where a word may be, for that is quick in long texts; the tokens of what stands
there decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from academy.i18n import base_language
from academy.text import fold
from courses.search.analyzers import SNOWBALL, grams, stem
from courses.search.query import TextQuery

LOOKED_FOR = 3
"""First letters of a word that a text is searched for, before its tokens are looked at."""

PREFIXING = frozenset(("ar", "id"))
"""Languages with words that go on before their stem."""

LETTER = "[\\w\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u0900-\u0903\u093a-\u0963]"

Span = tuple[int, int]


class _Alike(dict[int, str]):
    """Maps each character to the one it is read as, so that places in a text stay the same."""

    def __missing__(self, point: int) -> str:
        folded = fold(chr(point))
        self[point] = folded if len(folded) == 1 else chr(point)
        return self[point]


_alike = _Alike()


class Marker:
    """Finds the words of a query in texts."""

    def __init__(self, query: TextQuery) -> None:
        ways = (way.tokens for group in query.groups for way in group.asked(loosely=False))
        self._tokens = frozenset(token for tokens in ways for token in tokens)
        self._plain, self._prefixed = _pattern(self._tokens, ""), _pattern(self._tokens, "{0,4}?")

    def spans(self, text: str, language: str) -> Iterator[Span]:
        """Tell where the words of the query begin and end in a text."""
        base = base_language(language)
        pattern = self._prefixed if base in PREFIXING else self._plain
        for found in pattern.finditer(text.translate(_alike)) if pattern else ():
            start, end = found.span()
            if found.lastgroup == "unspaced" or self._is_meant(fold(text[start:end]), base):
                yield start, end

    def _is_meant(self, word: str, base: str) -> bool:
        if f"={word}" in self._tokens:
            return True
        return base in SNOWBALL and f"{base}:{stem(word, base)}" in self._tokens


def _pattern(tokens: frozenset[str], before: str) -> re.Pattern[str] | None:
    """Make the pattern of where the words may be; `before` repeats letters before their stem."""
    words = {token[1:] if token[0] == "=" else token.partition(":")[2] for token in tokens}
    unspaced = {word for word in words if grams(word)}
    begins = {word[:LOOKED_FOR] for word in words - unspaced - {""}}
    parts = []
    if unspaced:
        parts.append(f"(?P<unspaced>(?:{_any_of(unspaced)})+)")
    if begins:
        parts.append(f"(?<!{LETTER}){before and LETTER + before}(?:{_any_of(begins)}){LETTER}*")
    return re.compile("|".join(parts)) if parts else None


def _any_of(words: set[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
