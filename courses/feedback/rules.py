"""What is allowed in feedback: who may review, and when shares are shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from academy.errors import Conflict
from courses.catalogue.runs import Run
from courses.enrolment.models import Enrolment
from courses.enrolment.rules import took_part
from courses.feedback.models import ReviewState

QUESTIONS = ("colleague", "city", "length", "connection")
REVIEWS_TO_SHOW_SHARES = 5
LONGEST_TEXT = 4_000
ASK_AFTER_WEBINAR, ASK_AFTER_COURSE = timedelta(hours=1), timedelta(days=1)
"""How long after the end people are asked how it was."""

ASKED_WITHIN = timedelta(days=7)
"""What ended longer ago is not asked about any more, had the worker been away."""


class MayNotReview(Conflict):
    """Only those who took part say how it was."""

    code = "may-not-review"
    sentence = _l("Only people who took part, in a run that has begun, can say how it was.")


def check_may_review(enrolment: Enrolment | None, run: Run, now: datetime) -> None:
    """Refuse a review by somebody who did not take part.

    Raises MayNotReview.
    """
    if not took_part(enrolment, run, now):
        raise MayNotReview


def first_state(shown_before: int) -> ReviewState:
    """Hold a person's first review for a look; later ones are shown at once."""
    return ReviewState.SHOWN if shown_before else ReviewState.HELD


def share(answers: list[bool]) -> int | None:
    """Give the share of yes in percent; None while there are too few answers to tell."""
    if len(answers) < REVIEWS_TO_SHOW_SHARES:
        return None
    return round(100 * sum(answers) / len(answers))
