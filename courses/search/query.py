"""What was typed, read: words, phrases in quotes, words left out, and the ways each can match."""

from __future__ import annotations

import re
from dataclasses import dataclass

from courses.search.analyzers import alternatives, prefix, title_token, words
from courses.search.lexicon import LONGEST_LABEL, Lexicon, Phrase

MOST_WORDS = 16

_QUOTED = re.compile(r'(?<!\S)(-?)["“”«»„]([^"“”«»„]+)["“”«»„]')
_LEFT_OUT = re.compile(r"(?<!\S)-(?=\w)(\S+)")

Way = tuple[str, ...]
"""Tokens that must all be there."""


@dataclass(frozen=True, slots=True)
class Group:
    """A word of the query with the ways it can match; the first is the very word.

    `terms` are facet values that a label with this word names: an offer described by one matches.
    `alike` only counts where too few offers have all the words.
    """

    word: str
    ways: tuple[Way, ...]
    terms: tuple[str, ...] = ()
    alike: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class TextQuery:
    """What was typed.

    `title` is the token of an offer that has just this title; `asked` tells whether anything was
    typed: marks alone ask for something, and find nothing.
    """

    groups: tuple[Group, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    left_out: tuple[Way, ...] = ()
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
    groups = [Group(word, ((f"={word}",),)) for word in exact]
    groups += _groups(words(_LEFT_OUT.sub(" ", rest))[:MOST_WORDS], lexicon)
    return TextQuery(
        groups=tuple(groups[:MOST_WORDS]),
        phrases=tuple(phrase for phrase in phrases if len(phrase) > 1),
        left_out=tuple(tuple(f"={word}" for word in phrase) for phrase in unwanted if phrase),
        title=title_token(text),
        asked=bool(text),
    )


def _groups(typed: list[str], lexicon: Lexicon) -> list[Group]:
    """Give each word once, with what the labels and names of places around it mean."""
    terms: dict[str, set[str]] = {word: set() for word in typed}
    others: dict[str, set[Way]] = {word: set() for word in typed}
    for start in range(len(typed)):
        for end in range(start + 1, min(start + LONGEST_LABEL, len(typed)) + 1):
            phrase = tuple(typed[start:end])
            named = lexicon.named(phrase)
            names = {_surfaces(name) for name in lexicon.places.get(phrase, ())}
            for word in phrase:
                terms[word] |= named
                others[word] |= names
    return [_group(word, sorted(terms[word]), sorted(others[word])) for word in terms]


def _surfaces(phrase: Phrase) -> Way:
    return tuple(f"={word}" for word in phrase)


def _group(word: str, terms: list[str], others: list[Way]) -> Group:
    beginning = prefix(word)
    alike = ((beginning,),) if beginning else ()
    return Group(word, (*alternatives(word), *others), tuple(terms), alike)
