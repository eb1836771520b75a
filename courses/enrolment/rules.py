"""What is allowed in taking part."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from academy.errors import Conflict
from courses.catalogue.models import Offer
from courses.catalogue.rules import (
    OfferWithdrawn,
    has_begun,
    has_gone,
    is_over,
    is_visible,
    takes_enrolments,
)
from courses.catalogue.runs import Run
from courses.enrolment.models import Enrolment, Progress, Standing

TAKING_PART = frozenset((Standing.ENROLLED, Standing.COMPLETED))
HOLDS_A_PLACE = TAKING_PART | {Standing.ABSENT}
MAY_WITHDRAW = frozenset((Standing.ENROLLED, Standing.WAITING))
STRONGEST_FIRST = (
    Standing.COMPLETED,
    Standing.ENROLLED,
    Standing.ABSENT,
    Standing.OFFERED,
    Standing.REQUESTED,
    Standing.WAITING,
    Standing.WITHDRAWN,
)
"""What counts more when two accounts of one person become one."""

DECLARED = frozenset((Progress.STARTED, Progress.FINISHED, Progress.STOPPED))
SETTLED = frozenset((Progress.FINISHED, Progress.STOPPED))
ASKED_HOW_FAR_AFTER = timedelta(weeks=6)
"""How long after somebody left for a partner's course we ask how far they got."""


class EnrolmentClosed(Conflict):
    """The run no longer takes anybody."""

    code = "enrolment-closed"
    sentence = _l("Enrolment in this run is closed.")


class NotEnrolled(Conflict):
    """The person does not take part in the run."""

    code = "not-enrolled"
    sentence = _l("You are not enrolled here.")


def takes_part(enrolment: Enrolment | None) -> bool:
    """Tell whether the person takes part now, or has completed."""
    return enrolment is not None and enrolment.standing in TAKING_PART


def waits(enrolment: Enrolment | None) -> bool:
    """Tell whether the person is on the waiting list."""
    return enrolment is not None and enrolment.standing is Standing.WAITING


def check_may_enrol(run: Run, now: datetime) -> None:
    """Refuse to enrol where nobody can.

    Raises OfferWithdrawn or EnrolmentClosed.
    """
    if not is_visible(run.offer):
        raise OfferWithdrawn
    if has_gone(run.offer) or not takes_enrolments(run, run.offer.kind, now):
        raise EnrolmentClosed


def may_move_up(run: Run, offer: Offer, now: datetime) -> bool:
    """Tell whether a place that is free still goes to somebody who waits for it.

    It does after enrolment has closed: who waits had asked in time.
    """
    return is_visible(offer) and not is_over(run, offer.kind, now)


def took_part(enrolment: Enrolment | None, run: Run, now: datetime) -> bool:
    """Tell whether the person can say how it was: taking part, and the run has begun."""
    return takes_part(enrolment) and has_begun(run, now)
