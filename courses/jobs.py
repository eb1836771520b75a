"""What the domain does by itself, and how often."""

from __future__ import annotations

from flask import Flask
from huey import crontab

from academy.db import utcnow
from courses.search.backlog import keep_draining, rebuild
from courses.search.find import index_folder


def add_jobs(app: Flask) -> None:
    """Add the domain's loops and jobs to the worker."""
    # The index follows the database within a moment.
    app.extensions["loops"].append(keep_draining(app))

    @app.extensions["huey"].periodic_task(crontab(hour="3", minute="41"))  # type: ignore[untyped-decorator]
    def rebuild_index() -> None:
        """Leave behind what was deleted, and starts that have passed."""
        with app.app_context():
            rebuild(index_folder(app), now=utcnow())
