"""The documents of a segment that a question looks at: a list of few, or a bit for each.

Marks tell of them what is true, in whichever way suits; those of one question are joined by `&`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from courses.search.answering.segments import (
    NOBODY,
    WHEN,
    Bits,
    Segment,
    holds,
    number_of,
    places_of,
)

Marks = NDArray[Any]
Counted = NDArray[np.intp]
"""For each value of a segment's facets, how many documents carry it."""

Listed = NDArray[np.uint32]

FEW = 16
"""Documents are listed where they are fewer than one in so many."""

BY_VALUE, BY_WORD, BY_CODE, BY_BIT = 2.0, 0.9, 2.0, 0.5
"""Nanoseconds: for a value of a listed document, a word of a plane, a listed document whose value
is kept as a code, and for a bit that is looked at to list documents."""

CODES = (np.arange(2 ** len(WHEN))[:, None] >> np.arange(len(WHEN))) & 1
"""The values of the facet `when` that each code stands for."""


class Few:
    """Documents in a list: marks are truths beside it."""

    def __init__(self, segment: Segment, listed: Listed) -> None:
        self.segment, self.listed = segment, listed
        self.everything: Marks = np.ones(len(listed), bool)
        self._places = places_of(listed)

    def marks(self, bits: Bits) -> Marks:
        """Mark those that are in bits."""
        return holds(bits, self._places)

    def number(self, marks: Marks) -> int:
        """Count what is marked."""
        return int(np.count_nonzero(marks))

    def documents(self, marks: Marks) -> Listed:
        """List what is marked."""
        return self.listed[marks]

    def listed_in(self, marks: Marks) -> Marks:
        """Tell of each document in the list whether it is marked."""
        return marks

    def count(self, marks: Marks, facets: Collection[str]) -> Counted:
        """Count the values of these facets; those of others mean nothing."""
        carried = self.segment.matrix.take(self.listed[marks], axis=0)
        return np.bincount(carried.ravel(), minlength=len(self.segment.names) + 1)[:-1]

    def count_when(self, marks: Marks, minute: int) -> Counted:
        """Count the values of the facet `when`."""
        codes = self.segment.when(minute).codes.take(self.listed[marks])
        return np.bincount(codes, minlength=len(CODES)) @ CODES


class Many:
    """Documents as bits: so are marks. They may be listed too, which counting makes use of."""

    def __init__(self, segment: Segment, bits: Bits, listed: Listed = NOBODY) -> None:
        self.segment, self.listed = segment, listed
        self.everything: Marks = bits
        self._places = places_of(listed)

    def marks(self, bits: Bits) -> Marks:
        """Mark those that are in bits."""
        return bits

    def number(self, marks: Marks) -> int:
        """Count what is marked."""
        return number_of(marks)

    def documents(self, marks: Marks) -> Listed:
        """List what is marked."""
        if len(self.listed):
            return self.listed[self.listed_in(marks)]
        return self.segment.documents(marks).astype(np.uint32)

    def listed_in(self, marks: Marks) -> Marks:
        """Tell of each document in the list whether it is marked."""
        return holds(marks, self._places)

    def count(self, marks: Marks, facets: Collection[str]) -> Counted:
        """Count the values of these facets, one by one or by a list of few documents."""
        segment, number = self.segment, number_of(marks)
        listing = BY_BIT * segment.size + BY_VALUE * number * segment.matrix.shape[1]
        if listing < self._cost(number, facets):
            few = Few(segment, self.documents(marks))
            return few.count(few.everything, facets)
        found = np.zeros(len(segment.names), np.intp)
        for facet in facets:
            found[segment.rows[facet]] = self._values(marks, facet)
        return found

    def count_when(self, marks: Marks, minute: int) -> Counted:
        """Count the values of the facet `when`."""
        return _marked(self.segment.when(minute).planes, marks)

    def _cost(self, number: int, facets: Collection[str]) -> float:
        segment = self.segment
        planes = sum(segment.planes[facet].size for facet in facets if facet in segment.planes)
        coded = sum(facet in segment.codes for facet in facets)
        return BY_WORD * planes + coded * (BY_BIT * segment.size + BY_CODE * number)

    def _values(self, marks: Marks, facet: str) -> Counted:
        segment, codes = self.segment, self.segment.codes.get(facet)
        if codes is None:
            return _marked(segment.planes[facet], marks)
        rows = segment.rows[facet]
        return np.bincount(codes[self.documents(marks)], minlength=rows.stop - rows.start + 1)[:-1]


def _marked(planes: Bits, marks: Marks) -> Counted:
    """Count in each plane what is marked."""
    counted: Counted = np.bitwise_count(planes & marks).sum(axis=1, dtype=np.uint32).astype(np.intp)
    return counted


Seen = Few | Many


def seen_in(segment: Segment, documents: Listed) -> Seen:
    """Look at documents, given in their order, in the way that costs less."""
    if len(documents) * FEW < segment.size:
        return Few(segment, documents)
    return Many(segment, segment.bits(documents), documents)
