"""Counting: for every value of every facet, how many offers choosing it would show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from courses.search.answering.segments import PAST, Bits, Segment, number_of, words_for
from courses.search.engine import Counts
from courses.search.params import FACETS, SearchParams

BY_MATRIX, BY_PLANE, BY_CODE = 5.0, 1.5, 2.0
"""How long counting takes beside each other: a document's value in the matrix, a word of a plane,
and a document of a facet that is kept in codes."""


def groups(params: SearchParams, segment: Segment, minute: int) -> dict[str, Bits]:
    """Give, for each facet with a choice, the documents that carry any chosen value.

    What is over is shown to who asks for it: without a choice of `when`, it is left out.
    """
    found = {}
    for facet, values in params.chosen.items():
        any_of = segment.nothing()
        for value in values:
            any_of |= segment.plane(f"{facet}={value}", minute)
        found[facet] = any_of
    if "when" not in found:
        found["when"] = ~segment.plane(PAST, minute)
    return found


def all_of(base: Bits, chosen: Mapping[str, Bits], *, blind_to: str | None = None) -> Bits:
    """Give the documents of `base` that every choice allows, one facet's own left aside."""
    result = base.copy()
    for facet, any_of in chosen.items():
        if facet != blind_to:
            result &= any_of
    return result


def count(
    segment: Segment, base: Bits, chosen: Mapping[str, Bits], minute: int, into: Counts
) -> None:
    """Count every facet value of a segment; a facet is blind to its own choice."""
    everything = all_of(base, chosen)
    _count_all(segment, everything, set(FACETS) - chosen.keys(), into)
    for facet in chosen:
        seen = all_of(base, chosen, blind_to=facet)
        if facet == "when":
            planes = segment.when(minute)
            found = {value[5:]: number_of(seen & plane) for value, plane in planes.items()}
            into["when"].update({value: n for value, n in found.items() if n})
        else:
            _count_all(segment, seen, {facet}, into)


def _count_all(segment: Segment, seen: Bits, wanted: set[str], into: Counts) -> None:
    """Count the values of some facets: few documents by what each carries, many by facet."""
    facets = {facet: rows for facet, rows in segment.rows.items() if facet in wanted}
    if number_of(seen) * segment.matrix.shape[1] * BY_MATRIX < _cost_by_facet(segment, facets):
        carried = segment.matrix[segment.documents(seen)]
        every = np.bincount(carried.ravel(), minlength=len(segment.names) + 1)
        found: dict[str, NDArray[Any]] = {facet: every[rows] for facet, rows in facets.items()}
    else:
        found = {facet: _by_planes(segment, seen, facet) for facet in facets}
    for facet, counted in found.items():
        start, skip = facets[facet].start, len(facet) + 1
        some = np.flatnonzero(counted)
        into[facet].update({segment.names[start + at][skip:]: int(counted[at]) for at in some})


def _cost_by_facet(segment: Segment, facets: Mapping[str, slice]) -> float:
    """Tell what it costs to count these facets one by one."""
    uncoded = (rows for facet, rows in facets.items() if facet not in segment.codes)
    planes: int = sum(rows.stop - rows.start for rows in uncoded) * words_for(segment.size)
    codes = len(facets.keys() & segment.codes.keys()) * segment.size
    return BY_PLANE * planes + BY_CODE * codes


def _by_planes(segment: Segment, seen: Bits, facet: str) -> NDArray[Any]:
    rows = segment.rows[facet]
    codes = segment.codes.get(facet)
    if codes is None:
        counted: NDArray[Any] = np.bitwise_count(segment.planes[rows] & seen).sum(
            axis=1, dtype=np.uint32
        )
        return counted
    return np.bincount(codes[segment.documents(seen)], minlength=rows.stop - rows.start + 1)[:-1]
