"""The worker: one process beside the web server that keeps the index and runs the clock."""

from __future__ import annotations

import signal
from threading import Event, Thread
from types import FrameType

from flask import Flask

from academy import create_app


def work(app: Flask, stop: Event) -> None:
    """Run the loops and the clock until `stop` is set."""
    threads = [Thread(target=loop, args=(stop,), daemon=True) for loop in app.extensions["loops"]]
    consumer = app.extensions["huey"].create_consumer(workers=1, periodic=True)
    consumer.start()
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

    app = create_app()
    signal.signal(signal.SIGTERM, asked_to_stop)
    signal.signal(signal.SIGINT, asked_to_stop)
    work(app, stop)


if __name__ == "__main__":
    main()
