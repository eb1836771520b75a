"""The one door to search: a question in, offers and counts out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from flask import Flask, current_app

from courses.search.engine import Engine, Found, Question, Suggestion
from courses.search.meaning.applying import with_meaning
from courses.search.params import LONGEST_QUERY, SearchParams
from courses.search.plain.engine import Plain

T = TypeVar("T")
log = logging.getLogger(__name__)


def index_folder(app: Flask | None = None) -> Path:
    """Name the folder of the index."""
    home: Path = (app or current_app).config["SETTINGS"].home
    return home / "index"


def find(params: SearchParams, *, now: datetime) -> Found:
    """Answer a question from the index; when it is away, from the database."""
    question = Question(params, now)
    found = _ask(lambda engine: engine.search(question))
    return with_meaning(question, replace(found, query=question.query))


def suggest(typed: str, language: str, *, number: int) -> list[Suggestion]:
    """Give ways to go on while somebody types."""
    return _ask(lambda engine: engine.suggest(typed[:LONGEST_QUERY], language, number=number))


def _ask(question: Callable[[Engine], T]) -> T:
    engine: Engine = current_app.extensions["search"]
    try:
        return question(engine)
    except Exception:
        # Whatever a damaged index raises, people still get a list.
        log.exception("the index does not answer")
    return question(Plain())
