"""What mails need by itself: a loop that sends them, and a job that forgets them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event
from time import monotonic

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from academy.config import Settings
from academy.db import unit_of_work, utcnow
from academy.health import beat, fall_silent
from academy.jobs import job
from academy.notices.bouncing import forget_old_bounces
from academy.notices.delivering import deliver_next
from academy.notices.models import NoticeState
from academy.notices.operations import forget_old_notices
from academy.notices.transports import Away, Transport, transport_of

log = logging.getLogger(__name__)

PAUSES = (1.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds between two looks at what is due: after none, one, two ... rounds that went wrong."""

AWAY = "mails"
"""The heartbeat that is there while mails cannot be sent; its details say why."""


class Pace:
    """So many mails a minute, a tenth of them at once."""

    def __init__(self, per_minute: int, at: float) -> None:
        self._rate = per_minute / 60
        self._most = max(1.0, per_minute / 10)
        self._left, self._at = self._most, at

    def after_one(self, at: float) -> float:
        """Count a mail, and tell how many seconds the next has to wait."""
        self._left = min(self._most, self._left + (at - self._at) * self._rate) - 1
        self._at = at
        return max(0.0, (1 - self._left) / self._rate)


def add_jobs(app: Flask) -> None:
    """Add the loop and the job to the worker."""
    app.extensions["loops"].append(keep_delivering(app))

    @job(app, hour="2", minute="23")
    def forget_mails() -> None:
        with app.app_context(), unit_of_work():
            forget_old_notices(now=utcnow())
            forget_old_bounces(now=utcnow())


def keep_delivering(app: Flask) -> Callable[[Event], None]:
    """Make the loop that sends what is due until it is told to stop."""
    settings: Settings = app.config["SETTINGS"]

    def loop(stop: Event) -> None:
        transport = transport_of(settings)
        if transport is None:
            # Nobody takes mails: they wait in their rows.
            stop.wait()
            return
        pace, failed, told = Pace(settings.mail_per_minute, monotonic()), 0, "?"
        while not stop.wait(PAUSES[min(failed, len(PAUSES) - 1)]):
            problem = _send_all(app, transport, pace, stop)
            failed = failed + 1 if problem else 0
            if problem != told and _tell(app, problem):
                told = problem
        transport.close()

    return loop


def _send_all(app: Flask, transport: Transport, pace: Pace, stop: Event) -> str:
    """Send what is due, one by one; tell what kept us from it, or nothing."""
    try:
        while not stop.is_set():
            state = deliver_next(app, transport, now=utcnow())
            if state is None:
                break
            if state is NoticeState.SENT:
                stop.wait(pace.after_one(monotonic()))
        transport.close()
    except Away as away:
        log.warning("mails cannot be sent: %s", away)
        return str(away)
    except Exception as error:
        log.exception("mails could not be sent")
        return type(error).__name__
    return ""


def _tell(app: Flask, problem: str) -> bool:
    """Let the stewards' page know whether mails are on their way; tell whether that worked."""
    try:
        with app.app_context(), unit_of_work():
            if problem:
                beat(AWAY, now=utcnow(), details={"problem": problem})
            else:
                fall_silent(AWAY)
    except SQLAlchemyError:
        log.exception("it could not be said how mails go")
        return False
    return True
