"""Progress of long commands: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress

SECONDS_BETWEEN_LINES = 5.0


class Teller:
    """Tells how far a command has come: how many, of how many, how many a second."""

    def __init__(self, what: str, total: int | None, bar: Progress | None) -> None:
        self._what, self._total, self._bar = what, total, bar
        self._began = self._said = monotonic()
        self._task = bar.add_task(what, total=total, rate="") if bar else None

    def tell(self, done: int, total: int | None = None) -> None:
        """Say that so many are done."""
        self._total = total if total is not None else self._total
        now = monotonic()
        rate = f"{done / max(now - self._began, 0.001):,.0f}/s"
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=self._total, rate=rate)
        elif now - self._said >= SECONDS_BETWEEN_LINES:
            self._said = now
            of_all = f" of {self._total:,}" if self._total else ""
            click.echo(f"{self._what}: {done:,}{of_all}, {rate}")


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Teller]:
    """Show the progress of what happens inside, on standard output."""
    if not sys.stdout.isatty():
        yield Teller(what, total, None)
        return
    # Loaded where there is a terminal: the web server has commands too, and shows no bar.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console()) as bar:
        yield Teller(what, total, bar)
