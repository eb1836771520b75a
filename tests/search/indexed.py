"""An index to look at, with the eyes of somebody who has just come."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from courses.search import backlog
from courses.search.find import Found, index_folder, search
from courses.search.params import SearchParams
from courses.search.segments import Reader
from tests.making import NOW


def indexed(app: Flask) -> Path:
    """Build the index of an academy and tell where it is."""
    folder = index_folder(app)
    backlog.rebuild(folder, now=NOW)
    return folder


def drained(folder: Path) -> int:
    """Bring the index up to date; tell how many rows that took."""
    settled = 0
    while rows := backlog.drain(folder, now=NOW):
        settled += rows
    return settled


def look(folder: Path, q: str = "", **chosen: str) -> Found:
    """Search as a process does that opens the index now."""
    params = SearchParams(q, {facet: (value,) for facet, value in chosen.items()})
    return search(Reader(folder).snapshot(), params, now=NOW)


def totals(folder: Path, *questions: str) -> list[int]:
    """Tell how many offers each of these words finds."""
    return [look(folder, q).total for q in questions]
