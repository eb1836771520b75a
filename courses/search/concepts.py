"""Concepts: everyday words that mean the same, in twenty languages, so that a query meets a text.

The glossary is `data/concepts`, a table a subject: a row is a concept, a column a language, a cell
the words of that language for it, the usual one first. It joins "ciclovía" and "bike lane", and
"rubbish" and "waste"; unlike a term of a vocabulary a concept describes no offer, and nobody
chooses it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from academy.i18n import base_language
from courses.search.analyzers import SNOWBALL, Phrase, stems, words

GLOSSARY = Path(__file__).resolve().parent.parent / "data" / "concepts"
ANY = -1
"""The bits of all languages."""

LONG_ENOUGH = 5
"""Letters a stem needs to mean something in a language that nobody said the query is in."""

GOING_ON = {"de": 5, "nl": 5, "tr": 5, "uk": 5, "fa": 4, "ko": 2}
"""Languages whose words go on after a name, as compounds or with endings that no stemmer takes off,
and how many letters the name then needs."""

Meaning = tuple[tuple[str, int], ...]
"""The concepts of a name; of each its code, and the languages in which it has this name."""


class Names:
    """What names mean, a space between their words; and how names of several words begin.

    Languages are bits: the same word often means the same in several of them, and there are tens
    of thousands of names.
    """

    def __init__(self) -> None:
        self._meaning: dict[str, Meaning] = {}
        self._beginnings: set[str] = set()
        self._words: dict[str, list[str]] = defaultdict(list)

    def add(self, phrase: Phrase, code: str, language: int) -> None:
        """Learn what a name means in a language."""
        name = " ".join(phrase)
        known = dict(self._meaning.get(name, ()))
        if len(phrase) == 1 and code not in known:
            self._words[code].append(name)
        known[code] = known.get(code, 0) | language
        self._meaning[name] = _kept(tuple(known.items()))
        self._beginnings.update(" ".join(phrase[:end]) for end in range(1, len(phrase)))

    def at(self, text: Phrase, start: int, language: int) -> Iterator[tuple[int, str]]:
        """Give the concepts that words from here on name: where each name ends, and its code."""
        name = text[start]
        for end in range(start + 1, len(text) + 1):
            for code, languages in self._meaning.get(name, ()):
                if languages & language:
                    yield end, code
            if name not in self._beginnings or end == len(text):
                return
            name = f"{name} {text[end]}"

    def beginning(self, word: str, language: int, shortest: int) -> set[str]:
        """Give the concepts of the longest name that a word begins with, and goes on."""
        for end in range(len(word) - 1, shortest - 1, -1):
            meaning = self._meaning.get(word[:end], ())
            if found := {code for code, languages in meaning if languages & language}:
                return found
        return set()

    def words_for(self, concepts: Collection[str], language: int) -> set[str]:
        """Give the single words that name any of these concepts in a language."""
        return {
            name
            for concept in concepts
            for name in self._words.get(concept, ())
            if dict(self._meaning[name])[concept] & language
        }


@cache
def _kept(meaning: Meaning) -> Meaning:
    """Give one and the same object for all names that mean the same."""
    return meaning


@dataclass(frozen=True)
class Glossary:
    """How languages name concepts: as it is written, and by stems."""

    languages: Mapping[str, int]
    exact: Names
    stemmed: Names

    def meant(self, typed: Phrase) -> Iterator[tuple[Phrase, str]]:
        """Give the parts of a query that name concepts in whatever language, and those concepts."""
        stemmers = self.languages.keys() & SNOWBALL.keys()
        of_language = [(self.languages[code], stems(typed, code)) for code in sorted(stemmers)]
        for start in range(len(typed)):
            exact = {*self.exact.at(typed, start, ANY)}
            ends = {end for end, _ in exact}
            for language, as_stems in of_language:
                for end, code in self.stemmed.at(as_stems, start, language):
                    long = all(len(one) >= LONG_ENOUGH for one in as_stems[start:end])
                    if long and end not in ends:
                        exact.add((end, code))
            if not exact:
                exact = {(start + 1, code) for code in self._begun(typed[start])}
            yield from ((typed[start:end], code) for end, code in exact)

    def said(self, text: Phrase, language: str) -> Iterator[str]:
        """Give the concepts that a text in a language names, as often as it names them."""
        base = base_language(language)
        bit = self.languages.get(base)
        if bit is None:
            return
        as_stems = stems(text, base) if base in SNOWBALL else ()
        for start in range(len(text)):
            found = {*self.exact.at(text, start, bit)}
            if as_stems:
                # The very word tells more than its stem: Spanish for city stems like citizen.
                ends = {end for end, _ in found}
                inflected = self.stemmed.at(as_stems, start, bit)
                found.update(one for one in inflected if one[0] not in ends)
            if not found and base in GOING_ON:
                begun = self.exact.beginning(text[start], bit, GOING_ON[base])
                found = {(start + 1, code) for code in begun}
            for _, code in found:
                yield code

    def words_for(self, concepts: Collection[str], language: str) -> set[str]:
        """Give the single words by which a language names any of these concepts."""
        return self.exact.words_for(concepts, self.languages.get(base_language(language), 0))

    def _begun(self, word: str) -> set[str]:
        """Give the concepts that a word begins with, in a language whose words go on."""
        found: set[str] = set()
        for language, shortest in GOING_ON.items():
            if bit := self.languages.get(language):
                found |= self.exact.beginning(word, bit, shortest)
        return found


@cache
def glossary() -> Glossary:
    """Give the glossary, read once."""
    bits: dict[str, int] = {}
    exact, stemmed = Names(), Names()
    for code, language, name in names():
        bit = bits.setdefault(language, 1 << len(bits))
        phrase = tuple(words(name))
        exact.add(phrase, code, bit)
        if language in SNOWBALL:
            stemmed.add(stems(phrase, language), code, bit)
    _kept.cache_clear()
    return Glossary(bits, exact, stemmed)


def tables() -> list[Path]:
    """Name the files of the glossary."""
    return sorted(GLOSSARY.glob("*.csv"))


def names() -> Iterator[tuple[str, str, str]]:
    """Give every name in the glossary, with the code of its concept and its language."""
    for table in tables():
        with table.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                code = row.pop("code")
                for language, cell in row.items():
                    yield from ((code, language, name) for name in cell.split("|") if name.strip())
