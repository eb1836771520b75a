"""Why an answer is what it is: how the words were read, and what each offer owes its place to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from courses.search.answering.engine import search
from courses.search.answering.matching import Matched
from courses.search.answering.segments import Segment, number_of
from courses.search.answering.snapshots import Snapshot
from courses.search.engine import Found, Question
from courses.search.query import Group, Way
from courses.search.weights import FRESH_FOR, FRESHNESS, QUALITY


@dataclass(frozen=True, slots=True)
class WayFound:
    """A way of a word, how many live offers have it, and how rare it is."""

    way: Way
    offers: int
    rarity: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its ways; one that no offer has, in any way, has none found."""

    word: str
    ways: tuple[WayFound, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """That an offer has a word in a way, and what that counts; of a word's ways, the best does.

    It is how much of it the offer holds, times how rare it is, times the weight of the way.
    """

    word: str
    way: Way
    score: float


@dataclass(frozen=True, slots=True)
class Scored:
    """An offer with the parts of its score: its words, and shares more for being full and new.

    `words` has the share it gains for its language already, which is `own`.
    """

    number: int
    words: float
    own: float
    full: float
    fresh: float
    parts: tuple[Part, ...]

    @property
    def score(self) -> float:
        """What orders offers by best match."""
        return self.words * (1 + self.full + self.fresh)


@dataclass(frozen=True, slots=True)
class Explained:
    """An answer with its reasons: the words as they were read, and the first offers."""

    question: Question
    words: tuple[Word, ...]
    found: Found
    offers: tuple[Scored, ...]


def explain(snapshot: Snapshot, question: Question, *, number: int = 10) -> Explained:
    """Answer a question from one state of the index, with the reasons for the first offers."""
    words = tuple(_word(snapshot, group) for group in question.query.groups)
    found = search(snapshot, question)
    matched = snapshot.matcher.matched(question.query).parts if question.query.asked else ()
    offers = [_scored(snapshot, matched, one, words, question) for one in found.numbers[:number]]
    return Explained(question, words, found, tuple(offers))


def _word(snapshot: Snapshot, group: Group) -> Word:
    return Word(group.word, tuple(_way(snapshot, way) for way in group.ways))


def _way(snapshot: Snapshot, way: Way) -> WayFound:
    offers = 0
    for segment, live in snapshot.segments:
        having = live
        for token in way.tokens:
            having = having & segment.bits(segment.postings(token).documents)
        offers += number_of(having)
    return WayFound(way, offers, snapshot.matcher.rarity_of(way))


def _scored(
    snapshot: Snapshot,
    matched: Sequence[Matched],
    number: int,
    words: Iterable[Word],
    question: Question,
) -> Scored:
    at, segment, document = _place(snapshot, number)
    gains = snapshot.matcher.rarity.gains
    own = gains(question.query.very_words, at, np.array([document], np.uint32))
    age = max(0, question.minute - int(segment.keys["newest"][document]))
    return Scored(
        number=number,
        words=_score(matched[at], document) if matched else 0.0,
        own=float(own[0]) - 1,
        full=QUALITY / 100 * int(segment.keys["quality"][document]),
        fresh=FRESHNESS * exp(-age / FRESH_FOR),
        parts=tuple(_parts(segment, document, words)),
    )


def _score(found: Matched, document: int) -> float:
    return float(found.scores[np.searchsorted(found.documents, document)])


def _parts(segment: Segment, document: int, words: Iterable[Word]) -> Iterator[Part]:
    for word in words:
        for one in word.ways:
            held = min(_impact(segment, document, token) for token in one.way.tokens)
            if held:
                yield Part(word.word, one.way, held * one.rarity * one.way.weight)


def _impact(segment: Segment, document: int, token: str) -> float:
    """Give the impact of a token in a document; 0 where the document has it not."""
    postings = segment.postings(token)
    at = int(np.searchsorted(postings.documents, document))
    if at < len(postings.documents) and postings.documents[at] == document:
        return float(postings.impacts[at])
    return 0.0


def _place(snapshot: Snapshot, number: int) -> tuple[int, Segment, int]:
    """Find the live document of an offer: its segment, and its place there."""
    for at, (segment, live) in enumerate(snapshot.segments):
        hits = segment.documents(live & segment.bits(_documents(segment, number)))
        if len(hits):
            return at, segment, int(hits[0])
    raise LookupError(number)


def _documents(segment: Segment, number: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.flatnonzero(segment.keys["number"] == number)
