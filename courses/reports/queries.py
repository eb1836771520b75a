"""What can be asked about the academy as a whole: what happened in a week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from academy.accounts.models import Person
from academy.db import db
from academy.notices.models import Notice, NoticeState
from courses.catalogue.models import Offer
from courses.enrolment.models import Enrolment, Progress, Standing
from courses.feedback.models import Concern, Review
from courses.saving.models import SavedOffer, SavedSearch

WEEK = timedelta(days=7)
When = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """How often something happened in the seven days until now, and in the seven before."""

    name: str
    this_week: int
    week_before: int


_HAPPENED: Mapping[str, tuple[When, tuple[ColumnElement[bool], ...]]] = {
    "accounts": (Person.confirmed_at, ()),
    "enrolments": (Enrolment.enrolled_at, ()),
    "departures": (Enrolment.left_at, ()),
    "waiting": (Enrolment.waiting_since, (Enrolment.standing == Standing.WAITING,)),
    "withdrawals": (Enrolment.changed_at, (Enrolment.standing == Standing.WITHDRAWN,)),
    "joined": (Enrolment.joined_at, ()),
    "finished": (Enrolment.changed_at, (Enrolment.progress == Progress.FINISHED,)),
    "reviews": (Review.written_at, ()),
    "saved": (SavedOffer.saved_at, ()),
    "searches": (SavedSearch.saved_at, ()),
    "offers": (Offer.published_at, ()),
    "concerns": (Concern.told_at, ()),
    "mails": (Notice.sent_at, ()),
    "parked": (Notice.due_at, (Notice.state == NoticeState.PARKED,)),
}
FIGURES = tuple(_HAPPENED)
"""The names of the figures, in their order."""

INTERACTIONS = frozenset(
    ("enrolments", "departures", "joined", "finished", "reviews", "saved", "searches")
)
"""What people did, rather than looked at: the measure of whether the academy is alive."""


def week_until(now: datetime) -> list[Figure]:
    """Give every figure of the seven days until now, beside the seven days before."""
    return [Figure(name, *_counted(name, now)) for name in _HAPPENED]


def _counted(name: str, now: datetime) -> tuple[int, int]:
    when, conditions = _HAPPENED[name]
    late = func.count().filter(when > now - WEEK)
    early = func.count().filter(when <= now - WEEK)
    asked = select(late, early).where(when > now - 2 * WEEK, when <= now, *conditions)
    this_week, week_before = db.session.execute(asked).one()
    return this_week, week_before
