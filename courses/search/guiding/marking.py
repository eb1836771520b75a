"""Where a text has the words of a query: as they stand there, inflected, with or without accents.

A pattern finds where a word may be, for that is quick in long texts; the tokens of what stands
there decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from academy.i18n import base_language
from academy.text import fold
from courses.search.analyzers import SNOWBALL, grams, stem
from courses.search.concepts import glossary
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
    """Finds the words of a query in texts, and other words for the concepts they name."""

    def __init__(self, query: TextQuery) -> None:
        ways = (way.tokens for group in query.groups for way in group.asked(loosely=False))
        tokens = frozenset(token for tokens in ways for token in tokens)
        self._concepts = frozenset(token[1:] for token in tokens if token[0] == "*")
        self._tokens = frozenset(token for token in tokens if token[0] != "*")
        self._of_language: dict[str, _Wanted] = {}

    def spans(self, text: str, language: str) -> Iterator[Span]:
        """Tell where the words of the query begin and end in a text."""
        base = base_language(language)
        wanted = self._wanted(base)
        for found in wanted.pattern.finditer(text.translate(_alike)) if wanted.pattern else ():
            start, end = found.span()
            if found.lastgroup == "unspaced" or wanted.has(fold(text[start:end])):
                yield start, end

    def _wanted(self, base: str) -> _Wanted:
        if base not in self._of_language:
            others = glossary().words_for(self._concepts, base)
            tokens = {*self._tokens, *(f"={word}" for word in others)}
            if base in SNOWBALL:
                tokens |= {f"{base}:{stem(word, base)}" for word in others}
            pattern = _pattern(tokens, "{0,4}?" if base in PREFIXING else "")
            self._of_language[base] = _Wanted(base, frozenset(tokens), pattern)
        return self._of_language[base]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is looked for in texts of one language."""

    base: str
    tokens: frozenset[str]
    pattern: re.Pattern[str] | None

    def has(self, word: str) -> bool:
        """Tell whether a folded word is looked for, in this form or another."""
        if f"={word}" in self.tokens:
            return True
        return self.base in SNOWBALL and f"{self.base}:{stem(word, self.base)}" in self.tokens


def _pattern(tokens: AbstractSet[str], before: str) -> re.Pattern[str] | None:
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
