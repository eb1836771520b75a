"""An index to look at, with the eyes of somebody who has just come."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import Flask

from courses.search import indexing
from courses.search.answering.engine import search
from courses.search.answering.snapshots import Reader, Snapshot
from courses.search.engine import Found, Question
from courses.search.find import index_folder
from courses.search.params import SearchParams
from tests.making import NOW


def indexed(app: Flask) -> Path:
    """Build the index of an academy and tell where it is."""
    folder = index_folder(app)
    indexing.rebuild(folder, now=NOW)
    return folder


def drained(folder: Path) -> int:
    """Bring the index up to date; tell how many rows that took."""
    settled = 0
    while rows := indexing.drain(folder, now=NOW):
        settled += rows
    return settled


def ask(snapshot: Snapshot, params: SearchParams, *, now: datetime = NOW) -> Found:
    """Put a question to one state of the index; the application context is open."""
    return search(snapshot, Question(params, now))


def look(folder: Path, q: str = "", **chosen: str) -> Found:
    """Search as a process does that opens the index now."""
    params = SearchParams(q, {facet: (value,) for facet, value in chosen.items()})
    return ask(Reader(folder).snapshot(), params)


def totals(folder: Path, *questions: str) -> list[int]:
    """Tell how many offers each of these words finds."""
    return [look(folder, q).total for q in questions]
