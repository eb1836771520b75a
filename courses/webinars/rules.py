"""What is allowed around a meeting: when its doors open, who may go in, when to remind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from academy.errors import Conflict, Refusal
from courses.catalogue.rules import OfferWithdrawn, is_visible
from courses.catalogue.runs import Meeting, MeetingStatus, Run
from courses.enrolment.models import Enrolment
from courses.enrolment.rules import NotEnrolled, takes_part

DOORS_OPEN_BEFORE = timedelta(minutes=15)
REMINDERS = {"reminder-day": timedelta(hours=24), "reminder-hour": timedelta(hours=1)}
"""The kinds of notices that remind of a meeting, and how long before its start each is due."""

LOOK_AHEAD = timedelta(minutes=10)
"""How long before it is due a reminder is written down."""

MOST_MESSAGES, PER = 3, timedelta(days=1)
"""How many messages may be written to all who take part in a run, and within what time."""

LONGEST_SUBJECT, LONGEST_MESSAGE = 200, 4_000


class DoorsClosed(Conflict):
    """No meeting of the run can be joined now."""

    code = "doors-closed"
    sentence = _l("The doors are closed. They open 15 minutes before the meeting begins.")


class NoLinkYet(Conflict):
    """Nobody has said where the meeting is held."""

    code = "no-link-yet"
    sentence = _l("The institution has not given the link yet. Please try again in a moment.")


class TooManyMessages(Refusal):
    """Those who take part were written to often enough for a day."""

    status = 422
    code = "too-many-messages"
    sentence = _l(
        "Three messages were sent to these people within a day. Nothing was sent."
        " Please write again tomorrow, and say everything at once."
    )


class NobodyToWriteTo(Refusal):
    """Nobody takes part in the run."""

    status = 422
    code = "nobody-to-write-to"
    sentence = _l("Nobody is registered at the moment. Nothing was sent.")


class WorksElsewhere(Conflict):
    """Only who works for the institution moderates its webinars."""

    code = "works-elsewhere"
    sentence = _l("This person does not work for the institution. Invite them first.")


def check_may_write(recipients: int, *, sent_lately: int) -> None:
    """Refuse a message to nobody, or one too many within a day.

    Raises NobodyToWriteTo or TooManyMessages.
    """
    if sent_lately >= MOST_MESSAGES:
        raise TooManyMessages
    if recipients == 0:
        raise NobodyToWriteTo


def is_held(meeting: Meeting) -> bool:
    """Tell whether the meeting was not cancelled."""
    return meeting.status is MeetingStatus.CONFIRMED


def doors_open_at(meeting: Meeting) -> datetime:
    """Tell from when on one can go in."""
    return meeting.starts_at - DOORS_OPEN_BEFORE


def doors_are_open(meeting: Meeting, now: datetime) -> bool:
    """Tell whether one can go in: from 15 minutes before the start until the end."""
    return is_held(meeting) and doors_open_at(meeting) <= now <= meeting.ends_at


def meeting_of_now(meetings: Sequence[Meeting], now: datetime) -> Meeting | None:
    """Choose the meeting to speak of: the one whose doors are open, else the next; None after."""
    coming = [one for one in meetings if is_held(one) and one.ends_at >= now]
    return min(coming, key=lambda one: one.starts_at, default=None)


def check_may_join(enrolment: Enrolment, run: Run, now: datetime) -> Meeting:
    """Give the meeting of the run that the person may join now.

    Raises OfferWithdrawn, NotEnrolled or DoorsClosed.
    """
    if not is_visible(run.offer):
        raise OfferWithdrawn
    if not takes_part(enrolment):
        raise NotEnrolled
    meeting = meeting_of_now(run.meetings, now)
    if meeting is None or not doors_are_open(meeting, now):
        raise DoorsClosed
    return meeting
