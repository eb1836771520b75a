"""Starting processes, and watching those of others."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running.processes import Running, Start, Watch, Watched
from tests.serving import free_port

OURS = {
    *("ACADEMY_ENV", "ACADEMY_HOST", "ACADEMY_PORT", "ACADEMY_HOME", "SECRET_KEY"),
    *("BASE_URL", "DATABASE_URL", "TRUSTED_HOSTS", "PYTHONPATH", "CI"),
}
"""What is set outside and would change what is tested here."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of an academy in development that keeps its data in a new folder."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**kept, "ACADEMY_ENV": "development", "ACADEMY_HOME": str(tmp_path / "var")}


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Start `python ...`, with changes to the environment given by name."""
    started: list[Running] = []

    def begin(*arguments: str, **changes: str) -> Running:
        running = Running([sys.executable, *arguments], {**environment, **changes})
        started.append(running)
        return running

    yield begin
    for running in started:
        running.end()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Watch a process by its number, for as long as the test lasts."""
    watched: list[Watched] = []

    def begin(pid: int) -> Watched:
        watched.append(Watched(pid))
        return watched[-1]

    yield begin
    for one in watched:
        one.close()


@pytest.fixture(name="free_port")
def a_free_port() -> int:
    """A port that nobody listens at."""
    return free_port()
