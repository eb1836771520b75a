"""A writer killed at any moment of a commit: the next one goes on, and no offer is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from academy.db import db
from courses.search import indexing
from courses.search.answering.snapshots import Reader, Snapshot
from courses.search.backlog import waiting
from courses.search.engine import Question
from courses.search.find import index_folder
from courses.search.params import SearchParams
from courses.search.plain.engine import Plain
from tests.making import NOW
from tests.search.dying import Moments, does
from tests.search.harbours import CHANGED, change, harbours, turned
from tests.search.indexed import ask, drained

ROUNDS = 100
MOST_ATTEMPTS = 4 * ROUNDS
ANEW, WITH_CARE = 10, 10
"""Every tenth writer builds the whole index anew; every tenth time, more is asked afterwards."""

EVERYTHING = SearchParams()
MORE = (SearchParams("harbour"), SearchParams(chosen={"issue": ("water",)}))

BOTH = {(True, (CHANGED, 0)), (True, (0, CHANGED))}
"""Killed before others could see what was written, and after."""

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("unmeasured")]


def begin(folder: Path, turn: int = 1) -> None:
    """Do what a worker does when it begins; now and then, what `flask search rebuild` does."""
    if turn % ANEW == 0:
        indexing.rebuild(folder, now=NOW)
    assert indexing.mend(folder, now=NOW) is False, "a killed writer left a broken index"
    drained(folder)


def let_go_of_the_database() -> None:
    """Close what is open: no process may share a connection with another."""
    db.session.remove()
    db.engine.dispose()


def state(snapshot: Snapshot, turn: int) -> tuple[int, int]:
    """Tell how many offers have the title of the turn before, and that of this one."""
    return ask(snapshot, turned(turn - 1)).total, ask(snapshot, turned(turn)).total


def check_true(reader: Reader, turn: int) -> None:
    """Who reads finds what the database finds, and all of it."""
    asked = [EVERYTHING, *(MORE if turn % WITH_CARE == 0 else ())]
    for params in asked:
        found, told = ask(reader.snapshot(), params), Plain().search(Question(params, NOW))
        assert (found.total, found.counts) == (told.total, told.counts), params
    assert (state(reader.snapshot(), turn), waiting()) == ((0, CHANGED), 0)


def test_a_hundred_writers_killed_lose_nothing(app: Flask) -> None:
    offers, folder = harbours(app), index_folder(app)
    reader, seen = Reader(folder), set()
    change(offers, 0)
    let_go_of_the_database()
    moments = Moments(ROUNDS, does(lambda: begin(folder)))
    for turn in range(1, MOST_ATTEMPTS):
        change(offers, turn)
        let_go_of_the_database()
        killed = moments.kill(lambda: begin(folder, turn))  # noqa: B023
        # Nobody has mended anything yet: who read before and who comes now see one commit.
        left = state(Reader(folder).snapshot(), turn)
        assert left in {(CHANGED, 0), (0, CHANGED)}
        assert state(reader.snapshot(), turn) == left
        seen.add((killed, left))
        begin(folder)
        check_true(Reader(folder) if turn % 2 else reader, turn)
        if moments.died >= ROUNDS and seen >= BOTH:
            break
    assert moments.died >= ROUNDS
    assert seen >= BOTH
