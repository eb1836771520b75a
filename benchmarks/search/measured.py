"""What was measured: a line for each engine, size and sort of question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.search.asking import Sort
from benchmarks.search.by_sqlite import Sqlite
from benchmarks.search.by_tantivy import TantivyByWays
from benchmarks.search.ours import Ours
from benchmarks.search.timing import Timed, spread, times_faster
from benchmarks.search.weighing import Weight
from courses.search.weights import FEW

Found = dict[str, dict[Sort, Timed]]
"""What each engine took and answered, by name."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one engine took for one sort of questions at one size, in milliseconds."""

    engine: str
    size: int
    sort: str
    asked: int
    first: dict[str, float]
    again: dict[str, float]
    faster_first: float
    """How many times faster ours is at the 95th percentile, on the same questions."""

    faster: float
    """The same for questions asked again."""

    agreed: int
    """Answers with the same total and counts as those of the engine it is compared with."""

    compared: int


@dataclass(frozen=True, slots=True)
class Built:
    """How many offers per second an engine learned, with whatever work that is."""

    engine: str
    size: int
    rate: float
    seconds_of_core: float


@dataclass
class Measured:
    """Everything measured, of so many real offers."""

    real: int
    lines: list[Line] = field(default_factory=list)
    built: list[Built] = field(default_factory=list)
    weights: list[Weight] = field(default_factory=list)
    away: dict[str, str] = field(default_factory=dict)
    """Why an engine could not be had, by name."""

    def line(self, engine: str, size: int, sort: Sort) -> Line | None:
        """Find a line."""
        wanted = (engine, size, sort.value)
        found = [one for one in self.lines if (one.engine, one.size, one.sort) == wanted]
        return found[0] if found else None

    @property
    def sizes(self) -> list[int]:
        """List the sizes that were measured."""
        return sorted({line.size for line in self.lines})

    @property
    def engines(self) -> list[str]:
        """List the engines that were measured."""
        return list(dict.fromkeys(line.engine for line in self.lines))

    def named(self, size: int) -> str:
        """Say how many offers there were."""
        return f"{size:,} real" if size == self.real else f"{size:,}"

    def add(self, size: int, found: Found) -> None:
        """Keep what all engines took at one size."""
        for engine, times in found.items():
            self.lines += [_line(engine, size, sort, found) for sort in times]

    @property
    def differing(self) -> Iterator[Line]:
        """Give the lines in which some answer is another."""
        return (line for line in self.lines if line.agreed < line.compared)


def _line(engine: str, size: int, sort: Sort, found: Found) -> Line:
    mine, ours = found[engine][sort], found[Ours.name][sort]
    same = _same(mine, found[_compared_with(engine, sort, found)][sort], engine)
    return Line(
        engine=engine,
        size=size,
        sort=sort.value,
        asked=len(mine.first),
        first=spread(mine.first),
        again=spread(mine.again),
        faster_first=times_faster(ours.first, mine.first),
        faster=times_faster(ours.again, mine.again),
        agreed=sum(same),
        compared=len(same),
    )


def _compared_with(engine: str, sort: Sort, found: Found) -> str:
    """Name the engine whose answers must be the same: ours, but where only the very words count."""
    if sort is Sort.FILTERS or engine in {Ours.name, TantivyByWays.name}:
        return Ours.name
    return Sqlite.name if Sqlite.name in found else engine


def _same(mine: Timed, others: Timed, engine: str) -> list[bool]:
    """Compare answers one by one, but for words that ours goes on to look for loosely."""
    return [
        one.agrees(other)
        for one, other in zip(mine.answers, others.answers, strict=False)
        if engine != TantivyByWays.name or one.total >= FEW
    ]
