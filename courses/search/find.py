"""The one door to search: a question in, offers and counts out."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from flask import Flask, current_app

from courses.search.engine import Engine, Found, Question
from courses.search.params import SearchParams
from courses.search.plain.engine import Plain

log = logging.getLogger(__name__)


def index_folder(app: Flask | None = None) -> Path:
    """Name the folder of the index."""
    home: Path = (app or current_app).config["SETTINGS"].home
    return home / "index"


def find(params: SearchParams, *, now: datetime) -> Found:
    """Answer a question from the index; when it is away, from the database."""
    engine: Engine = current_app.extensions["search"]
    question = Question(params, now)
    try:
        return engine.search(question)
    except Exception:
        # Whatever a damaged index raises, people still get a list.
        log.exception("the index does not answer")
    return Plain().search(question)
