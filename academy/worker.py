"""The worker: one process beside the web server that keeps the index and runs the clock."""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import Event, Thread
from types import FrameType

from flask import Flask

from academy import create_app

Handler = Callable[[int, FrameType | None], None]


def work(app: Flask, stop: Event, asked_to_stop: Handler) -> None:
    """Run the loops and the clock until `stop` is set."""
    threads = [Thread(target=loop, args=(stop,), daemon=True) for loop in app.extensions["loops"]]
    consumer = app.extensions["huey"].create_consumer(workers=1, periodic=True)
    consumer.start()
    # Only now: starting the consumer has put handlers of its own in place.
    signal.signal(signal.SIGTERM, asked_to_stop)
    signal.signal(signal.SIGINT, asked_to_stop)
    for thread in threads:
        thread.start()
    stop.wait()
    consumer.stop(graceful=True)
    for thread in threads:
        thread.join(timeout=10)


def main() -> None:
    """Work until told to stop by SIGINT or SIGTERM."""
    stop = Event()

    def asked_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    work(create_app(), stop, asked_to_stop)


if __name__ == "__main__":
    main()
