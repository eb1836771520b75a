"""What runs by itself: huey is the clock and the hands, rows in the database are the queue."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from flask import Flask
from huey import SqliteHuey, crontab

from academy.accounts.joining import forget_unconfirmed
from academy.accounts.operations import forget_expired_sessions
from academy.config import Settings
from academy.db import unit_of_work, utcnow
from academy.tokens.operations import forget_expired_tokens, forget_old_keys

Loop = Callable[[Event], None]
"""Work without pause: runs until the event is set."""


def offer_jobs(app: Flask, settings: Settings) -> None:
    """Make the clock, and let features add jobs to it and loops beside it."""
    huey = SqliteHuey("academy", filename=str(settings.home / "jobs.sqlite"), utc=True)
    loops: list[Loop] = []
    app.extensions["huey"] = huey
    app.extensions["loops"] = loops

    @huey.periodic_task(crontab(minute="17"))  # type: ignore[untyped-decorator]
    def tidy_accounts() -> None:
        """Remove what is over: sessions, mailed tokens, accounts that were never confirmed."""
        with app.app_context(), unit_of_work():
            forget_expired_sessions(now=utcnow())
            forget_expired_tokens(now=utcnow())
            forget_old_keys(now=utcnow())
            forget_unconfirmed(now=utcnow())
