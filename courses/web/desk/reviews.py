"""What those who took part say of the institution's courses and webinars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import render_template, url_for
from flask_babel import lazy_gettext as _l

from academy.access import for_roles
from academy.i18n import Words, current_language, ngettext, number, own_text
from academy.i18n import gettext as _
from academy.institutions.rules import EVERYBODY
from academy.web.moments import day_of
from academy.web.paging import SIZE, Page
from courses.catalogue.rules import is_visible
from courses.feedback import received
from courses.feedback.models import Review
from courses.feedback.rules import QUESTIONS
from courses.web import phrases
from courses.web.desk.frame import Desk, Room, Task, add_room, bp, desk_of, needs_doing

add_room(Room(_l("Reviews"), "desk.reviews", EVERYBODY, order=50))


@bp.get("/reviews")
@for_roles(EVERYBODY)
def reviews(institution: str) -> str:
    """List the reviews that everybody reads, newest first, with the shares of all."""
    desk, page = desk_of(institution), Page.asked()
    total, shares = received.review_count_of(desk.institution), received.shares_of(desk.institution)
    found = received.reviews_of(desk.institution, limit=SIZE, offset=page.offset)
    return render_template(
        "desk/reviews.html",
        count=ngettext("%(count)s review", "%(count)s reviews", total, count=number(total)),
        shares=[
            {"label": phrases.SHARES[name], "percent": shares[name]}
            for name in QUESTIONS
            if shares[name] is not None
        ],
        rows=[_row(one) for one in found],
        pages=page.ways(total),
    )


@needs_doing(EVERYBODY, order=60)
def new_reviews(desk: Desk) -> Iterator[Task]:
    """Count the reviews of the last thirty days."""
    count = received.review_count_of(desk.institution, since=desk.now - received.NEW)
    if count:
        sentence = ngettext(
            "%(count)s new review in the last 30 days.",
            "%(count)s new reviews in the last 30 days.",
            count,
            count=number(count),
        )
        yield Task(sentence, desk.url("desk.reviews"), _("Read what peers say"))


def _row(one: Review) -> dict[str, Any]:
    offer, reader = one.run.offer, current_language()
    return {
        "title": own_text(offer.titles, reader),
        "url": url_for("courses.offer", slug=offer.slug) if is_visible(offer) else None,
        "who": phrases.who(one.role, one.city_size),
        "day": day_of(one.written_at),
        "text": Words(one.text, one.language if one.language != reader else None),
    }
