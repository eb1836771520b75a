"""What mails add to the academy: pages, a loop and a job of the worker, commands."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from academy.config import Settings
from academy.notices import commands, desk, folder, jobs, mails, pages, queries
from academy.preparing import Say
from academy.web.pages import Link, site

MAILS = (mails,)
"""Importing a module registers its mails."""


def add_notices(app: Flask, settings: Settings) -> None:
    """Add everything; the pages that show mails to anybody only in development."""
    app.register_blueprint(pages.bp)
    here = site(app)
    here.account.append(Link(_l("Your mails"), "notices.preferences"))
    here.secretariat.append(
        Link(_l("Mails"), "notices.desk", waiting=queries.count_parked, told=desk.waiting_told)
    )
    jobs.add_jobs(app)
    commands.add_commands(app)
    if settings.development:
        app.register_blueprint(folder.bp)
        app.extensions["preparations"].append(lambda say: _where_mails_are(settings, say))


def _where_mails_are(settings: Settings, _say: Say) -> list[str]:
    if settings.mail_folder is None:
        return []
    return [f"Mails go to {settings.mail_folder} and are shown at {settings.base_url}/mails"]
