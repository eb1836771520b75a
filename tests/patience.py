"""Waiting for what another process does: asking again, and leaving it time in between."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TypeVar

LIMIT = 60.0
"""Seconds after which a test gives up on a process."""

PAUSE = 0.05
"""Seconds between two questions: who asks without end takes the processor from who is asked."""

Found = TypeVar("Found")
_never = Event()


def awaited(found: Callable[[], Found | None], failing: str, *, limit: float = LIMIT) -> Found:
    """Ask until there is an answer that says something; gives up when time is over."""
    end = monotonic() + limit
    while monotonic() < end:
        if answer := found():
            return answer
        _never.wait(PAUSE)
    raise AssertionError(failing)
