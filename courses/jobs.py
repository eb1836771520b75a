"""What the domain does by itself, and how often."""

from __future__ import annotations

from flask import Flask

from courses.search.backlog import keep_draining


def add_jobs(app: Flask) -> None:
    """Add the domain's loops to the worker: the index follows the database within a moment."""
    app.extensions["loops"].append(keep_draining(app))
