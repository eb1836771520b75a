"""Asking an engine: every question twice, as long as there is time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from benchmarks.figures import percentile
from benchmarks.search.asking import Answer, Asked
from benchmarks.search.engines import Engine

BUDGET = 15.0
"""Seconds after which an engine is asked no further questions of a sort."""

FEWEST = 20


@dataclass(frozen=True, slots=True)
class Timed:
    """What one sort of questions took, in milliseconds, and what was answered.

    `first` is each question asked for the first time, `again` the same ones asked once more.
    """

    first: list[float]
    again: list[float]
    answers: list[Answer]


def timed(engine: Engine, questions: Sequence[Asked]) -> Timed:
    """Ask all of the questions, or as many as there is time for, and then the same again."""
    first: list[float] = []
    answers = []
    for asked in questions:
        started = perf_counter()
        answers.append(engine.ask(asked))
        first.append(1_000 * (perf_counter() - started))
        if sum(first) > 1_000 * BUDGET and len(first) >= FEWEST:
            break
    again = []
    for asked in questions[: len(first)]:
        started = perf_counter()
        engine.ask(asked)
        again.append(1_000 * (perf_counter() - started))
    return Timed(first, again, answers)


def spread(times: Sequence[float]) -> dict[str, float]:
    """Give the three percentiles."""
    return {f"p{rank}": round(percentile(times, rank), 4) for rank in (50, 95, 99)}


def times_faster(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Tell how many times faster ours is at the 95th percentile, where both were asked."""
    both = min(len(ours), len(theirs))
    return percentile(theirs[:both], 95) / percentile(ours[:both], 95)
