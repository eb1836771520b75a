"""What an offer says around the words of a query."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, takewhile
from typing import NamedTuple

from academy.i18n import base_language
from academy.text import excerpt as shortened
from academy.text import plain_text
from courses.catalogue.models import Offer
from courses.catalogue.texts import OfferText
from courses.search.guiding.marking import Marker, Span

LENGTH = 210
"""Characters of an excerpt, about."""

BEFORE = 120
"""Characters before the first word that was found, at most."""

LONGEST_READ = 4_000
"""Characters of a description in which the words are looked for."""

_SENTENCE_ENDS = re.compile("[.!?…؟।]\\s+|[。！？]\\s*")


class Part(NamedTuple):
    """A piece of an excerpt, and whether it is a word that was looked for."""

    text: str
    marked: bool


class Excerpt(NamedTuple):
    """Pieces of a text in their order, and its language where it is not the reader's."""

    parts: Sequence[Part]
    language: str | None


def excerpt(offer: Offer, marker: Marker, reader: str) -> Excerpt | None:
    """Give what the offer says around the words, in the reader's language if it says it there.

    None where no summary or description has any of the words.
    """
    for text in _by_preference(offer, reader):
        for said in _bodies(text):
            spans = marker.spans(said, text.language)
            if first := next(spans, None):
                language = None if text.language == reader else text.language
                return Excerpt(list(_parts(said, first, spans)), language)
    return None


def _by_preference(offer: Offer, reader: str) -> list[OfferText]:
    def rank(text: OfferText) -> tuple[bool, bool]:
        return base_language(text.language) != reader, text.language != offer.language

    return sorted(offer.texts, key=rank)


def _bodies(text: OfferText) -> Iterator[str]:
    """Give the summary, and the description only when that is not enough: it has to be cleaned."""
    if text.summary:
        yield text.summary
    if text.description:
        yield plain_text(text.description)[:LONGEST_READ]


def _parts(text: str, first: Span, others: Iterator[Span]) -> Iterator[Part]:
    start = _beginning(text, first[0])
    end = _ending(text, start, first[1])
    if start:
        yield Part("…", False)
    at = start
    for begins, ends in chain([first], takewhile(lambda span: span[1] <= end, others)):
        yield Part(text[at:begins], False)
        yield Part(text[begins:ends], True)
        at = ends
    yield Part(text[at:end] + ("…" if end < len(text) else ""), False)


def _beginning(text: str, first: int) -> int:
    """Begin with the text, with the sentence, or some words before the first that was found."""
    if first < BEFORE:
        return 0
    ends = [found.end() for found in _SENTENCE_ENDS.finditer(text, first - BEFORE, first)]
    if ends:
        return ends[-1]
    space = text.find(" ", first - BEFORE // 2, first)
    return space + 1 if space >= 0 else first - BEFORE // 4


def _ending(text: str, start: int, least: int) -> int:
    if len(text) - start <= LENGTH:
        return len(text)
    cut = shortened(text[start : start + LENGTH + 1], LENGTH).removesuffix("…")
    return max(least, start + len(cut))
