"""Terms that a partner's word might mean: never applied by themselves, only shown to be chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from courses.harvesting.words.table import folded_word, looked_in
from courses.search import concepts
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import Vocabularies

MOST = 4
"""Suggestions a word."""

NEAR, CONTAINED = 84, 100
"""How alike names must be, of 100: written nearly the same, or one within the other."""

SHORTEST, LONGEST = 5, 60
"""Letters a name must have to be found within a phrase, and words to be compared at all."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A term, the name by which it was found, in which language, and whether just so."""

    term: Term
    name: str
    language: str
    exact: bool


Name = tuple[Term, str, str]
"""A term, one of its names, and the language of that."""


class Suggester:
    """Finds terms by their labels in every language, and by the concepts that share a name."""

    def __init__(self, vocabulary: Vocabularies) -> None:
        self._vocabulary = vocabulary
        self._names: dict[Vocabulary, dict[str, list[Name]]] = defaultdict(dict)
        for term in vocabulary.terms:
            if term.replaced_by_id is None:
                for language, name in _names_of(term):
                    known = self._names[term.vocabulary].setdefault(folded_word(name), [])
                    known.append((term, name, language))

    def suggestions(self, word: str, among: str = "") -> list[Suggestion]:
        """Give the terms a word might mean where it stands, the likeliest first."""
        folded = folded_word(word)
        if not 0 < len(folded) <= LONGEST:
            return []
        found: dict[int, Suggestion] = {}
        for of in looked_in(among):
            for one in (*self._exact(folded, of), *self._near(folded, of)):
                found.setdefault(one.term.id, one)
        return sorted(found.values(), key=lambda one: not one.exact)[:MOST]

    def _exact(self, folded: str, of: Vocabulary) -> Iterator[Suggestion]:
        """Find what has this very name, or another name of the same concept."""
        for term, name, language in self._names[of].get(folded, ()):
            yield Suggestion(term, name, language, exact=True)
        concepts_named, names_of = _glossary()
        for code, language, name in concepts_named.get(folded, ()):
            for other in names_of[code]:
                for term, _name, _language in self._names[of].get(other, ()):
                    yield Suggestion(term, name, language, exact=True)

    def _near(self, folded: str, of: Vocabulary) -> Iterator[Suggestion]:
        """Find what is written nearly so, or stands within the phrase."""
        if len(folded) < SHORTEST:
            return
        names = self._names[of]
        alike = process.extract(
            folded, names.keys(), scorer=fuzz.ratio, score_cutoff=NEAR, limit=MOST
        )
        long = [name for name in names if len(name) >= SHORTEST]
        within = process.extract(
            folded, long, scorer=fuzz.token_set_ratio, score_cutoff=CONTAINED, limit=MOST
        )
        for near, _score, _key in (*alike, *within):
            for term, name, language in names[near][:1]:
                yield Suggestion(term, name, language, exact=False)


def _names_of(term: Term) -> Iterator[tuple[str, str]]:
    yield from term.labels.items()
    for language, names in term.alternatives.items():
        yield from ((language, name) for name in names)


@cache
def _glossary() -> tuple[dict[str, list[tuple[str, str, str]]], dict[str, set[str]]]:
    """Give what names of concepts stand for, and the names of each concept, folded."""
    named: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    names: dict[str, set[str]] = defaultdict(set)
    for code, language, name in concepts.names():
        folded = folded_word(name)
        named[folded].append((code, language, name))
        names[code].add(folded)
    return named, names


@lru_cache(maxsize=1)
def suggester(vocabulary: Vocabularies) -> Suggester:
    """Give the suggester of these vocabularies; made once for as long as they are the same."""
    return Suggester(vocabulary)
