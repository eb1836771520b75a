"""Faults: two processes read while one writes and is killed again and again.

`python -m benchmarks.faults SECONDS` (300 unless told) tells how many looks there were, and ends
with 1 when any of them saw half a commit, or a state older than one it had seen before.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import flask_migrate
from flask import Flask

from academy import create_app
from academy.db import db, unit_of_work
from courses.search import indexing
from courses.search.answering.engine import Indexed
from courses.search.find import index_folder
from courses.vocabularies.operations import sync
from tests.making import NOW, settings_for
from tests.search.harbours import CHANGED, change, harbours, turned
from tests.search.indexed import ask, drained

FIVE_MINUTES = 300.0
READERS = 2
LIVES = 0.1, 2.0
"""Seconds that a writer lives, at least and at most."""

BACK = 2
"""How many turns before the last one seen are looked for too: none of them may be there."""

_processes: Any = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Watched:
    """How often the index was looked at and changed, how many writers died, and what went wrong."""

    looks: int
    turns: int
    killed: int
    wrong: tuple[str, ...]


def watch(app: Flask, offers: list[int], *, seconds: float, seed: int, turns: int = 0) -> Watched:
    """Let two processes read while writers write and are killed; no context may be open.

    It goes on for so many seconds, and until there were so many turns, five minutes at most.
    """
    turn, over, chance = (
        _processes.Value("l", 0, lock=False),
        _processes.Event(),
        random.Random(seed),
    )
    told = [_processes.SimpleQueue() for _ in range(READERS)]
    readers = [_processes.Process(target=_read, args=(app, turn, over, one)) for one in told]
    _write_once(app, offers, turn)
    for reader in readers:
        reader.start()
    begun, killed = monotonic(), 0
    while monotonic() < begun + (seconds if turn.value > turns else FIVE_MINUTES):
        writer = _processes.Process(target=_write, args=(app, offers, turn))
        writer.start()
        sleep(chance.uniform(*LIVES))
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        killed += writer.exitcode == -signal.SIGKILL
    # The last one is left alone, and finds everything as it should be.
    _write_once(app, offers, turn)
    over.set()
    looks, wrong = zip(*(one.get() for one in told), strict=True)
    for reader in readers:
        reader.join()
    return Watched(sum(looks), turn.value, killed, tuple(one for one in wrong if one))


def _write(app: Flask, offers: list[int], turn: Any) -> None:
    """Begin as a worker does, then change, and tell the index, until killed."""
    with app.app_context():
        folder = index_folder(app)
        assert indexing.mend(folder, now=NOW) is False, "a killed writer left a broken index"
        drained(folder)
        while True:
            turn.value += 1
            change(offers, turn.value)
            drained(folder)


def _write_once(app: Flask, offers: list[int], turn: Any) -> None:
    with app.app_context():
        turn.value += 1
        change(offers, turn.value)
        drained(index_folder(app))
        # The processes that follow are copies of this one, and must not share its connections.
        db.session.remove()
        db.engine.dispose()


def _read(app: Flask, turn: Any, over: Event, told: Any) -> None:
    looks, seen = 0, 0
    try:
        with app.app_context():
            engine = Indexed(index_folder(app))
            while not over.is_set():
                seen, looks = _look(engine, seen, turn), looks + 1
        told.put((looks, ""))
    except BaseException:
        told.put((looks, traceback.format_exc()))


def _look(engine: Indexed, seen: int, turn: Any) -> int:
    """Tell what turn is seen now; raises AssertionError when that is half of one, or an old one."""
    snapshot = engine.snapshot()
    asked = range(max(seen - BACK, 0), turn.value + 1)
    totals = {one: ask(snapshot, turned(one)).total for one in asked}
    db.session.rollback()
    [now] = [one for one, total in totals.items() if total]
    assert (totals[now], now >= seen) == (CHANGED, True), (seen, totals)
    return now


def main(arguments: Sequence[str]) -> int:
    """Watch for so many seconds; tell the exit code."""
    seconds = float(arguments[0]) if arguments else FIVE_MINUTES
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as name:
        app = create_app(settings_for(Path(name), development=True))
        with app.app_context():
            flask_migrate.upgrade()
            with unit_of_work():
                sync()
            offers = harbours(app)
        found = watch(app, offers, seconds=seconds, seed=1)
    print(f"{found.looks:,} looks at {found.turns:,} commits, {found.killed:,} writers killed")
    print("\n".join(found.wrong) or "No error; no old state was seen again.")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
