"""One writer at a time, many readers at any time, and nothing lost when a writer is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

from flask import Flask
from sqlalchemy import delete

from academy.config import CHECKOUT
from academy.db import db, unit_of_work
from courses.catalogue import operations as catalogue
from courses.catalogue.queries import offers_by_id
from courses.search import indexing
from courses.search.answering.snapshots import Reader
from courses.search.backlog import StaleOffer
from courses.search.documents import document
from courses.search.lexicon import lexicon
from courses.search.params import SearchParams
from courses.search.store import index
from courses.vocabularies.queries import vocabularies
from tests.making import KEY, NOW, content, make_offer
from tests.search.indexed import ask, drained, indexed, look, totals

LIMIT = 60.0
"""Seconds after which a test gives up."""


def until(happened: Callable[[], bool]) -> None:
    """Look again and again, and give up when time is over."""
    end = monotonic() + LIMIT
    while not happened():
        assert monotonic() < end, "it did not happen"


def is_waited_for(folder: Path) -> bool:
    """Tell whether somebody waits for the writer's lock."""
    number = (folder / "writer.lock").stat().st_ino
    locks = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    return any("->" in line and f":{number} " in line for line in locks)


@contextmanager
def rebuilding(app: Flask) -> Iterator[subprocess.Popen[bytes]]:
    """Run `flask search rebuild` beside us."""
    home = str(app.config["SETTINGS"].home)
    environment = os.environ | {
        "ACADEMY_ENV": "development",
        "ACADEMY_HOME": home,
        "SECRET_KEY": KEY,
        "FLASK_APP": "wsgi",
    }
    command = [sys.executable, "-m", "flask", "search", "rebuild"]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(LIMIT)


def retitle(offers: list[int], title: str) -> None:
    with unit_of_work():
        for offer in offers_by_id(offers).values():
            catalogue.revise(offer, content(title), now=NOW)


def test_two_processes_do_not_write_at_once(app: Flask) -> None:
    make_offer("Harbour")
    folder = indexed(app)
    before = set(folder.iterdir())
    with rebuilding(app) as process:
        with index.writing(folder):
            until(lambda: is_waited_for(folder))
            assert set(folder.iterdir()) == before
            assert process.poll() is None
        assert process.wait(LIMIT) == 0
    assert set(folder.iterdir()) != before
    assert look(folder, "harbour").total == 1


def test_who_waited_to_write_does_not_bring_back_what_was_true_before(app: Flask) -> None:
    offer = make_offer("Harbour").id
    folder = indexed(app)
    retitle([offer], "Lagoon")

    def drain() -> int:
        with app.app_context():
            return indexing.drain(folder, now=NOW)

    with ThreadPoolExecutor() as pool:
        with index.writing(folder):
            waiting = pool.submit(drain)
            until(lambda: is_waited_for(folder))
            # Meanwhile another writer learns more, and settles its rows.
            retitle([offer], "Bridges")
            told = document(offers_by_id([offer])[offer], vocabularies(), lexicon(), now=NOW)
            index.apply(folder, [offer], [told])
            with unit_of_work():
                db.session.execute(delete(StaleOffer))
        waiting.result(LIMIT)
    drained(folder)
    assert totals(folder, "harbour", "lagoon", "bridges") == [0, 0, 1]


def test_a_rebuild_that_is_killed_leaves_the_index_in_use(app: Flask) -> None:
    for number in range(3):
        make_offer(f"Harbour {number}")
    folder = indexed(app)
    before = index.current(folder)
    folders = len(list(folder.iterdir()))
    make_offer("Harbour tours")
    with rebuilding(app) as process:
        until(lambda: len(list(folder.iterdir())) > folders or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
        ended = process.wait(LIMIT)
    # The lock went with its owner, and what lies about is cleared away by the next rebuild.
    indexing.mend(folder, now=NOW)
    drained(folder)
    assert look(folder, "harbour").total == 4
    if ended == -signal.SIGKILL:
        assert index.current(folder) == before
    indexed(app)
    assert sum(path.is_dir() for path in folder.iterdir()) == 2


Totals = tuple[int, int, int]


QUESTIONS = (
    SearchParams("harbour"),
    SearchParams("lagoon"),
    SearchParams(chosen={"issue": ("water",)}),
)


def _ask(app: Flask, reader: Reader, over: Event) -> set[Totals]:
    """Ask until it is over; give what was found of both names, and of all, each time."""
    seen = set()
    while not over.is_set():
        snapshot = reader.snapshot()
        with app.app_context():
            harbour, lagoon, everything = (ask(snapshot, one, now=NOW) for one in QUESTIONS)
        assert everything.total == everything.counts["issue"]["water"] == 12
        seen.add((harbour.total, lagoon.total, snapshot.document_count))
    return seen


def test_what_threads_find_while_the_writer_commits_is_never_half_of_it(app: Flask) -> None:
    offers = [make_offer(f"Harbour {number}").id for number in range(12)]
    folder = indexed(app)
    reader, over = Reader(folder), Event()

    with ThreadPoolExecutor() as pool:
        asking: list[Future[set[Totals]]] = [pool.submit(_ask, app, reader, over) for _ in range(2)]
        try:
            for turn in range(8):
                retitle(offers, "Lagoon" if turn % 2 == 0 else "Harbour")
                drained(folder)
                if turn == 3:
                    indexed(app)
        finally:
            over.set()
        seen = set().union(*(asked.result(LIMIT) for asked in asking))
    assert seen == {(12, 0, 12), (0, 12, 12)}
    assert look(folder, "harbour").total == 12


def test_the_last_commit_of_many_is_seen(app: Flask) -> None:
    offer = make_offer("Harbour").id
    folder = indexed(app)
    reader, over = Reader(folder), Event()

    def look_all_the_time() -> None:
        while not over.is_set():
            reader.snapshot()

    with ThreadPoolExecutor() as pool:
        looking = pool.submit(look_all_the_time)
        try:
            for turn in range(10):
                retitle([offer], f"Harbour number{turn}")
                drained(folder)
                wanted = SearchParams(f"number{turn}")
                until(lambda: ask(reader.snapshot(), wanted, now=NOW).total == 1)  # noqa: B023
        finally:
            over.set()
        looking.result(LIMIT)
