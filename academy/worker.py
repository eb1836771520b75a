"""The worker: one process beside the web server that keeps the index and runs the clock."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from threading import Event, Thread
from types import FrameType

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from academy import create_app
from academy.config import BadSettings, Settings
from academy.db import unit_of_work, utcnow
from academy.health import BEAT_SECONDS, WORKER, beat, fall_silent
from academy.jobs import clock
from academy.logs import write_logs
from academy.operating.running import running
from academy.operating.upgrading import check_schema
from academy.supervisor import EXPLAINED

log = logging.getLogger(__name__)
Handler = Callable[[int, FrameType | None], None]


def work(app: Flask, stop: Event, asked_to_stop: Handler) -> None:
    """Run the loops and the clock until `stop` is set."""
    threads = [Thread(target=loop, args=(stop,), daemon=True) for loop in app.extensions["loops"]]
    consumer = clock(app).create_consumer(workers=1, periodic=True)
    consumer.start()
    # Only now: starting the consumer has put handlers of its own in place.
    signal.signal(signal.SIGTERM, asked_to_stop)
    signal.signal(signal.SIGINT, asked_to_stop)
    for thread in threads:
        thread.start()
    whole = _beat_until(stop, app, threads)
    stop.set()
    consumer.stop(graceful=True)
    for thread in threads:
        thread.join(timeout=10)
    if not whole:
        sys.exit("A loop of the worker ended by itself.")


def _beat_until(stop: Event, app: Flask, threads: Sequence[Thread]) -> bool:
    """Say regularly that all loops run; tell whether they did to the end."""
    details = {"loops": len(threads), "process": os.getpid()}
    while all(thread.is_alive() for thread in threads):
        _note(app, lambda: beat(WORKER, now=utcnow(), details=details))
        if stop.wait(BEAT_SECONDS):
            _note(app, lambda: fall_silent(WORKER))
            return True
    return False


def _note(app: Flask, act: Callable[[], None]) -> None:
    try:
        with app.app_context(), unit_of_work():
            act()
    except SQLAlchemyError:
        log.exception("the worker could not say how it is")


def main() -> int:
    """Work until told to stop by SIGINT or SIGTERM; tell the exit code."""
    stop = Event()

    def asked_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    try:
        app = create_app()
        settings: Settings = app.config["SETTINGS"]
        write_logs(settings)
        with running(settings.home):
            check_schema(app)
            work(app, stop, asked_to_stop)
    except BadSettings as error:
        click.echo(f"The worker could not start: {error}", err=True)
        return EXPLAINED
    return 0


if __name__ == "__main__":
    sys.exit(main())
