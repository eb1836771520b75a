"""The stewards' desk: plain lists that act."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from academy.secretariat.pages import front
from academy.secretariat.pages.frame import add_frame, bp
from academy.web.pages import Link, site

VIEWS = (front,)
"""Importing a module puts its views on the blueprint."""


def add_secretariat(app: Flask) -> None:
    """Add the stewards' desk, its own pages, and the way to it for stewards alone."""
    app.register_blueprint(bp)
    add_frame(app)
    here = site(app)
    here.account.append(
        Link(_l("Stewards' desk"), "secretariat.front", shown_to=lambda one: one.is_steward)
    )
    here.secretariat.insert(0, Link(_l("What waits"), "secretariat.front"))
