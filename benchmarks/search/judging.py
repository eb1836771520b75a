"""The figures and gates of a run: how many times faster ours is, beside what we aim at."""

from __future__ import annotations

from benchmarks.figures import Figures, Gate
from benchmarks.search.asking import Sort
from benchmarks.search.by_postgresql import Postgresql
from benchmarks.search.by_sqlite import Sqlite
from benchmarks.search.by_tantivy import Tantivy, TantivyByWays
from benchmarks.search.by_whoosh import Whoosh
from benchmarks.search.measured import Measured
from benchmarks.search.ours import Ours

AIMS = (
    (Tantivy.name, Sort.BOTH, 5.0),
    (TantivyByWays.name, Sort.BOTH, 5.0),
    (Tantivy.name, Sort.FILTERS, 5.0),
    (Tantivy.name, Sort.TEXT, 2.0),
    (TantivyByWays.name, Sort.TEXT, 2.0),
    (Sqlite.name, Sort.BOTH, 50.0),
    (Sqlite.name, Sort.FILTERS, 50.0),
    (Postgresql.name, Sort.BOTH, 50.0),
    (Postgresql.name, Sort.FILTERS, 50.0),
    (Whoosh.name, Sort.BOTH, None),
)
"""How many times faster ours shall be at the 95th percentile."""

GATES = (
    (TantivyByWays.name, Sort.BOTH, 0.8),
    (Tantivy.name, Sort.FILTERS, 0.5),
    (Sqlite.name, Sort.FILTERS, 0.1),
    (Postgresql.name, Sort.FILTERS, 0.1),
    (Whoosh.name, Sort.BOTH, 0.02),
)
"""The highest ratio of our time to another's: generous, for the machine may be busy."""

JUDGED_FROM = 20_000
"""With fewer offers, what counts is how long a call takes, not how long the work does."""

MILLISECONDS = {10_000: 0.6, 100_000: 1.2, 1_000_000: 13.0}
MEGABYTES, WEIGHED_AT = 130.0, 100_000
RATE = 3_000.0


def judge(measured: Measured, figures: Figures) -> None:
    """Turn what was measured into figures with their aims, and ratios with their bounds."""
    for size in measured.sizes:
        _add_times(measured, size, figures)
        if size >= JUDGED_FROM:
            _add_ratios(measured, size, figures)
    for weight in measured.weights:
        aim = MEGABYTES if weight.size == WEIGHED_AT else None
        name = f"{measured.named(weight.size)} offers, memory of a process that has answered"
        figures.add(name, weight.resident, "MB", at_most=aim)
        figures.add(f"{name}: its own", weight.own, "MB")
        figures.add(f"{name}: before it opened the index", weight.academy, "MB")
    compared = sum(line.compared for line in measured.lines)
    same = sum(line.agreed for line in measured.lines)
    figures.add("Answers that have to be the same", compared, "")
    # One answer that differs shuts it: the engines would not have done the same work.
    figures.gates.append(Gate("Answers that differ", compared - same, 0))


def _add_times(measured: Measured, size: int, figures: Figures) -> None:
    for sort in Sort:
        line = measured.line(Ours.name, size, sort)
        assert line is not None
        name = f"{measured.named(size)} offers, {sort.value}"
        aim = MILLISECONDS.get(size) if sort is Sort.BOTH else None
        figures.add(f"{name}, p95", line.again["p95"], "ms", at_most=aim)
        figures.add(f"{name}, p95 of questions never asked before", line.first["p95"], "ms")


def _add_ratios(measured: Measured, size: int, figures: Figures) -> None:
    named = measured.named(size)
    for engine, sort, aim in AIMS:
        line = measured.line(engine, size, sort)
        if line is not None:
            name = f"{named} offers, {sort.value}: faster than {engine}"
            figures.add(name, line.faster, "times", at_least=aim)
    for engine, sort, bound in GATES:
        line = measured.line(engine, size, sort)
        if line is not None:
            name = f"{named} offers, {sort.value}: ours : {engine}"
            figures.gates.append(Gate(name, 1 / line.faster, bound))
