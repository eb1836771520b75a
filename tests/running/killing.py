"""A web server and a worker that are killed and started again, as often as a test likes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Event

from academy.config import Settings
from tests.running.processes import CHECKOUT, LIMIT, Watched

_never = Event()


def wait_until(true: Callable[[], bool], *, what: str, limit: float = LIMIT) -> None:
    """Look again and again until it is so; gives up when time is over."""
    looks = int(limit * 100)
    for _look in range(looks):
        if true():
            return
        _never.wait(0.01)
    raise AssertionError(f"in vain: {what}")


class Fragile:
    """The processes of an academy, of which any may be killed at any moment."""

    def __init__(self, settings: Settings, port: int) -> None:
        self._start = subprocess.Popen(
            [sys.executable, "-m", "tests.running.forking"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
            env=os.environ
            | {
                "ACADEMY_ENV": "development",
                "ACADEMY_HOME": str(settings.home),
                "ACADEMY_PORT": str(port),
                "MAIL_PER_MINUTE": "60000",
                "RATE_LIMITS": "off",
                "SECRET_KEY": settings.secret_key,
            },
        )
        self._running: dict[str, tuple[int, Watched]] = {}

    def start(self, name: str) -> None:
        """Start the server or the worker."""
        assert self._start.stdin is not None
        assert self._start.stdout is not None
        self._start.stdin.write(f"{name}\n")
        self._start.stdin.flush()
        pid = int(self._start.stdout.readline())
        self._running[name] = (pid, Watched(pid))

    def kill(self, name: str) -> None:
        """End it as a power failure does: it cannot put anything in order."""
        self._end(name, signal.SIGKILL)

    def stop(self) -> None:
        """Ask all to end, and wait for them."""
        for name in list(self._running):
            with suppress(ProcessLookupError):
                self._end(name, signal.SIGTERM)
        assert self._start.stdin is not None
        assert self._start.stdout is not None
        self._start.stdin.close()
        self._start.stdout.close()
        self._start.wait(LIMIT)

    def _end(self, name: str, number: signal.Signals) -> None:
        pid, watched = self._running.pop(name)
        assert not watched.has_ended(), f"the {name} had ended by itself"
        os.kill(pid, number)
        assert watched.has_ended(LIMIT), f"the {name} did not end"
        watched.close()
