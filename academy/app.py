"""The factory: a list of named steps, then each feature."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from flask import Flask
from flask_compress import Compress

from academy import cli, jobs, preparing
from academy.access import guard_access
from academy.accounts.pages import bp as accounts
from academy.config import Settings
from academy.db import connect_database
from academy.i18n import speak_languages
from academy.institutions.pages import add_institutions
from academy.logs import log_requests
from academy.notices.doors import add_notices
from academy.operating.commands import add_operating
from academy.privacy.doors import add_privacy
from academy.secretariat.pages import add_secretariat
from academy.security import secure
from academy.web.errors import answer_errors
from academy.web.health import answer_health
from academy.web.pages import build_pages

FEATURES = ("courses",)


def create_app(settings: Settings | None = None, features: Sequence[str] = FEATURES) -> Flask:
    """Build the academy from its settings (by default, those of the environment).

    Raises BadSettings when they do not describe an academy that could run safely.
    """
    settings = settings or Settings.from_environment()
    app = Flask("academy", static_folder="web/static", template_folder="web/templates")
    app.config["SETTINGS"] = settings
    # First, so that it runs last: it compresses what the other hooks have made.
    Compress(app)
    log_requests(app)
    connect_database(app, settings)
    secure(app, settings)
    speak_languages(app)
    guard_access(app)
    answer_errors(app)
    build_pages(app)
    app.register_blueprint(accounts)
    add_institutions(app)
    add_secretariat(app)
    add_privacy(app)
    answer_health(app)
    preparing.offer_preparations(app)
    jobs.offer_jobs(app)
    cli.add_commands(app)
    add_operating(app)
    add_notices(app, settings)
    for name in features:
        import_module(name).init_app(app)
    return app
