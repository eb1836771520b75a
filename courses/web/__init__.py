"""Pages of the domain: browsing, taking part, feedback."""

from __future__ import annotations

from flask import Flask
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from academy.db import db
from academy.institutions.models import Institution
from academy.web.pages import Link, site
from courses.web import (
    browse,
    by_mail,
    calendars,
    concerns,
    enrolments,
    institutions,
    joining,
    leaving,
    my_learning,
    my_webinars,
    offers,
    programs,
    reviews,
    saving,
    suggestions,
    taking_part,
    term_pages,
    topics,
)
from courses.web.belongings import BELONGINGS, languages, sections
from courses.web.blueprint import bp
from courses.web.desk import front
from courses.web.desk.frame import bp as desk
from courses.web.secretariat import add_rooms
from courses.web.unanswered import count_queries

VIEWS = (
    *(
        browse,
        by_mail,
        calendars,
        concerns,
        enrolments,
        front,
        institutions,
        joining,
        leaving,
        my_learning,
        my_webinars,
    ),
    *(offers, programs, reviews, saving, suggestions, taking_part, term_pages, topics),
)
"""Importing a module puts its views on the blueprint."""


def add_pages(app: Flask) -> None:
    """Add the pages, and their places in the navigation."""
    app.register_blueprint(bp)
    app.register_blueprint(desk)
    here = site(app)
    here.nav += [
        Link(_l("Find learning"), "courses.learn"),
        Link(_l("Webinars"), "courses.learn", {"kind": "webinar"}),
        Link(_l("Institutions"), "courses.institutions"),
        Link(_l("My learning"), "courses.my"),
    ]
    works = front.works_somewhere
    here.account.append(Link(_l("Your institution"), "courses.my_institutions", shown_to=works))
    moderates = my_webinars.moderates
    here.account.append(Link(_l("My webinars"), "courses.my_webinars", shown_to=moderates))
    here.footer.insert(0, _footer())
    here.has_samples = _has_samples
    here.sections = sections
    here.languages = languages
    add_rooms(app)
    count_queries(app)
    app.extensions["belongings"] += BELONGINGS


def _footer() -> tuple[LazyString, list[Link]]:
    return (
        _l("Find"),
        [
            Link(_l("All courses and webinars"), "courses.learn"),
            Link(_l("Webinars"), "courses.learn", {"kind": "webinar"}),
            Link(_l("Issues"), "courses.issues"),
            Link(_l("Methods"), "courses.methodologies"),
            Link(_l("Institutions"), "courses.institutions"),
            Link(_l("For programs"), "courses.programs"),
        ],
    )


_SAMPLE = select(Institution.id).where(Institution.sample).limit(1)
"""Written once: every page asks."""


def _has_samples() -> bool:
    return db.session.scalar(_SAMPLE) is not None
