"""How privacy is plugged into the platform: its registry, its pages, their places in the footer."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from academy.privacy import mails
from academy.privacy.pages import bp, papers_due
from academy.privacy.registry import offer_registry
from academy.web.pages import Link, site

MODULES = (mails,)
"""Importing a module registers its mails."""


def add_privacy(app: Flask) -> None:
    """Add the pages, and the list of what is kept of people."""
    offer_registry(app)
    app.register_blueprint(bp)
    app.jinja_env.globals["papers_due"] = papers_due
    papers = [Link(_l("Privacy"), "privacy.notice"), Link(_l("Terms"), "privacy.terms")]
    site(app).footer.append((_l("Rules"), papers))
