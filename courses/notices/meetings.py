"""Mails about meetings: reminders, and what was moved or cancelled."""

from __future__ import annotations

from datetime import datetime

from academy.i18n import gettext as _
from academy.notices.composing import Action, Mail, Reader, mail
from academy.notices.models import Group, Notice
from academy.notices.moments import moment_for
from courses.catalogue.rules import is_visible
from courses.catalogue.runs import Meeting
from courses.enrolment.rules import takes_part
from courses.notices.occasion import Occasion, meeting_of, occasion
from courses.webinars.rules import is_held


@mail("reminder-day", Group.REMINDERS)
def reminder_day(notice: Notice, reader: Reader) -> Mail | None:
    """Remind of a meeting a day before."""
    found = _still_to_come(notice, reader)
    if found is None:
        return None
    told, meeting = found
    return _reminder(told, meeting, _("Reminder: %(title)s", title=told.title))


@mail("reminder-hour", Group.REMINDERS)
def reminder_hour(notice: Notice, reader: Reader) -> Mail | None:
    """Remind of a meeting an hour before."""
    found = _still_to_come(notice, reader)
    if found is None:
        return None
    told, meeting = found
    return _reminder(told, meeting, _("In an hour: %(title)s", title=told.title))


@mail("meeting-changed", Group.TAKING_PART)
def meeting_changed(notice: Notice, reader: Reader) -> Mail | None:
    """Say that a meeting was moved or cancelled, with the calendar file that says so too."""
    told = occasion(notice, reader)
    meeting = meeting_of(told, notice) if told else None
    if told is None or meeting is None or not _is_expected(told):
        return None
    # What changed again since is told by a later notice.
    if meeting.sequence != notice.details["sequence"]:
        return None
    return _moved(told, meeting) if is_held(meeting) else _cancelled(told, meeting)


def _still_to_come(notice: Notice, reader: Reader) -> tuple[Occasion, Meeting] | None:
    """Find the meeting to remind of; None when it moved, was cancelled, or is not expected."""
    told = occasion(notice, reader)
    meeting = meeting_of(told, notice) if told else None
    if told is None or meeting is None or not _is_expected(told):
        return None
    starts_at = datetime.fromisoformat(notice.details["starts_at"])
    if not is_held(meeting) or meeting.starts_at != starts_at or starts_at <= reader.now:
        return None
    return told, meeting


def _reminder(told: Occasion, meeting: Meeting, subject: str) -> Mail:
    return Mail(
        subject=subject,
        paragraphs=[
            _("This is a reminder of “%(title)s”.", title=told.title),
            _("The doors open 15 minutes before."),
        ],
        action=Action(_("To the meeting"), told.page("join")),
        facts=[(_("When"), moment_for(told.reader, meeting.starts_at)), _institution(told)],
        further=[told.withdrawing()],
    )


def _moved(told: Occasion, meeting: Meeting) -> Mail:
    return Mail(
        subject=_("New date: %(title)s", title=told.title),
        paragraphs=[
            _("A meeting of “%(title)s” has a new date.", title=told.title),
            _("You are still enrolled. The file attached puts the new date into your calendar."),
        ],
        action=Action(_("To the meeting"), told.page("join")),
        facts=[(_("Now"), moment_for(told.reader, meeting.starts_at)), _institution(told)],
        further=[told.withdrawing()],
        attachments=told.calendar(),
    )


def _cancelled(told: Occasion, meeting: Meeting) -> Mail:
    return Mail(
        subject=_("Cancelled: %(title)s", title=told.title),
        paragraphs=[
            _("A meeting of “%(title)s” was cancelled.", title=told.title),
            _("The file attached takes it out of your calendar. You need do nothing."),
        ],
        action=told.to_enrolment(),
        facts=[(_("Would have been"), moment_for(told.reader, meeting.starts_at))],
        attachments=told.calendar(),
    )


def _is_expected(told: Occasion) -> bool:
    return takes_part(told.mine) and is_visible(told.mine.run.offer)


def _institution(told: Occasion) -> tuple[str, str]:
    return _("Institution"), told.teacher
