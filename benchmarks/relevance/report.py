"""What the asking came to: means by group with their intervals, as tables and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from benchmarks.relevance.judged import TYPES, Judged
from benchmarks.relevance.measures import interval, mean, recall, reciprocal_rank

ByLanguage = dict[str, list[float]]
MEANS = {"mrr": "MRR@10", "recall": "Recall@10"}
PARTS = ("95 %", "dev", "held")
WHERE = {"own": "own language, MRR@10", "across": "other languages, recall@10"}
AIMS = (
    "Aims with words alone: MRR@10 0.75, recall@10 0.84, recall@10 across languages 0.70,"
    " passages in their own language 0.94."
)
WIDTH = 130


@dataclass(frozen=True, slots=True)
class Answered:
    """A judged query and what was found first."""

    judged: Judged
    found: Sequence[str]

    @property
    def rank(self) -> float:
        """One divided by the place of the first that is relevant; 0 without any."""
        return reciprocal_rank(self.found, self.judged.relevant)

    @property
    def share(self) -> float:
        """The share of what is relevant that is among the first."""
        return recall(self.found, self.judged.relevant)


def groups(answered: Sequence[Answered]) -> dict[str, list[Answered]]:
    """Sort into all, the half to tune on, the half held back, types and languages."""
    languages = sorted({one.judged.language for one in answered})
    names = ["all", "dev", "held", *(f"type {type_}" for type_ in TYPES)]
    names += [f"language {language}" for language in languages]
    sorted_: dict[str, list[Answered]] = {name: [] for name in names}
    for one in answered:
        half = "held" if one.judged.is_held else "dev"
        for name in ("all", half, f"type {one.judged.type}", f"language {one.judged.language}"):
            sorted_[name].append(one)
    return {name: members for name, members in sorted_.items() if members}


def figures(members: Sequence[Answered]) -> dict[str, Any]:
    """Tell the means of a group, of all of it and of each half."""
    halves = {
        "": list(members),
        "_dev": [one for one in members if not one.judged.is_held],
        "_held": [one for one in members if one.judged.is_held],
    }
    told: dict[str, Any] = {"queries": len(members)}
    for half, some in halves.items():
        for name, values in (("mrr", _ranks(some)), ("recall", _shares(some))):
            told[f"{name}{half}"] = round(mean(values), 4) if values else None
            if values and not half:
                told[f"{name}_interval"] = [round(bound, 4) for bound in interval(values)]
    return told


def _ranks(members: Iterable[Answered]) -> list[float]:
    return [one.rank for one in members]


def _shares(members: Iterable[Answered]) -> list[float]:
    return [one.share for one in members]


def missed(answered: Sequence[Answered]) -> list[Judged]:
    """List the queries whose first offers hold nothing relevant."""
    return [one.judged for one in answered if not one.rank]


def of_passages(asked: dict[str, ByLanguage]) -> dict[str, dict[str, Any]]:
    """Tell the means of the passages, in all and by language of the question."""
    told: dict[str, dict[str, Any]] = {}
    for name, by_language in asked.items():
        whole = [value for values in by_language.values() for value in values]
        told[name] = {"all": round(mean(whole), 4), "interval": [*map(_short, interval(whole))]}
        told[name] |= {language: _short(mean(values)) for language, values in by_language.items()}
    return told


def _short(value: float) -> float:
    return round(value, 4)


def show(told: dict[str, Any]) -> None:
    """Print the groups, and then the passages."""
    console = Console(width=WIDTH)
    table = Table(title="Judged queries", box=SIMPLE_HEAD)
    for head in ("Group", "Queries", *(head for name in MEANS.values() for head in (name, *PARTS))):
        table.add_column(head, no_wrap=True)
    for name, group in told.get("groups", {}).items():
        table.add_row(name, str(group["queries"]), *_cells(group))
    if table.row_count:
        console.print(table)
    for name, group in told.get("passages", {}).items():
        by_language = " ".join(f"{one} {value:.3f}" for one, value in group.items() if len(one) < 3)
        console.print(f"Passages, {WHERE[name]}: {group['all']:.3f}; {by_language}")
    console.print(AIMS)


def _cells(group: dict[str, Any]) -> Iterator[str]:
    for name in MEANS:
        low, high = group[f"{name}_interval"]
        yield from (_said(group[name]), f"{low:.2f}–{high:.2f}")
        yield from (_said(group[f"{name}_{half}"]) for half in ("dev", "held"))


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def keep(told: dict[str, Any], path: Path) -> None:
    """Write everything as JSON."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
