"""How good a list is: reciprocal rank, recall, and how far chance could have moved their means."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np

FIRST = 10
"""How many of the list people look at."""

SAMPLES = 2_000
SEED = 20261122


def reciprocal_rank(found: Sequence[str], relevant: AbstractSet[str]) -> float:
    """Give 1 when the first is relevant, 1/2 when the second is the first to be, ..., else 0."""
    for rank, one in enumerate(found[:FIRST], 1):
        if one in relevant:
            return 1 / rank
    return 0.0


def recall(found: Sequence[str], relevant: AbstractSet[str]) -> float:
    """Give the share of what is relevant that is among the first, as far as it has room there."""
    return len(relevant & set(found[:FIRST])) / min(FIRST, len(relevant))


def mean(values: Sequence[float]) -> float:
    """Give the mean of some values."""
    return sum(values) / len(values)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Give the bounds in which the mean lies in 95 of 100 draws of as many, with replacement."""
    drawn = np.random.default_rng(SEED).choice(np.array(values), size=(SAMPLES, len(values)))
    low, high = np.percentile(drawn.mean(axis=1), (2.5, 97.5))
    return float(low), float(high)
