"""The page docs/speed.md and its chart, written from what a whole run measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from pathlib import Path

from academy.config import CHECKOUT
from benchmarks.figures import Figures
from benchmarks.search.asking import QUESTIONS, Sort
from benchmarks.search.chart import chart
from benchmarks.search.measured import Line, Measured
from benchmarks.search.ours import Ours

DOCS = CHECKOUT / "docs"
TEMPLATE = Path(__file__).with_suffix(".md")
TITLE = "Words and four facets: 95th percentile of an answer"
HEAD = (
    "| Engine | p50 | p95 | p99 | first, p95 | asked | ours is faster | same |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def write(measured: Measured, figures: Figures) -> None:
    """Write the page and the chart."""
    lines = {engine: list(_points(measured, engine)) for engine in measured.engines}
    (DOCS / "search-speed.svg").write_text(chart(TITLE, lines), encoding="utf-8")
    away = [f"{name} was left out: {why}.\n" for name, why in measured.away.items()]
    told = TEMPLATE.read_text(encoding="utf-8").format(
        real=measured.real,
        machine=_machine(),
        questions=QUESTIONS,
        text=Sort.TEXT.value,
        figures=_figures(figures),
        tables="\n".join([*away, *_tables(measured)]),
    )
    (DOCS / "speed.md").write_text(told, encoding="utf-8")


def _points(measured: Measured, engine: str) -> Iterator[tuple[int, float]]:
    for size in measured.sizes:
        line = measured.line(engine, size, Sort.BOTH)
        if line is not None:
            yield size, line.again["p95"]


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = f"{os.cpu_count()} cores ({_processor()})"
    return f"{cores}, {memory:.0f} GiB, Python {platform.python_version()}"


def _processor() -> str:
    told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in told if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _tables(measured: Measured) -> Iterator[str]:
    for size in measured.sizes:
        yield f"## {measured.named(size)} offers\n"
        for sort in Sort:
            found = [measured.line(engine, size, sort) for engine in measured.engines]
            yield f"**{sort.value.capitalize()}**\n\n{HEAD}"
            yield "\n".join(_row(line) for line in found if line is not None) + "\n"
        rates = [f"{one.engine} {one.rate:,.0f}" for one in measured.built if one.size == size]
        yield f"Offers learned per second, documents made already: {', '.join(rates)}.\n"


def _row(line: Line) -> str:
    times = [*line.again.values(), line.first["p95"]]
    faster = "" if line.engine == Ours.name else f"{line.faster:,.1f} times"
    cells = [line.engine, *(f"{time:,.2f}" for time in times), str(line.asked), faster]
    return f"| {' | '.join([*cells, f'{line.agreed} of {line.compared}'])} |"


def _figures(figures: Figures) -> str:
    rows = [
        f"| {one.name} | {one.value:,.4g} {one.unit} | {one.aim} |"
        for one in figures.figures
        if one.aim
    ]
    return "\n".join(["| Figure | Value | Aim |", "| --- | ---: | --- |", *rows])
