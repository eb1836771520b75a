"""What the domain adds to the desk of stewards: feedback, concerns, topics, words, figures."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from academy.secretariat.phrases import ACTS
from academy.web.pages import Link, site
from courses.web.confirming import waiting_told
from courses.web.secretariat import (
    concerns,
    duplicates,
    figures,
    harvests,
    links,
    reviews,
    searches,
    source_removal,
    sources,
    topics,
    vocabularies,
)

VIEWS = (
    concerns,
    duplicates,
    figures,
    harvests,
    links,
    reviews,
    searches,
    source_removal,
    sources,
    topics,
    vocabularies,
)
"""Importing a module puts its views on the blueprint."""

ACTS.update(
    {
        "review-shown": _l("Showed a review to everybody"),
        "review-hidden": _l("Hid a review"),
        "concern-settled": _l("Settled a concern"),
        "offers-merged": _l("Made one of two offers"),
        "offers-separated": _l("Made two of one offer again"),
        "offers-told-apart": _l("Told apart two offers that seemed to be one"),
        "offer-stands-for": _l("Let another offer stand for a merged one"),
        "term-edited": _l("Changed the words of a term"),
        "source-approved": _l("Approved a source"),
        "source-paused": _l("Paused a source"),
        "source-refused": _l("Did not approve a source"),
        "source-removed": _l("Removed a source"),
        "harvest-allowed": _l("Let a reading unlist what is no longer there"),
        "harvest-rest-taken": _l("Took the rest of a held reading"),
        "harvest-left": _l("Let nothing come of a held reading"),
    }
)


WAITING = (
    (_l("Feedback"), "courses.held_reviews", reviews.waiting_count, reviews.waiting_told),
    (_l("Concerns"), "courses.concerns", concerns.waiting_count, concerns.waiting_told),
    (_l("Broken links"), "courses.broken_links", links.broken_here, links.broken_told),
    (_l("Topics"), "courses.topics_to_confirm", topics.waiting_count, waiting_told),
    (_l("Duplicates"), "courses.duplicates", duplicates.waiting_count, duplicates.waiting_told),
    (_l("Sources"), "courses.all_sources", sources.waiting_count, sources.waiting_told),
)
"""Pages with something to do: the words, the page, how much waits there, and how that is said."""


def add_rooms(app: Flask) -> None:
    """Add the domain's pages to the sub-navigation of the stewards' desk."""
    site(app).secretariat += [
        *(Link(label, page, waiting=count, told=told) for label, page, count, told in WAITING),
        Link(_l("Vocabularies"), "courses.vocabularies"),
        Link(_l("Searches"), "courses.unanswered_searches"),
        Link(_l("This week"), "courses.figures"),
    ]
