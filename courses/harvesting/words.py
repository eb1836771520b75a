"""Partners' words and our terms: the source's own table first, then the starting table, then
the labels of the vocabularies in every language."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from academy.text import fold_phrase
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.operations import DATA
from courses.vocabularies.queries import Vocabularies

MAPPED = (Vocabulary.ISSUE, Vocabulary.METHODOLOGY)
MOST_OF = {Vocabulary.ISSUE: 3, Vocabulary.METHODOLOGY: 2}

Key = tuple[Vocabulary, str]


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
    _known: dict[str, tuple[Term, ...] | None] = field(default_factory=dict)

    def terms(self, words: Iterable[str], codes: Mapping[str, Iterable[str]]) -> list[Term]:
        """Give the terms of a record, at most three issues and two methodologies.

        `codes` are our own, by vocabulary, where the partner already uses them.
        """
        found: dict[int, Term] = {}
        for name, given in codes.items():
            for code in given if name in set(MAPPED) else ():
                term = self.vocabularies.by_code.get((Vocabulary(name), str(code)))
                if term:
                    found[term.id] = term
        for word in words:
            for term in self._terms_of(word):
                found[term.id] = term
        return _most_of_each(found.values())

    def _terms_of(self, word: str) -> tuple[Term, ...]:
        folded = fold_phrase(word)[:200]
        if folded not in self._known:
            self._known[folded] = self._look_up(folded)
        terms = self._known[folded]
        if terms is None and folded:
            self.unmapped[word.strip()[:120]] += 1
        return terms or ()

    def _look_up(self, folded: str) -> tuple[Term, ...] | None:
        """Give the terms a word means in any vocabulary; None when nobody knows the word."""
        answers = [self._in_one(vocabulary, folded) for vocabulary in MAPPED]
        if all(answer is None for answer in answers):
            return None
        return tuple(term for answer in answers for term in answer or ())

    def _in_one(self, vocabulary: Vocabulary, folded: str) -> tuple[Term, ...] | None:
        key = vocabulary, folded
        if key in self.own:
            return self.own[key]
        if key in starting_table():
            codes = starting_table()[key]
            return tuple(self.vocabularies.by_code[vocabulary, code] for code in codes)
        labelled = self.vocabularies.by_word.get(key)
        return (labelled,) if labelled else None


def _most_of_each(terms: Iterable[Term]) -> list[Term]:
    kept: list[Term] = []
    counted: Counter[Vocabulary] = Counter()
    for term in terms:
        if counted[term.vocabulary] < MOST_OF[term.vocabulary]:
            counted[term.vocabulary] += 1
            kept.append(term)
    return kept
