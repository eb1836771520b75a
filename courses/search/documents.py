"""What the index keeps of an offer: weighted tokens, facet values, and keys to sort by."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from academy.text import plain_text
from courses.catalogue.models import LanguageRole, Offer, OfferText
from courses.search.analyzers import tokens
from courses.vocabularies.queries import Vocabularies

TITLE_WEIGHT = 3
LONGEST_TEXT = 20_000
# Okapi BM25 (Robertson and Zaragoza 2009) with moderate length normalisation; the mean length is
# fixed, so that the impact of a token can be computed once, when the document is made.
K1, B, MEAN_LENGTH = 1.2, 0.5, 120.0


@dataclass(frozen=True, slots=True)
class Document:
    """One offer in the index. Times are minutes since 1970; 0 where there is none."""

    number: int
    impacts: dict[str, float]
    facets: frozenset[str]
    starts: tuple[int, int]
    newest: int
    reviewed: int


def document(offer: Offer, vocabulary: Vocabularies, *, now: datetime) -> Document:
    """Make the document of a whole offer."""
    return Document(
        number=offer.id,
        impacts=_impacts(_frequencies(offer)),
        facets=frozenset(_facets(offer, vocabulary)),
        starts=_starts(offer, now),
        newest=_minutes(offer.published_at or offer.added_at),
        reviewed=_reviewed(offer),
    )


def _frequencies(offer: Offer) -> Counter[str]:
    counted: Counter[str] = Counter()
    for text in offer.texts:
        for token in tokens(text.title, text.language):
            counted[token] += TITLE_WEIGHT
        counted.update(tokens(_body(text), text.language))
    for language, name in offer.institution.name.items():
        counted.update(tokens(name, language))
    counted.update(tokens(offer.provider, offer.language))
    return counted


def _body(text: OfferText) -> str:
    body = plain_text(text.description)
    if not body.startswith(text.summary[:60].rstrip("…")):
        body = f"{text.summary} {body}"
    return body[:LONGEST_TEXT]


def _impacts(counted: Counter[str]) -> dict[str, float]:
    """Weigh the tokens; never by nothing, for what weighs nothing would not be found."""
    norm = K1 * (1 - B + B * sum(counted.values()) / MEAN_LENGTH)
    return {token: max(0.01, round(n * (K1 + 1) / (n + norm), 2)) for token, n in counted.items()}


def _facets(offer: Offer, vocabulary: Vocabularies) -> Iterator[str]:
    yield f"kind={offer.kind.value}"
    yield f"institution={offer.institution.slug}"
    if offer.institution.section:
        yield f"section={offer.institution.section}"
    for language in offer.languages:
        if language.role is LanguageRole.TAUGHT:
            yield f"language={language.base}"
    for term in offer.terms:
        yield f"{term.vocabulary.value}={term.code}"
        above = vocabulary.broader(term)
        if above is not None:
            yield f"{above.vocabulary.value}={above.code}"


def _starts(offer: Offer, now: datetime) -> tuple[int, int]:
    """Give the next two starts: when the first has passed, the second still sorts rightly."""
    coming = sorted(run.starts_at for run in offer.runs if run.starts_at and run.starts_at >= now)
    first, second = ([_minutes(start) for start in coming] + [0, 0])[:2]
    return first, second


def _reviewed(offer: Offer) -> int:
    """Rank by the share who would send a colleague, then by how many said so.

    There is no share before enough people have said something.
    """
    if offer.colleague_share is None:
        return 0
    return offer.colleague_share * 100 + min(99, int(math.log2(offer.review_count) * 10)) + 1


def _minutes(moment: datetime) -> int:
    return max(0, int(moment.timestamp() // 60))
