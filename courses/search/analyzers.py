"""How text becomes tokens: the same for every document, query and engine.

A word gives up to four kinds of token:

- `=surface`: the folded word, neutral of language (names, acronyms, words typed without accents);
- `xx:stem`: the stem in the language of the text, scoped by it, so that stems of two languages
  never meet;
- `~gram`: for scripts written without spaces, the overlapping n-grams of each run, so that a word
  is found inside a longer one whichever way the breaking went;
- `^begin`: the first letters of a longer word, neutral of language: cognates and inflections that
  no stemmer joins begin alike.

A title gives one token more, `!all its words`, for who types the whole of it. What words mean adds
`*concept` (`concepts`), and `?facet=value` for a term that they name (`lexicon`).

Stems are made of the folded word, again and again until they no longer change: that is what brings
ciudad and ciudades, gestão and gestões together.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock, local

import icu
import Stemmer

from academy.i18n import base_language
from academy.text import fold, is_invisible

SNOWBALL = {
    "ar": "arabic",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "id": "indonesian",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
Phrase = tuple[str, ...]
"""Folded words, one after another."""

BROKEN_PLURALS = Path(__file__).resolve().parent.parent / "data" / "arabic-plurals.csv"
LONGEST_WORD = 64
PREFIX_LENGTH = 5
LONGEST_TITLE = 300
GRAM_LENGTHS = (("han", 2), ("sea", 3))

_UNSPACED = {
    "han": re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]+"),
    "sea": re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+"),
}
_BEYOND_BASIC = re.compile("[\U00010000-\U0010ffff]")
_SPACED = re.compile(r"[a-z\u0400-\u04ff\u0600-\u06ff\u0900-\u0dff]{5}")
# Conjunction or preposition with the article, as light10 takes them off (Larkey and others 2007).
_ARTICLE = re.compile("^(?:وال|بال|كال|فال|لل)(?=.{3})")
_WORD = re.compile(r"[^\W_]")
_SCRIPTS = {
    "latin": re.compile("[a-z]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "arabic": re.compile("[\u0600-\u06ff]"),
    "devanagari": re.compile("[\u0900-\u097f]"),
}
_OF_SCRIPT = {
    "cyrillic": ("ru",),
    "arabic": ("ar",),
    "devanagari": ("hi",),
    "latin": tuple(code for code in SNOWBALL if code not in {"ru", "ar", "hi"}),
}


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    """Make a stemmer; without its own cache, for `stem` keeps what it finds."""
    return Stemmer.Stemmer(SNOWBALL[language], 0)


class _Breakers(local):
    """A breaker for each thread: it has a state of its own, and takes long to make."""

    def __init__(self) -> None:
        self.words = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())


_breakers = _Breakers()


def without_invisible(text: str) -> str:
    """Take away marks that nobody sees, such as those of direction: they hide what stands there."""
    if text.isascii():
        return text
    return "".join(char for char in text if not is_invisible(char))


def words(text: str) -> list[str]:
    """Break a text into folded words by the rules of Unicode, with ICU's dictionaries."""
    # ICU counts UTF-16 units, Python characters: they part beyond the basic plane (emoji mostly).
    folded = _BEYOND_BASIC.sub(" ", fold(text))
    breaker = _breakers.words
    breaker.setText(folded)
    found, start = [], 0
    for end in breaker:
        word = folded[start:end]
        if word.isalnum() or _WORD.search(word):
            found.append(word[:LONGEST_WORD])
        start = end
    return found


# A stemmer has a state of its own: no two threads may call it at once.
_one_stems = Lock()


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """Stem a folded word until the stem no longer changes; a broken plural is its singular."""
    return stem_anew(word, language)


def stem_anew(word: str, language: str) -> str:
    """Stem a folded word, and remember nothing: it will not be asked for again."""
    stemmed = _stemmed(word, language)
    return _singulars().get(stemmed, stemmed) if language == "ar" else stemmed


def _stemmed(word: str, language: str) -> str:
    if language == "ar":
        word = _ARTICLE.sub("", word)
    with _one_stems:
        for _ in range(4):
            shorter = fold(_stemmer(language).stemWord(word))
            if shorter == word or not shorter:
                break
            word = shorter
    return word


@cache
def _singulars() -> dict[str, str]:
    """Give stems of Arabic plurals that change inside a word, which no stemmer undoes."""
    with BROKEN_PLURALS.open(encoding="utf-8", newline="") as lines:
        rows = [(fold(row["plural"]), fold(row["singular"])) for row in csv.DictReader(lines)]
    return {_stemmed(plural, "ar"): _stemmed(singular, "ar") for plural, singular in rows}


def stems(phrase: Phrase, language: str) -> Phrase:
    """Stem every word of a phrase in a language that has a stemmer."""
    return tuple(stem(word, language) for word in phrase)


def grams(word: str) -> tuple[str, ...]:
    """Give the overlapping n-grams of a word in an unspaced script; none for other scripts."""
    for script, length in GRAM_LENGTHS:
        if _UNSPACED[script].fullmatch(word) and len(word) >= length:
            last = len(word) - length + 1
            return tuple(f"~{word[start : start + length]}" for start in range(last))
    return ()


def pieces(word: str) -> tuple[str, ...]:
    """Give the n-grams of a longer word in an unspaced script, each of which may match alone."""
    found = grams(word)
    return found if len(found) > 1 else ()


def prefix(word: str) -> str | None:
    """Give the token of how a longer word of letters begins; None for others."""
    if len(word) <= PREFIX_LENGTH or not _SPACED.match(word):
        return None
    return f"^{word[:PREFIX_LENGTH]}"


def title_token(said: Sequence[str]) -> str:
    """Give the token of a whole title, or of a whole query, from its words."""
    return f"!{' '.join(said)}"[:LONGEST_TITLE]


@lru_cache(maxsize=20_000)
def _tokens_of(word: str, base: str) -> tuple[str, ...]:
    """Give the tokens of a folded word in a language; most words of a text are common ones."""
    found = [f"={word}"]
    if base in SNOWBALL:
        found.append(f"{base}:{stem(word, base)}")
    if beginning := prefix(word):
        found.append(beginning)
    return tuple(found)


def tokens(text: str, language: str, said: Sequence[str] | None = None) -> Iterator[str]:
    """Give the tokens of a document's text; `language` is the language it is written in.

    `said` are its words, where they are known already.
    """
    base = base_language(language)
    for word in words(text) if said is None else said:
        yield from _tokens_of(word, base)
    if text.isascii():
        return
    folded = fold(text)
    for pattern in _UNSPACED.values():
        for run in pattern.findall(folded):
            yield from grams(run)


def alternatives(word: str) -> list[tuple[str, ...]]:
    """Give the ways a folded query word can match, each a set of tokens that must all be there.

    The language of a query is never guessed: every stemmer of the word's script is tried.
    """
    ways: list[tuple[str, ...]] = [(f"={word}",)]
    for script, pattern in _SCRIPTS.items():
        if pattern.search(word):
            ways += [(f"{language}:{stem(word, language)}",) for language in _OF_SCRIPT[script]]
    pieces = grams(word)
    if pieces:
        ways.append(pieces)
    return ways
