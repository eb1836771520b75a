"""What a file costs that is harvested: processor seconds and memory, in a process of its own.

`python -m tests.harvesting.weighing` weighs every nasty file, and prints a line of JSON of each;
words after it name the adapters to weigh, or a file of one as "ical/daily for ever", and a number
before them says how many bytes files have.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from resource import RLIMIT_CPU, setrlimit
from time import process_time

import flask_migrate

from academy import create_app
from academy.db import db, unit_of_work
from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.draft import Draft, Feed, Finding, NotAFeed
from courses.harvesting.running import run_harvest
from courses.harvesting.writing.cleaning import cleaned
from courses.vocabularies.operations import sync
from tests.harvesting.harvested import lines, record, source
from tests.harvesting.nasty import NASTY
from tests.harvesting.nasty_filled import LARGEST, ROOM, Make
from tests.making import settings_for

WRITTEN = 1_000
MOST_SECONDS = 60
HERE = "https://school.example/feed"


def main(arguments: Sequence[str]) -> None:
    """Weigh the nasty files of these adapters, or of all."""
    if arguments and arguments[0].isdigit():
        ROOM[0], arguments = int(arguments[0]), arguments[1:]
    with tempfile.TemporaryDirectory(prefix="academy-weighing-") as name:
        app = create_app(settings_for(Path(name)))
        with app.app_context():
            _prepare()
            for named in arguments or sorted(NASTY):
                adapter, _slash, only = named.partition("/")
                source(adapter)
                db.session.remove()
                db.engine.dispose()
                for kind in [only] if only else NASTY[adapter]:
                    _weigh_apart(adapter, kind, NASTY[adapter][kind])


def _prepare() -> None:
    flask_migrate.upgrade()
    with unit_of_work():
        sync()
    # What is loaded once and kept, such as the models that guess languages, is no file's cost.
    told = record(language=None, start="1 de marzo de 2026 10:00")
    run_harvest(source("jsonl"), Feed(lines(told)), "jsonl", progress=lambda _report: None)


def _weigh_apart(adapter: str, kind: str, make: Make) -> None:
    """Weigh in a child process, so that one file leaves nothing to the next."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        setrlimit(RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        told = {"adapter": adapter, "kind": kind} | _weighed(adapter, make())
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        os._exit(0)
    _pid, ended = os.waitpid(child, 0)
    if ended:
        sys.stdout.write(json.dumps({"adapter": adapter, "kind": kind, "ended": ended}) + "\n")


def _weighed(adapter: str, content: bytes) -> dict[str, object]:
    """Read the file to its end; what is not too many records is written, too."""
    assert len(content) <= LARGEST, len(content)
    feed, home, before = Feed(content, address=HERE), source(adapter), memory_now()
    Path("/proc/self/clear_refs").write_text("5")
    began = process_time()
    records, rejected, code = 0, 0, ""
    try:
        for item in ADAPTERS[adapter].read(feed):
            records, rejected = records + 1, rejected + isinstance(item, Finding)
            if isinstance(item, Draft):
                cleaned(item).fingerprint()
        ADAPTERS[adapter].following(feed, HERE)
    except NotAFeed as refused:
        code = refused.code
    read = process_time() - began
    if records <= WRITTEN and not code:
        began = process_time()
        run_harvest(home, feed, adapter, progress=lambda _report: None)
    return {
        "read": round(read, 2),
        "written": round(process_time() - began, 2) if records <= WRITTEN and not code else None,
        "megabytes": round(memory_at_most() - before, 1),
        "code": code,
        "records": records,
        "rejected": rejected,
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
