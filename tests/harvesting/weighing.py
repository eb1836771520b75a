"""What a file costs that is harvested: processor seconds and memory, in a process of its own.

`python -m tests.harvesting.weighing` weighs every nasty file, and prints a line of JSON of each;
words after it name the adapters to weigh.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import process_time

import flask_migrate
from flask import Flask

from academy import create_app
from academy.db import db, unit_of_work
from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.draft import Feed, NotAFeed
from courses.harvesting.running import run_harvest
from courses.vocabularies.operations import sync
from tests.harvesting.harvested import lines, record, source
from tests.harvesting.nasty import LARGEST, NASTY, Make
from tests.making import settings_for

HERE = "https://school.example/feed"


def main(arguments: Sequence[str]) -> None:
    """Weigh the nasty files of these adapters, or of all."""
    with tempfile.TemporaryDirectory(prefix="academy-weighing-") as name:
        app = create_app(settings_for(Path(name)))
        with app.app_context():
            _prepare()
            for adapter in arguments or sorted(NASTY):
                source(adapter)
                db.session.remove()
                db.engine.dispose()
                for kind, make in NASTY[adapter].items():
                    _weigh_apart(app, adapter, kind, make)


def _prepare() -> None:
    flask_migrate.upgrade()
    with unit_of_work():
        sync()
    run_harvest(source("jsonl"), Feed(lines(record())), "jsonl", progress=lambda _report: None)


def _weigh_apart(app: Flask, adapter: str, kind: str, make: Make) -> None:
    """Weigh in a child process, so that one file leaves nothing to the next."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            told = _weighed(adapter, make())
            sys.stdout.write(json.dumps({"adapter": adapter, "kind": kind} | told) + "\n")
            sys.stdout.flush()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    del app


def _weighed(adapter: str, content: bytes) -> dict[str, object]:
    assert len(content) <= LARGEST, len(content)
    home, before = source(adapter), memory_now()
    Path("/proc/self/clear_refs").write_text("5")
    began = process_time()
    outcome = run_harvest(home, Feed(content, address=HERE), adapter, progress=lambda _report: None)
    try:
        ADAPTERS[adapter].following(Feed(content, address=HERE), HERE)
    except NotAFeed as refused:
        del refused
    return {
        "seconds": round(process_time() - began, 2),
        "megabytes": round(memory_at_most() - before, 1),
        "code": outcome.code if hasattr(outcome, "code") else str(outcome.failure),
        "read": outcome.report.read,
        "rejected": outcome.report.rejected,
    }


def memory_now() -> float:
    """Tell the memory of this process, in MB."""
    return _memory("VmRSS")


def memory_at_most() -> float:
    """Tell the most memory this process ever had since that was counted anew, in MB."""
    return _memory("VmHWM")


def _memory(name: str) -> float:
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
