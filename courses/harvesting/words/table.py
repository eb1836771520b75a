"""Partners' words and our terms: the source's own table first, then the starting table, then
the labels of the vocabularies in every language."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from academy.text import fold_phrase
from courses.vocabularies.files import DATA
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import Vocabularies

OF_SUBJECTS = (Vocabulary.ISSUE, Vocabulary.METHODOLOGY)
"""Vocabularies that a partner's subjects are looked for in."""

MAPPED = (*OF_SUBJECTS, Vocabulary.AUDIENCE)
MOST_OF = {Vocabulary.ISSUE: 3, Vocabulary.METHODOLOGY: 2, Vocabulary.AUDIENCE: 5}
MOST_NAMED = {Vocabulary.ISSUE: 3, Vocabulary.METHODOLOGY: 20, Vocabulary.AUDIENCE: 20}
"""Of terms that are named by our own codes, which are no guesses: as many as by hand."""

LONGEST_WORD = 200
_BETWEEN_WORDS = re.compile(r"\s*[,/、，]\s*")

Key = tuple[Vocabulary, str]


@dataclass(frozen=True, slots=True)
class Use:
    """A word that a record uses, among what it stands: "" among subjects."""

    among: str
    word: str
    terms: tuple[Term, ...] | None
    """What it means; None where nobody knows it."""

    ours: bool = False
    """Whether it is one of our own codes."""


@cache
def starting_table() -> Mapping[Key, tuple[str, ...]]:
    """Load the table every source starts with: folded word -> codes, none for foreign words."""
    content = tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8"))
    table: dict[Key, tuple[str, ...]] = {}
    for vocabulary in MAPPED:
        for word, codes in content.get(vocabulary.value, {}).items():
            table[vocabulary, fold_phrase(word)] = tuple(codes)
    for name, words in content.get("ignore", {}).items():
        for word in words:
            table.setdefault((Vocabulary(name), fold_phrase(word)), ())
    return table


@dataclass
class WordTable:
    """Turns the words of one source into terms, and counts the words it cannot."""

    vocabularies: Vocabularies
    own: Mapping[Key, tuple[Term, ...]] = field(default_factory=dict)
    unmapped: Counter[str] = field(default_factory=Counter)
    told: Callable[[Use], object] | None = None
    """Hears of each word that is looked for."""

    _known: dict[tuple[str, str], tuple[Term, ...] | None] = field(default_factory=dict)
    _spelled: dict[str, str] = field(default_factory=dict)

    def terms(self, words: Iterable[str], codes: Mapping[str, Iterable[str]]) -> list[Term]:
        """Give the terms of a record, at most three issues, two methodologies and five audiences.

        Of methodologies and audiences that are named by our own codes there may be more.

        `codes` are our own, by vocabulary, where the partner already uses them; of the audience
        they may be the partner's words too, which say nothing among subjects.
        """
        ours = (term for name, given in codes.items() for term in self._ours(name, given))
        theirs = (term for word in words for term in self._meant_by(word))
        named = {(name, code) for name, given in codes.items() for code in given}
        return _most_of_each(dict.fromkeys((*ours, *theirs)), named)

    def _ours(self, name: str, codes: Iterable[str]) -> Iterator[Term]:
        is_mapped, by_code = name in MAPPED, self.vocabularies.by_code
        for code in codes:
            term = by_code.get((Vocabulary(name), code)) if is_mapped else None
            if term is None and name == Vocabulary.AUDIENCE:
                yield from self._meant_by(code, among=name)
                continue
            # Of a code that is not ours a source may say what it means by it.
            mapped = self.own.get((Vocabulary(name), folded_word(code))) if is_mapped else None
            terms = (term,) if term else mapped
            self._note(Use(name, code, terms, ours=term is not None))
            yield from terms or ()

    def _meant_by(self, said: str, *, among: str = "") -> tuple[Term, ...]:
        word = said[:LONGEST_WORD]
        terms = self._looked_up(word, among)
        parts = parts_of(word) if terms is None else []
        # Nobody knows "housing, water" - but perhaps its parts.
        found = {part: self._looked_up(part, among) for part in parts}
        if any(found.values()):
            for part in parts:
                self._note(Use(among, part, found[part]))
            return tuple(term for meant in found.values() for term in meant or ())
        self._note(Use(among, word, terms))
        return terms or ()

    def _looked_up(self, word: str, among: str) -> tuple[Term, ...] | None:
        """Give the terms a word means where it stands; None when nobody knows the word."""
        folded = folded_word(word)
        key = folded, among
        if key not in self._known:
            answers = [self._in_one(vocabulary, folded) for vocabulary in looked_in(among)]
            known = any(answer is not None for answer in answers)
            terms = tuple(term for answer in answers for term in answer or ())
            self._known[key] = terms if known else None
        return self._known[key]

    def knows(self, vocabulary: Vocabulary, word: str) -> bool:
        """Tell whether a word means something, or none of ours, in one vocabulary."""
        return self._in_one(vocabulary, folded_word(word)) is not None

    def is_own(self, among: str, word: str) -> bool:
        """Tell whether the source itself says what a word means where it stands."""
        return any((vocabulary, folded_word(word)) in self.own for vocabulary in looked_in(among))

    def _in_one(self, vocabulary: Vocabulary, folded: str) -> tuple[Term, ...] | None:
        key = vocabulary, folded
        if key in self.own:
            return self.own[key]
        if key in starting_table():
            terms = (
                self.vocabularies.by_code.get((vocabulary, code)) for code in starting_table()[key]
            )
            return tuple(term for term in terms if term)
        labelled = self.vocabularies.by_word.get(key)
        return (labelled,) if labelled else None

    def _note(self, use: Use) -> None:
        """Tell of a word; one nobody knows is counted under its first spelling."""
        if self.told:
            self.told(use)
        if use.terms is None and folded_word(use.word):
            counted = f"{use.among}:{use.word}" if use.among else use.word
            self.unmapped[self._spelled.setdefault(folded_word(counted), counted.strip())] += 1


def looked_in(among: str) -> tuple[Vocabulary, ...]:
    """Name the vocabularies in which a word is looked for that stands there."""
    return (Vocabulary(among),) if among else OF_SUBJECTS


def parts_of(word: str) -> list[str]:
    """Part "housing, water" into its words; nothing where there is but one."""
    if not _BETWEEN_WORDS.search(word):
        return []
    return [part for part in _BETWEEN_WORDS.split(word) if part.strip()]


@lru_cache(maxsize=16_384)
def folded_word(word: str) -> str:
    """Give the form in which partners' words are compared and kept; some letters fold into two."""
    return fold_phrase(word[:LONGEST_WORD])[:LONGEST_WORD].rstrip()


def _most_of_each(terms: Iterable[Term], named: Container[tuple[str, str]]) -> list[Term]:
    kept: list[Term] = []
    counted: Counter[Vocabulary] = Counter()
    for term in terms:
        by_name = (term.vocabulary.value, term.code) in named
        most = MOST_NAMED if by_name else MOST_OF
        if counted[term.vocabulary] < most[term.vocabulary]:
            counted[term.vocabulary] += 1
            kept.append(term)
    return kept
