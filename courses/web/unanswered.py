"""Counting queries that found nothing: in memory first, written down after a page was sent."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime
from threading import Lock
from time import monotonic

from flask import Flask, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from academy.db import unit_of_work
from academy.i18n import current_language
from courses.search.engine import Found, Outcome
from courses.search.params import SearchParams
from courses.search.unanswered import Asked, count_unanswered, countable

log = logging.getLogger(__name__)
WRITTEN_EVERY = 60.0
"""Seconds between two times that a process writes its counts down."""

MOST_KEPT = 500
"""How many different queries a process remembers until then; others are not counted."""


class Tally:
    """What this process was asked and did not find, since it last wrote that down.

    It is lost when the process ends: a minute's worth at most, and nobody misses it.
    """

    def __init__(self, every: float = WRITTEN_EVERY) -> None:
        self._every = every
        self._lock = Lock()
        self._counts: Counter[Asked] = Counter()
        self._written_at = monotonic()

    def add(self, asked: Asked, times: int = 1) -> None:
        """Count a query."""
        with self._lock:
            if asked in self._counts or len(self._counts) < MOST_KEPT:
                self._counts[asked] += times

    def due(self) -> bool:
        """Tell whether there is something to write, and the last time is long enough ago."""
        with self._lock:
            return bool(self._counts) and monotonic() - self._written_at >= self._every

    def take(self) -> Counter[Asked]:
        """Hand over what was counted, and begin anew."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
            self._written_at = monotonic()
            return taken


def note(params: SearchParams, found: Found, now: datetime) -> None:
    """Remember words that found nothing, where no filter is to blame."""
    if found.outcome is not Outcome.NOTHING or params.chosen or found.away:
        return
    query = countable(params.q)
    if query is not None:
        _tally().add(Asked(now.date(), current_language(), query))


def write_down(app: Flask) -> None:
    """Add what this process has counted to what is known; kept for later where that fails."""
    with app.app_context():
        taken = _tally().take()
        if not taken:
            return
        try:
            with unit_of_work():
                count_unanswered(taken)
        except SQLAlchemyError:
            log.warning("the database was kept by another writer: queries are counted later")
            for asked, times in taken.items():
                _tally().add(asked, times)


def count_queries(app: Flask) -> None:
    """Let the application count; what it writes, it writes once the page is on its way."""
    app.extensions["unanswered"] = Tally()

    @app.after_request
    def write_afterwards(response: Response) -> Response:
        if _tally().due():
            response.call_on_close(lambda: write_down(app))
        return response


def _tally() -> Tally:
    tally: Tally = current_app.extensions["unanswered"]
    return tally
