"""Pages about working for institutions: who does, invitations, "I work for ..."."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from academy.institutions import mails
from academy.institutions.pages import invitation, people, work
from academy.institutions.pages.blueprint import bp
from academy.web.pages import Link, site

VIEWS = (invitation, mails, people, work)
"""Importing a module puts its views on the blueprint, and its mails among the kinds."""


def add_institutions(app: Flask) -> None:
    """Add the pages, and the way to where one works."""
    app.register_blueprint(bp)
    site(app).account.append(Link(_l("Where you work"), "institutions.work"))
