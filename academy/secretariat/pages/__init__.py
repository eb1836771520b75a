"""The stewards' desk: plain lists that act."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from academy.secretariat.pages import (
    announcements,
    front,
    institutions,
    log,
    merging,
    people,
    requests,
)
from academy.secretariat.pages.frame import add_frame, bp
from academy.secretariat.plugged import offer_plugs
from academy.web.pages import Link, site

VIEWS = (announcements, front, institutions, log, merging, people, requests)
"""Importing a module puts its views on the blueprint."""


def add_secretariat(app: Flask) -> None:
    """Add the stewards' desk, its own pages, and the way to it for stewards alone."""
    app.register_blueprint(bp)
    offer_plugs(app)
    add_frame(app)
    here = site(app)
    here.account.append(
        Link(_l("Stewards' desk"), "secretariat.front", shown_to=lambda one: one.is_steward)
    )
    here.secretariat[:0] = [
        Link(_l("What waits"), "secretariat.front"),
        Link(
            _l("Requests for roles"),
            "secretariat.role_requests",
            waiting=requests.waiting_count,
            told=requests.waiting_told,
        ),
        Link(_l("Institutions"), "secretariat.institutions"),
        Link(_l("People"), "secretariat.people"),
        Link(_l("Announcements"), "secretariat.announcements"),
        Link(_l("Log"), "secretariat.log"),
    ]
