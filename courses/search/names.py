"""What names mean, in many languages: of concepts, and of the terms of vocabularies.

A text names in its own language; a query in whatever language, for that is never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache

from academy.i18n import base_language
from courses.search.analyzers import SNOWBALL, Phrase, stem_anew, stems, words

ANY = -1
"""The bits of all languages."""

LONG_ENOUGH = 5
"""Letters a stem needs to mean something in a language that nobody said the query is in."""

KNOWN_BY_SCRIPT = frozenset(("ar", "hi", "ru"))
LONG_IN_SCRIPT = 3
"""Letters it needs where the script says which of the stemmers' languages it is."""

LENT = "en"
"""The language whose names others use too: "data visualisation" stands in texts in Italian."""

IN_LATIN = frozenset(
    (
        *("ca", "cs", "da", "de", "es", "et", "eu", "fi", "fr", "gl", "hu", "id", "it", "lt"),
        *("lv", "nb", "nl", "pl", "pt", "ro", "sk", "sl", "sq", "sv", "sw", "tr", "vi"),
    )
)
"""Languages in which a single word may be written like an English one and mean another thing."""

Meaning = tuple[tuple[str, int], ...]
"""What a name means: of each thing its code, and the languages in which it has this name."""


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
        """Give what words from here on name: where each name ends, and the code it means."""
        name = text[start]
        for end in range(start + 1, len(text) + 1):
            for code, languages in self._meaning.get(name, ()):
                if languages & language:
                    yield end, code
            if name not in self._beginnings or end == len(text):
                return
            name = f"{name} {text[end]}"

    def begins(self, word: str) -> bool:
        """Tell whether a word is a name, or a name of several words begins with it."""
        return word in self._meaning or word in self._beginnings

    def beginning(self, word: str, language: int, shortest: int) -> set[str]:
        """Give what the longest name means that a word begins with, and goes on."""
        for end in range(len(word) - 1, shortest - 1, -1):
            meaning = self._meaning.get(word[:end], ())
            if found := {code for code, languages in meaning if languages & language}:
                return found
        return set()

    def words_for(self, codes: Collection[str], language: int) -> set[str]:
        """Give the single words that name any of these in a language."""
        return {
            name
            for code in codes
            for name in self._words.get(code, ())
            if dict(self._meaning[name])[code] & language
        }


@cache
def _kept(meaning: Meaning) -> Meaning:
    """Give one and the same object for all names that mean the same."""
    return meaning


class Meanings:
    """What names mean, as they are written, and by their stems."""

    def __init__(
        self,
        named: Iterable[tuple[str, str, str]] = (),
        *,
        going_on: Mapping[str, int] | None = None,
    ) -> None:
        """Learn names: the code each means, its language, and the name.

        `going_on` are languages in which a word that goes on after a name still means the same, and
        how many letters the name then needs.
        """
        self.languages: dict[str, int] = {}
        self.exact, self.stemmed = Names(), Names()
        self._going_on = going_on or {}
        for code, language, name in named:
            base, phrase = base_language(language), tuple(words(name))
            bit = self.languages.setdefault(base, 1 << len(self.languages))
            if phrase:
                self.exact.add(phrase, code, bit)
                if base in SNOWBALL:
                    # Remembered, the stems of all names would weigh as much as the names.
                    stemmed = tuple(stem_anew(word, base) for word in phrase)
                    self.stemmed.add(stemmed, code, bit)
        _kept.cache_clear()

    def meant(self, typed: Phrase) -> Iterator[tuple[Phrase, str]]:
        """Give the parts of a query that name something in whatever language, and its code."""
        stemmers = self.languages.keys() & SNOWBALL.keys()
        of_language = [(code, stems(typed, code)) for code in sorted(stemmers)]
        for start in range(len(typed)):
            exact = {*self.exact.at(typed, start, ANY)}
            ends = {end for end, _ in exact}
            for language, as_stems in of_language:
                letters = LONG_IN_SCRIPT if language in KNOWN_BY_SCRIPT else LONG_ENOUGH
                for end, code in self.stemmed.at(as_stems, start, self.languages[language]):
                    long = all(len(one) >= letters for one in as_stems[start:end])
                    if long and end not in ends:
                        exact.add((end, code))
            if not exact:
                exact = {(start + 1, code) for code in self._begun(typed[start])}
            yield from ((typed[start:end], code) for end, code in exact)

    def said(self, text: Phrase, language: str) -> Iterator[str]:
        """Give the codes of what a text in a language names, as often as it names it."""
        base = base_language(language)
        bit = self.languages.get(base, 0)
        lent = self.languages.get(LENT, 0) if base != LENT else 0
        if not bit | lent:
            return
        as_stems = stems(text, base) if bit and base in SNOWBALL else ()
        for start in range(len(text)):
            found = {*self.exact.at(text, start, bit)} if self.exact.begins(text[start]) else set()
            if as_stems and self.stemmed.begins(as_stems[start]):
                # The very word tells more than its stem: Spanish for city stems like citizen.
                ends = {end for end, _ in found}
                inflected = self.stemmed.at(as_stems, start, bit)
                found.update(one for one in inflected if one[0] not in ends)
            if not found and base in self._going_on:
                begun = self.exact.beginning(text[start], bit, self._going_on[base])
                found = {(start + 1, code) for code in begun}
            if lent and text[start].isascii():
                alone = not found and base not in IN_LATIN
                named = self.exact.at(text, start, lent)
                found.update(one for one in named if alone or one[0] > start + 1)
            for _, code in found:
                yield code

    def words_for(self, codes: Collection[str], language: str) -> set[str]:
        """Give the single words by which a language names any of these."""
        return self.exact.words_for(codes, self.languages.get(base_language(language), 0))

    def _begun(self, word: str) -> set[str]:
        """Give what a word begins with names, in a language whose words go on."""
        found: set[str] = set()
        for language, shortest in self._going_on.items():
            if bit := self.languages.get(language):
                found |= self.exact.beginning(word, bit, shortest)
        return found
