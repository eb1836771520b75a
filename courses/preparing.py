"""What the domain needs before it opens: vocabularies, a demonstration, an index."""

from __future__ import annotations

from flask import Flask

from academy.config import Settings
from academy.db import unit_of_work, utcnow
from academy.preparing import Say
from courses.demonstration import loading
from courses.progress import progress
from courses.search import indexing
from courses.search.find import index_folder
from courses.search.store import index
from courses.vocabularies.operations import sync


def add_preparations(app: Flask) -> None:
    """Add the domain's steps, in their order."""
    settings: Settings = app.config["SETTINGS"]

    def vocabularies(say: Say) -> list[str]:
        with unit_of_work():
            if sync():
                say("Loading the vocabularies ...")
        return []

    def demonstration(say: Say) -> list[str]:
        if not settings.development:
            return []
        if not loading.is_settled():
            say("Loading the demonstration network ...")
            with progress("Demonstration offers") as teller:
                loading.load(now=utcnow(), progress=teller.tell)
        return loading.sign_ins(settings.home)

    def searching(say: Say) -> list[str]:
        folder = index_folder(app)
        if indexing.needs_rebuild(folder):
            say("Building the search index ...")
            with progress("Indexing") as teller:
                indexing.rebuild(folder, now=utcnow(), progress=teller.tell)
        return []

    app.extensions["derived"].append(lambda: index.forget(index_folder(app)))
    app.extensions["preparations"] += [vocabularies, demonstration, searching]
