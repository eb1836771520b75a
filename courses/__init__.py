"""The domain: what is on offer, how to find it, who takes part, and how it was."""

from __future__ import annotations

from flask import Flask

from courses import api, cli, jobs, people, web
from courses import notices as notices
from courses.duplicates import models as duplicates_models  # noqa: F401
from courses.personal import PERSONAL
from courses.preparing import add_preparations
from courses.search.answering.engine import Indexed
from courses.search.backlog import look, watch_changes
from courses.search.find import index_folder
from courses.search.meaning.applying import plug_in
from courses.web.belongings import OFFERS


def init_app(app: Flask) -> None:
    """Plug the domain into the platform."""
    app.extensions["search"] = Indexed(index_folder(app))
    plug_in(app)
    app.extensions["health"].append(look)
    app.extensions["blocking"].append(people.release)
    app.extensions["merging"].append(people.merge)
    app.extensions["dependents"].append(OFFERS)
    app.extensions["erasing"].append(people.forget)
    app.extensions["personal data"] += PERSONAL
    watch_changes()
    web.add_pages(app)
    api.add_api(app)
    jobs.add_jobs(app)
    cli.add_commands(app)
    add_preparations(app)
