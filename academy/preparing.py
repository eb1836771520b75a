"""Making an installation ready: the database migrated, then what each feature needs."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from academy.db import db
from academy.health import database_revision, newest_revision

Say = Callable[[str], None]
Preparation = Callable[[Say], list[str]]
"""One step: says what it does, returns lines to show when everything is up."""


def offer_preparations(app: Flask) -> None:
    """Let features add their steps to app.extensions["preparations"].

    What is made from the database alone can be forgotten by the functions of "derived"; the steps
    make it anew.
    """
    steps: list[Preparation] = []
    derived: list[Callable[[], None]] = []
    app.extensions["preparations"] = steps
    app.extensions["derived"] = derived


def prepare(app: Flask, say: Say) -> list[str]:
    """Make everything ready that is not. Doing it twice changes nothing.

    Returns the lines to show once the academy is up, such as the demonstration sign-ins.
    """
    lines: list[str] = []
    with app.app_context():
        say("Bringing the database up to date ...")
        bring_up_to_date()
        for step in app.extensions["preparations"]:
            lines += step(say)
    return lines


def bring_up_to_date() -> None:
    """Run the migrations that the database lacks. Raises what Alembic does when they fail."""
    known = database_revision()
    db.session.rollback()
    if known == newest_revision():
        return
    # Loaded here alone: a web server that finds all in order goes on without it.
    import flask_migrate  # noqa: PLC0415

    flask_migrate.upgrade()
