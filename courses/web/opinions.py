"""What peers say of an offer, on its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for

from academy.accounts.models import Person
from academy.i18n import current_language, text_in
from academy.i18n import gettext as _
from academy.web.moments import day_of
from courses.catalogue.models import Offer
from courses.catalogue.runs import Run
from courses.enrolment.queries import enrolments_in
from courses.enrolment.rules import took_part
from courses.feedback.models import Review
from courses.feedback.queries import opinion, review_of
from courses.feedback.rules import QUESTIONS
from courses.web import phrases

REVIEWS_AT_FIRST, MOST_REVIEWS = 5, 20


def feedback(
    found: Offer, group: Sequence[Offer], person: Person | None, now: datetime
) -> dict[str, Any]:
    """Say what peers say of an offer, over all the records that are one with it."""
    said = opinion(found)
    took = [run for one in group for run in _taken(one, person, now)]
    told = [_review(review) for review in said.reviews if review.text]
    more = told[REVIEWS_AT_FIRST:MOST_REVIEWS]
    heading = phrases.reviewers(said.count) if said.count else _("What peers say")
    shares = [
        {"label": phrases.SHARES[name], "percent": said.shares[name]}
        for name in QUESTIONS
        if said.shares[name] is not None
    ]
    few = None
    if said.count and not shares:
        few = _("Shares are shown from five reviews on.")
    elif not said.count:
        few = _("No feedback yet. Yours would be the first.")
    return {
        "heading": heading,
        "shares": shares or None,
        "few": few,
        "reviews": told[:REVIEWS_AT_FIRST],
        "more": more,
        "more_label": _("%(number)s more", number=len(more)),
        "write_url": url_for("courses.review", reference=took[-1].reference) if took else None,
        "write_label": _write_label(person, took),
        "why_not": None if took else _("People who took part say how it was."),
    }


def _taken(one: Offer, person: Person | None, now: datetime) -> list[Run]:
    mine = enrolments_in(person, one) if person else {}
    return [run for run in one.runs if took_part(mine.get(run.id), run, now)]


def _write_label(person: Person | None, took: Sequence[Run]) -> str:
    if person and took and review_of(person, took[-1]):
        return _("Change what you said")
    return _("Say how it was")


def _review(review: Review) -> dict[str, Any]:
    slug = review.run.offer.slug
    return {
        "text": text_in({review.language: review.text}, current_language()),
        "who": phrases.who(review.role, review.city_size),
        "when": day_of(review.written_at),
        "concern_url": url_for("courses.concern", slug=slug, review=review.reference),
    }
