"""What was typed, read: words, phrases in quotes, words left out, and the ways each can match."""

from __future__ import annotations

import re
from dataclasses import dataclass

from courses.search.analyzers import Phrase, alternatives, pieces, prefix, title_token, words
from courses.search.concepts import glossary
from courses.search.lexicon import LONGEST_LABEL, Lexicon
from courses.search.weights import ALIKE, BY_TERM, INFLECTED, MEANT, NAMED, SUGGESTED

MOST_WORDS = 16

_QUOTED = re.compile(r'(?<!\S)(-?)["“”«»„]([^"“”«»„]+)["“”«»„]')
_LEFT_OUT = re.compile(r"(?<!\S)-(?=\w)(\S+)")

Tokens = tuple[str, ...]
"""Tokens that must all be there."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a word can match: an offer has all these tokens; `weight` is what that counts.

    A token `#facet=value` stands for an offer that carries the value. A loose way only counts
    where too few offers have all the words.
    """

    tokens: Tokens
    weight: float = 1.0
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A word of the query with the ways it can match; the first is the very word."""

    word: str
    ways: tuple[Way, ...]

    def asked(self, *, loosely: bool) -> tuple[Way, ...]:
        """Give the ways that count."""
        return tuple(way for way in self.ways if loosely or not way.loose)


@dataclass(frozen=True, slots=True)
class TextQuery:
    """What was typed.

    `title` is the token of an offer that has just this title; `asked` tells whether anything was
    typed: marks alone ask for something, and find nothing.
    """

    groups: tuple[Group, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    left_out: tuple[Tokens, ...] = ()
    title: str = ""
    asked: bool = False


def text_query(text: str, lexicon: Lexicon) -> TextQuery:
    """Read what was typed. Words beyond the sixteenth are left out; nothing is an error."""
    quoted = [(minus, tuple(words(said))[:MOST_WORDS]) for minus, said in _QUOTED.findall(text)]
    rest = _QUOTED.sub(" ", text)
    unwanted = [tuple(words(word)) for word in _LEFT_OUT.findall(rest)][:MOST_WORDS]
    unwanted += [phrase for minus, phrase in quoted if minus]
    phrases = [phrase for minus, phrase in quoted if phrase and not minus]
    exact = dict.fromkeys(word for phrase in phrases for word in phrase)
    groups = [Group(word, (Way((f"={word}",)),)) for word in exact]
    groups += _groups(words(_LEFT_OUT.sub(" ", rest))[:MOST_WORDS], lexicon)
    return TextQuery(
        groups=tuple(groups[:MOST_WORDS]),
        phrases=tuple(phrase for phrase in phrases if len(phrase) > 1),
        left_out=tuple(_surfaces(phrase) for phrase in unwanted if phrase),
        title=title_token(words(text)),
        asked=bool(text),
    )


def _groups(typed: list[str], lexicon: Lexicon) -> list[Group]:
    """Give each word once, with what the labels and names of places around it mean."""
    meant: dict[str, set[Way]] = {word: set() for word in typed}
    for start in range(len(typed)):
        for end in range(start + 1, min(start + LONGEST_LABEL, len(typed)) + 1):
            phrase = tuple(typed[start:end])
            ways = {Way(_surfaces(name), NAMED) for name in lexicon.places.get(phrase, ())}
            for term in lexicon.named(phrase):
                ways |= {Way((f"#{term}",), BY_TERM), Way((f"?{term}",), SUGGESTED)}
            for word in phrase:
                meant[word] |= ways
    for phrase, concept in glossary().meant(tuple(typed)):
        for word in phrase:
            meant[word].add(Way((f"*{concept}",), MEANT))
    return [_group(word, sorted(ways, key=repr)) for word, ways in meant.items()]


def _surfaces(phrase: Phrase) -> Tokens:
    return tuple(f"={word}" for word in phrase)


def _group(word: str, meant: list[Way]) -> Group:
    first, *others = alternatives(word)
    ways = [Way(first), *(Way(tokens, INFLECTED) for tokens in others), *meant]
    if beginning := prefix(word):
        ways.append(Way((beginning,), ALIKE, loose=True))
    ways += [Way((piece,), ALIKE, loose=True) for piece in pieces(word)]
    return Group(word, tuple(ways))
