"""What weighs how much: the one place for the numbers of the ranking (docs/ranking.md)."""

from __future__ import annotations

import math
from collections import Counter

from courses.catalogue.models import Offer

# Okapi BM25 (Robertson and Zaragoza 2009) with moderate length normalisation; the mean length is
# fixed, so that the impact of a token can be computed once, when the document is made.
K1, B, MEAN_LENGTH = 1.2, 0.5, 120.0

INFLECTED = 0.9
"""How much an inflected form counts beside the very word that was typed."""

ALIKE = 0.4
"""How much a word counts that only begins alike, or has a part in common."""

NAMED = 0.9
"""How much another name of the same place counts."""

MEANT = 0.6
"""How much another word for the same concept counts, in whatever language."""

NARROWER = 0.3
"""How much a concept counts that the concept of the word takes in, such as recycling for waste."""

SUGGESTED = 0.35
"""How much an offer counts whose own words name the same term as the word that was typed."""

BY_TERM = 0.3
"""How much an offer counts that a term describes which the word names, without the word itself."""

OWN_LANGUAGE = 0.15
"""What an offer gains at most for being in the language that the words are of."""

TITLE_ITSELF = 1000.0
"""What an offer gains whose whole title was typed: nothing comes before it."""

FEW = 10
"""How many offers with all words are enough: with fewer, those that have any of them follow."""

QUALITY, FRESHNESS = 0.10, 0.05
"""What the fullest and the newest offer gain over the emptiest and the oldest, at most."""

FRESH_FOR = 2 * 365 * 24 * 60
"""Minutes after which an offer has lost two thirds of what it gained by being new."""


def impacts(counted: Counter[str]) -> dict[str, float]:
    """Weigh the tokens of a document; never by nothing, for what weighs nothing is not found."""
    norm = K1 * (1 - B + B * sum(counted.values()) / MEAN_LENGTH)
    weight = {n: max(0.01, n * (K1 + 1) / (n + norm)) for n in set(counted.values())}
    return {token: weight[n] for token, n in counted.items()}


def rarity(found: int, total: int) -> float:
    """Weigh a token by how rare it is: the inverse document frequency of BM25."""
    return math.log(1 + (total - found + 0.5) / (found + 0.5))


def quality(offer: Offer) -> int:
    """Tell how much an offer says of itself, and what people said of it, from 0 to 100."""
    described_by = {term.vocabulary.value for term in offer.terms}
    said = (
        any(text.summary or text.description for text in offer.texts),
        "issue" in described_by,
        "methodology" in described_by,
        offer.level is not None,
        offer.cost is not None,
        offer.certificate is not None,
        offer.workload_minutes is not None or bool(offer.workload),
        bool(offer.audience) or "audience" in described_by,
    )
    liked = 0 if offer.colleague_share is None else offer.colleague_share
    return round(80 * sum(said) / len(said) + 20 * liked / 100)


def reviewed(offer: Offer) -> int:
    """Rank by the share who would send a colleague, then by how many said so.

    There is no share before enough people have said something.
    """
    if offer.colleague_share is None:
        return 0
    return offer.colleague_share * 100 + min(99, int(math.log2(offer.review_count) * 10)) + 1
