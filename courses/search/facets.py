"""Counting: for every value of every facet, how many offers choosing it would show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from courses.search.params import FACETS, SearchParams
from courses.search.segments import Bits, Segment

Counts = dict[str, Counter[str]]


def no_counts() -> Counts:
    """Give an empty count for every facet."""
    return {facet: Counter() for facet in FACETS}


def groups(params: SearchParams, segment: Segment) -> dict[str, Bits]:
    """Give, for each facet with a choice, the documents that carry any chosen value."""
    found = {}
    for facet, values in params.chosen.items():
        any_of = np.zeros(segment.planes.shape[1], np.uint64)
        for value in values:
            plane = segment.plane(f"{facet}={value}")
            if plane is not None:
                any_of |= plane
        found[facet] = any_of
    return found


def all_of(base: Bits, chosen: Mapping[str, Bits], *, blind_to: str | None = None) -> Bits:
    """Give the documents of `base` that every choice allows, one facet's own left aside."""
    result = base.copy()
    for facet, any_of in chosen.items():
        if facet != blind_to:
            result &= any_of
    return result


def count(segment: Segment, base: Bits, chosen: Mapping[str, Bits], into: Counts) -> None:
    """Count every facet value of a segment; a facet is blind to its own choice."""
    everything = all_of(base, chosen)
    for facet, (values, rows) in segment.facets.items():
        seen = all_of(base, chosen, blind_to=facet) if facet in chosen else everything
        found = np.bitwise_count(segment.planes[rows] & seen).sum(axis=1)
        into[facet].update(
            {value: int(n) for value, n in zip(values, found.tolist(), strict=True) if n}
        )
