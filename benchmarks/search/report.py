"""The tables of a run on the screen, and everything as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from benchmarks.search.asking import Sort
from benchmarks.search.measured import Measured

HEADS = ("Engine", "Asked", "p50", "p95", "p99", "First, p95", "Ours is faster", "Same")
WIDTH = 110


def show(measured: Measured) -> None:
    """Print a table for each size and sort of question."""
    console = Console(width=WIDTH)
    for size in measured.sizes:
        for sort in Sort:
            table = Table(
                *HEADS,
                title=f"{measured.named(size)} offers, {sort.value}: milliseconds",
                box=SIMPLE_HEAD,
            )
            for line in measured.lines:
                if (line.size, line.sort) == (size, sort.value):
                    times = [*line.again.values(), line.first["p95"]]
                    table.add_row(
                        line.engine,
                        str(line.asked),
                        *(f"{time:,.3f}" for time in times),
                        f"{line.faster:,.2f}",
                        f"{line.agreed} of {line.compared}",
                    )
            console.print(table)
    for one in measured.built:
        console.print(
            f"{one.engine} learned {measured.named(one.size)} offers: {one.rate:,.0f} per second"
        )


def keep(measured: Measured, path: Path) -> None:
    """Write everything as JSON."""
    path.write_text(json.dumps(asdict(measured), indent=1), encoding="utf-8")
