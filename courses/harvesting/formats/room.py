"""How many dates a record and a file may have: each run and each meeting is a row to be written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from courses.catalogue.content import RunContent
from courses.harvesting.draft import Draft, Finding, Weight

MOST_EACH, MOST_IN_ALL = 500, 8_000
FREE = 4
"""Rows that every record may have, and that count for no file."""

LEFT_OUT = "dates-left-out"
Item = TypeVar("Item")


@dataclass(slots=True)
class Room:
    """The rows that are left to a file."""

    left: int = MOST_IN_ALL

    @property
    def each(self) -> int:
        """The rows that the next record may have."""
        return min(MOST_EACH, max(self.left, FREE))

    @property
    def is_full(self) -> bool:
        """Tell whether records have only the rows that all may have."""
        return self.left <= FREE

    def take(self, rows: int) -> None:
        """Count the rows of a record."""
        self.left -= max(0, rows - FREE)


def rows_of(runs: Iterable[RunContent]) -> int:
    """Count runs and meetings."""
    return sum(1 + len(run.meetings) for run in runs)


def first_of(runs: Sequence[RunContent], rows: int) -> list[RunContent]:
    """Keep the first runs and meetings, as many as may be."""
    kept = list[RunContent]()
    for run in runs:
        if rows <= 0:
            break
        kept.append(replace(run, meetings=run.meetings[: rows - 1]))
        rows -= 1 + len(run.meetings)
    return kept


def within_room(items: Iterable[Item]) -> Iterator[Item]:
    """Leave out the dates for which a record, or the whole file, has no room; that is noted."""
    room = Room()
    for item in items:
        if not isinstance(item, Draft):
            yield item
            continue
        told, most = rows_of(item.runs), room.each
        room.take(min(told, most))
        if told <= most:
            yield item
        else:
            left_out = Finding(item.line, "runs", LEFT_OUT, Weight.REPAIRED, str(told))
            runs = first_of(item.runs, most)
            yield replace(item, runs=runs, findings=[left_out, *item.findings])
