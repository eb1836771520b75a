"""What was typed, read: words, phrases in quotes, words left out, and the ways each can match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from courses.search.analyzers import (
    Phrase,
    alternatives,
    pieces,
    prefix,
    title_token,
    without_invisible,
    words,
)
from courses.search.concepts import glossary, narrower
from courses.search.lexicon import LONGEST_PLACE, Lexicon
from courses.search.weights import ALIKE, BY_TERM, INFLECTED, MEANT, NAMED, NARROWER, SUGGESTED

MOST_WORDS = 16
KEPT = 2_000
"""How many queries are remembered as they were read: filters and pages repeat the words."""

# A hyphen leaves out where a word may begin: after a space or what opens, never inside of one.
_BEGINS = r"(?<![^\s(\[{'‘])"
_QUOTED = re.compile(rf'({_BEGINS}-|(?<!\w))["“”«»„]([^"“”«»„]+)["“”«»„]')
_LEFT_OUT = re.compile(rf"{_BEGINS}-(?=\w)(\S+)")

Tokens = tuple[str, ...]
"""Tokens that must all be there."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a word can match: an offer has all these tokens; `weight` is what that counts.

    A token `#facet=value` stands for an offer that carries the value. A loose way only counts
    where too few offers have all the words. What stands for something else, each of `within`,
    is no rarer than that.
    """

    tokens: Tokens
    weight: float = 1.0
    loose: bool = False
    within: Tokens = ()


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
    typed: marks alone ask for something, and find nothing. `shortened` tells that there were more
    words than are read.
    """

    groups: tuple[Group, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    left_out: tuple[Phrase, ...] = ()
    """Words and phrases that no offer found says, but one of which all this is the title."""

    title: str = ""
    asked: bool = False
    shortened: bool = False

    @property
    def very_words(self) -> list[str]:
        """The tokens of the words as they were typed."""
        return [token for group in self.groups for token in group.ways[0].tokens]

    @property
    def itself(self) -> Phrase:
        """What an offer says one of whose texts is just what was typed."""
        return "|", *self.title[1:].split(" "), "|"


@lru_cache(KEPT)
def text_query(text: str, lexicon: Lexicon) -> TextQuery:
    """Read what was typed. Words beyond the sixteenth are left out; nothing is an error."""
    text = without_invisible(text)
    quoted = [(minus, tuple(words(said))) for minus, said in _QUOTED.findall(text)]
    rest = _QUOTED.sub(" ", text)
    unwanted = _once(tuple(words(word)) for word in _LEFT_OUT.findall(rest))
    unwanted += _once(phrase for minus, phrase in quoted if minus)
    phrases = _once(phrase for minus, phrase in quoted if not minus)
    typed = tuple(words(_LEFT_OUT.sub(" ", rest)))
    exact = dict.fromkeys(word for phrase in phrases for word in phrase[:MOST_WORDS])
    groups = [Group(word, (Way((f"={word}",)),)) for word in exact]
    groups = [*groups, *_groups(typed[:MOST_WORDS], lexicon)][:MOST_WORDS]
    heard = {group.word for group in groups}
    return TextQuery(
        groups=tuple(groups),
        phrases=tuple(phrase[:MOST_WORDS] for phrase in phrases if len(phrase) > 1),
        left_out=tuple(phrase[:MOST_WORDS] for phrase in unwanted[:MOST_WORDS]),
        title=title_token(words(text)),
        asked=bool(text),
        shortened=not heard.issuperset((*typed, *(word for phrase in phrases for word in phrase)))
        or _too_much(unwanted),
    )


def _once(phrases: Iterable[Phrase]) -> list[Phrase]:
    """Give every phrase that has a word, once."""
    return list(dict.fromkeys(phrase for phrase in phrases if phrase))


def _too_much(unwanted: list[Phrase]) -> bool:
    """Tell whether more is to be left out than is read."""
    return len(unwanted) > MOST_WORDS or any(len(phrase) > MOST_WORDS for phrase in unwanted)


def _groups(typed: Phrase, lexicon: Lexicon) -> list[Group]:
    """Give each word once, with what the names around it mean."""
    meant: dict[str, set[Way]] = {word: set() for word in typed}
    for phrase, way in _meant(typed, lexicon):
        for word in phrase:
            meant[word].add(way)
    return [_group(word, sorted(ways, key=repr)) for word, ways in meant.items()]


def _meant(typed: Phrase, lexicon: Lexicon) -> Iterator[tuple[Phrase, Way]]:
    """Give the parts of a query that name a place, term or concept, with what they can match."""
    for start in range(len(typed)):
        for end in range(start + 1, min(start + LONGEST_PLACE, len(typed)) + 1):
            said = typed[start:end]
            for name in lexicon.places.get(said, frozenset()) - {said}:
                yield said, Way(_surfaces(name), NAMED)
    for phrase, term in lexicon.terms.meant(typed):
        yield phrase, Way((f"#{term}",), BY_TERM)
        yield phrase, Way((f"?{term}",), SUGGESTED)
    for phrase, concept in glossary().meant(typed):
        named = f"*{concept}"
        yield phrase, Way((named,), MEANT)
        for below in narrower().get(concept, ()):
            yield phrase, Way((f"*{below}",), NARROWER, within=(named,))


def _surfaces(phrase: Phrase) -> Tokens:
    return tuple(f"={word}" for word in phrase)


def _within(way: Way, word: Tokens) -> Way:
    """Let a concept count as no rarer than the word that names it."""
    named = way.tokens[0][0] == "*" and not way.within
    return replace(way, within=word) if named else way


def _group(word: str, meant: list[Way]) -> Group:
    first, *others = alternatives(word)
    ways = [Way(first), *(Way(tokens, INFLECTED) for tokens in others)]
    ways += [_within(way, first) for way in meant]
    if beginning := prefix(word):
        ways.append(Way((beginning,), ALIKE, loose=True))
    ways += [Way((piece,), ALIKE, loose=True) for piece in pieces(word)]
    return Group(word, tuple(ways))
