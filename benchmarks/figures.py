"""Figures: what was measured, what we aim at, and the gates between them."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value, and the highest or lowest we would like to see."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def aim(self) -> str:
        """Say what we aim at, and whether it was missed."""
        if self.at_most is None and self.at_least is None:
            return ""
        reached = (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )
        wanted = f"≤ {self.at_most:g}" if self.at_most is not None else f"≥ {self.at_least:g}"
        return wanted if reached else f"{wanted}, missed"


@dataclass(frozen=True, slots=True)
class Gate:
    """A ratio of two figures of this run, and how far it may go."""

    name: str
    ratio: float
    at_most: float

    @property
    def is_open(self) -> bool:
        """Whether the ratio stays within its bound."""
        return self.ratio <= self.at_most


GATES = (
    ("Words and facets by the index : filters and counts by SQL", "search", "SQL", 0.2),
    ("Reading a feed again : reading it first", "harvest again", "harvest", 0.6),
    ("A page of the catalogue : a page without a list", "page", "plain page", 25.0),
    ("A change until it is found : a whole rebuild", "found", "rebuild", 0.5),
    ("Memory of the web server : as it began", "memory", "memory at first", 2.0),
    ("A source that did not change : read first", "formats again", "formats first", 0.1),
    ("The same, sent once more : read first", "formats sent again", "formats first", 0.1),
    ("Memory of a harvest of many records : of few", "harvest of many", "harvest of few", 1.3),
)
"""What is compared, and the highest ratio: generous, for the machine may be busy."""


@dataclass
class Figures:
    """Everything one run came to."""

    figures: list[Figure] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    compared: dict[str, float] = field(default_factory=dict)
    """What the gates compare, by name: medians where there are many."""

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        at_most: float | None = None,
        at_least: float | None = None,
    ) -> None:
        """Keep a figure."""
        self.figures.append(Figure(name, value, unit, at_most, at_least))

    def add_times(self, name: str, seconds: Sequence[float], *, aim: float | None = None) -> float:
        """Keep the median and the 95th percentile of times, the aim in ms; give the median."""
        self.add(f"{name}, p50", 1_000 * percentile(seconds, 50), "ms")
        self.add(f"{name}, p95", 1_000 * percentile(seconds, 95), "ms", at_most=aim)
        return percentile(seconds, 50)

    def judge(self) -> None:
        """Hold the ratios against their bounds."""
        for name, above, below, bound in GATES:
            if above in self.compared:
                ratio = self.compared[above] / self.compared[below]
                self.gates.append(Gate(name, ratio, bound))

    @property
    def are_good(self) -> bool:
        """Whether every gate is open."""
        return all(gate.is_open for gate in self.gates)

    def show(self) -> None:
        """Print two tables."""
        table = Table("Figure", "Value", "Aim", title="Measured")
        for figure in self.figures:
            table.add_row(figure.name, f"{figure.value:,.4g} {figure.unit}", figure.aim)
        gates = Table("Ratio", "Value", "At most", "", title="Gates")
        for gate in self.gates:
            verdict = "open" if gate.is_open else "SHUT"
            gates.add_row(gate.name, f"{gate.ratio:.3g}", f"{gate.at_most:g}", verdict)
        console = Console()
        console.print(table)
        console.print(gates)

    def keep(self, path: Path) -> None:
        """Write everything as JSON."""
        path.parent.mkdir(exist_ok=True)
        told = {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "figures": [asdict(figure) for figure in self.figures],
            "gates": [asdict(gate) | {"open": gate.is_open} for gate in self.gates],
        }
        path.write_text(json.dumps(told, indent=1), encoding="utf-8")


def percentile(values: Sequence[float], rank: int) -> float:
    """Give the value below which so many of a hundred lie."""
    return sorted(values)[min(len(values) - 1, len(values) * rank // 100)]
