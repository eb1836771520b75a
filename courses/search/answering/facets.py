"""Counting: for every value of every facet, how many offers choosing it would show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np

from courses.search.answering.seen import Counted, Marks, Seen
from courses.search.answering.segments import Bits, Segment, rows_of
from courses.search.engine import Counts, no_counts
from courses.search.params import SearchParams


def groups(params: SearchParams, segment: Segment, minute: int) -> dict[str, Bits]:
    """Give, for each facet with a choice, the documents that carry any chosen value.

    What is over is shown to who asks for it: without a choice of `when`, it is left out.
    """
    found = {}
    for facet, values in params.chosen.items():
        planes = (segment.plane(f"{facet}={value}", minute) for value in values)
        found[facet] = reduce(np.bitwise_or, planes, segment.nothing())
    if "when" not in found:
        found["when"] = segment.when(minute).open
    return found


def chosen(params: SearchParams, seen: Seen, minute: int) -> dict[str, Marks]:
    """Mark what each choice allows of the documents that are looked at."""
    found = groups(params, seen.segment, minute)
    return {facet: seen.marks(any_of) for facet, any_of in found.items()}


def all_of(base: Marks, chosen: Mapping[str, Marks], *, blind_to: str | None = None) -> Marks:
    """Give what of `base` every choice allows, one facet's own left aside."""
    others = (some for facet, some in chosen.items() if facet != blind_to)
    return reduce(np.bitwise_and, others, base)


def count(seen: Seen, hits: Marks, chosen: Mapping[str, Marks], minute: int) -> Counted:
    """Count every facet value of a segment; a facet is blind to its own choice."""
    rows = seen.segment.rows
    found = seen.count(hits, rows.keys() - chosen.keys())
    for facet in chosen.keys() & rows.keys():
        others = all_of(seen.everything, chosen, blind_to=facet)
        if facet == "when":
            found[rows[facet]] = seen.count_when(others, minute)
        else:
            found[rows[facet]] = seen.count(others, {facet})[rows[facet]]
    return found


class Tally:
    """The values that any segment has, and how many documents of all carry each."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        names = sorted({name for segment in segments for name in segment.names})
        place = {name: at for at, name in enumerate(names)}
        self._places = [np.array([place[name] for name in one.names]) for one in segments]
        self._rows = rows_of(names)
        self._values = [name.partition("=")[2] for name in names]

    def total(self, counted: Mapping[int, Counted]) -> Counts:
        """Add up what was counted in segments, by their places."""
        every = np.zeros(len(self._values), np.intp)
        for at, found in counted.items():
            every[self._places[at]] += found
        counts = no_counts()
        for facet, rows in self._rows.items():
            numbers = zip(self._values[rows], every[rows].tolist(), strict=True)
            counts[facet] = Counter({value: number for value, number in numbers if number})
        return counts
