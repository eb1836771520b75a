"""A harvest in work: what it needs to know, and how it keeps its lease."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event

from academy.db import unit_of_work, utcnow
from academy.outbound import Outbound
from courses.harvesting.harvests import queue
from courses.harvesting.harvests.asked import Asked
from courses.harvesting.harvests.holding import Let
from courses.harvesting.harvests.queue import Taken
from courses.harvesting.pipeline import Reading, Report

Told = Callable[[Report], None]


class Stopped(Exception):
    """Somebody stopped the harvest, or another worker has it now."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a steward said of an earlier reading that was held: let it, or keep what is missing."""

    allowed: Let
    keep: bool


@dataclass
class Work:
    """A harvest in work: of which source, by whom, and how far it is."""

    taken: Taken
    reading: Reading
    asked: Asked
    said: Said
    outbound: Outbound
    folder: Path
    stop: Event
    told: Told
    report: Report = field(default_factory=Report)
    read_anew: set[int] = field(default_factory=set)
    """The pages that said something new, by their keys."""

    _kept_at: datetime = field(default_factory=utcnow)

    @property
    def source_id(self) -> int:
        """The source."""
        return self.reading.source_id

    def tick(self, done: int) -> None:
        """Keep the lease now and then, and go on. Raises Stopped."""
        self.report.pages = max(self.report.pages, done)
        self.told(self.report)
        now = utcnow()
        if self.stop.is_set():
            raise Stopped
        if now - self._kept_at > queue.BEAT:
            self._kept_at = now
            with unit_of_work():
                go_on = queue.keep(self.taken, pages=self.report.pages, now=now)
        else:
            go_on = queue.goes_on(self.taken)
        if not go_on:
            raise Stopped
