"""What the domain adds to the desk of stewards: feedback, concerns, topics, words, figures."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from academy.secretariat.phrases import ACTS
from academy.web.pages import Link, site
from courses.web.confirming import waiting_told
from courses.web.secretariat import (
    concerns,
    figures,
    harvests,
    reviews,
    searches,
    sources,
    topics,
    vocabularies,
)

VIEWS = (concerns, figures, harvests, reviews, searches, sources, topics, vocabularies)
"""Importing a module puts its views on the blueprint."""

ACTS.update(
    {
        "review-shown": _l("Showed a review to everybody"),
        "review-hidden": _l("Hid a review"),
        "concern-settled": _l("Settled a concern"),
        "term-edited": _l("Changed the words of a term"),
        "source-approved": _l("Approved a source"),
        "source-paused": _l("Paused a source"),
        "harvest-allowed": _l("Let a reading unlist what is no longer there"),
        "harvest-left": _l("Let nothing come of a held reading"),
    }
)


def add_rooms(app: Flask) -> None:
    """Add the domain's pages to the sub-navigation of the stewards' desk."""
    site(app).secretariat += [
        Link(
            _l("Feedback"),
            "courses.held_reviews",
            waiting=reviews.waiting_count,
            told=reviews.waiting_told,
        ),
        Link(
            _l("Concerns"),
            "courses.concerns",
            waiting=concerns.waiting_count,
            told=concerns.waiting_told,
        ),
        Link(
            _l("Topics"),
            "courses.topics_to_confirm",
            waiting=topics.waiting_count,
            told=waiting_told,
        ),
        Link(
            _l("Sources"),
            "courses.all_sources",
            waiting=sources.waiting_count,
            told=sources.waiting_told,
        ),
        Link(_l("Vocabularies"), "courses.vocabularies"),
        Link(_l("Searches"), "courses.unanswered_searches"),
        Link(_l("This week"), "courses.figures"),
    ]
