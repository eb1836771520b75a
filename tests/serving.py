"""The real server and worker, as processes of their own, on a free port."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from academy.config import CHECKOUT, Settings
from tests.patience import LIMIT, awaited

_FIRST = 11_000 + os.getpid() * 1_000 % 20_000
_ports = iter(range(_FIRST, _FIRST + 1_000))
"""A thousand ports for this process, below those that the system deals out to anybody."""


@dataclass(frozen=True)
class Site:
    """An academy that runs: where it answers, where its data is, its demonstration password.

    `server` and `worker` are its processes.
    """

    url: str
    home: Path
    password: str
    server: int
    worker: int

    @property
    def host(self) -> str:
        """Host and port."""
        return self.url.partition("://")[2]


def free_port() -> int:
    """Find a port that nobody uses now, and that no other test is given."""
    for port in _ports:
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("every port is taken")


@contextmanager
def serving(settings: Settings, *, rate_limits: bool = False) -> Iterator[Site]:
    """Run web server and worker on the data of these settings until the block ends."""
    modules = ("academy.server", "academy.worker")
    with running(settings, *modules, rate_limits=rate_limits) as (port, server, worker):
        password = _password(settings.home)
        yield Site(f"http://127.0.0.1:{port}", settings.home, password, server, worker)


@contextmanager
def running(
    settings: Settings, *modules: str, rate_limits: bool = False
) -> Iterator[tuple[int, ...]]:
    """Run programs on the data of these settings, the web server first; gives its port, their ids.

    They are running, and the server answers, until the block ends.
    """
    port = free_port()
    environment = os.environ | {
        "ACADEMY_ENV": "development",
        "ACADEMY_HOME": str(settings.home),
        "ACADEMY_PORT": str(port),
        "SEARCH_MEANING": "on" if settings.meaning else "off",
        "RATE_LIMITS": "on" if rate_limits else "off",
        "SECRET_KEY": settings.secret_key,
    }
    processes = [
        subprocess.Popen([sys.executable, "-m", module], cwd=CHECKOUT, env=environment)
        for module in modules
    ]
    try:
        wait_until_it_answers("127.0.0.1", port, processes[0])
        yield port, *(process.pid for process in processes)
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(LIMIT)


def wait_until_it_answers(host: str, port: int, process: subprocess.Popen[bytes]) -> None:
    """Ask for the front page until it comes; gives up when the process ends or time is over."""

    def answers() -> bool:
        assert process.poll() is None, "the server ended"
        connection = http.client.HTTPConnection(host, port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            return False
        finally:
            connection.close()
        return True

    awaited(answers, "the server does not answer")


def _password(home: Path) -> str:
    marker = home / "demonstration.json"
    told = json.loads(marker.read_text()) if marker.exists() else {}
    return str(told.get("password", ""))
