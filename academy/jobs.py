"""What runs by itself: huey is the clock and the hands, rows in the database are the queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any

from flask import Flask

from academy.accounts.joining import forget_unconfirmed
from academy.accounts.operations import forget_expired_sessions
from academy.config import Settings
from academy.db import unit_of_work, utcnow
from academy.tokens.operations import forget_expired_tokens, forget_old_keys

Loop = Callable[[Event], None]
"""Work without pause: runs until the event is set."""

Act = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What is done again and again: at which hours and minutes (UTC), written as cron does."""

    act: Act
    hour: str
    minute: str

    @property
    def name(self) -> str:
        """Name it as its function is named."""
        return self.act.__name__


def job(app: Flask, *, hour: str = "*", minute: str = "*") -> Callable[[Act], Act]:
    """Add a function to what the worker does by the clock."""

    def add(act: Act) -> Act:
        app.extensions["jobs"].append(Job(act, hour, minute))
        return act

    return add


def clock(app: Flask) -> Any:
    """Make the clock that does all jobs; it runs once a consumer of it is started."""
    # Only the worker has a clock: the web server goes on without what huey brings along.
    from huey import SqliteHuey, crontab  # noqa: PLC0415

    settings: Settings = app.config["SETTINGS"]
    huey = SqliteHuey("academy", filename=str(settings.home / "jobs.sqlite"), utc=True)
    for one in app.extensions["jobs"]:
        huey.periodic_task(crontab(hour=one.hour, minute=one.minute))(one.act)
    return huey


def offer_jobs(app: Flask) -> None:
    """Let features add jobs to the clock, and loops beside it."""
    jobs: list[Job] = []
    loops: list[Loop] = []
    app.extensions["jobs"] = jobs
    app.extensions["loops"] = loops

    @job(app, minute="17")
    def tidy_accounts() -> None:
        """Remove what is over: sessions, mailed tokens, accounts that were never confirmed."""
        with app.app_context(), unit_of_work():
            forget_expired_sessions(now=utcnow())
            forget_expired_tokens(now=utcnow())
            forget_old_keys(now=utcnow())
            forget_unconfirmed(now=utcnow())
