"""The words for groups of mails, and for how a mail stands."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.notices.models import Group, NoticeState

GROUPS: dict[Group, LazyString] = {
    Group.ACCOUNT: _l("Your account"),
    Group.TAKING_PART: _l("Taking part"),
    Group.REMINDERS: _l("Reminders"),
    Group.FEEDBACK: _l("Questions afterwards"),
    Group.MESSAGES: _l("Messages from those who teach"),
    Group.WORK: _l("Working for an institution"),
}

ABOUT: dict[Group, LazyString] = {
    Group.ACCOUNT: _l("Confirming your address, signing in, changes to your account."),
    Group.TAKING_PART: _l("You have a place, you are on the waiting list, a meeting was moved."),
    Group.REMINDERS: _l("A day and an hour before a webinar you are registered for."),
    Group.FEEDBACK: _l("How was it? One mail when something you took part in ends."),
    Group.MESSAGES: _l("What facilitators write to everybody registered, through the academy."),
    Group.WORK: _l("Invitations, requests and what happens to the offers of your institution."),
}

STATES: dict[NoticeState, LazyString] = {
    NoticeState.WAITING: _l("Waits"),
    NoticeState.SENDING: _l("On its way"),
    NoticeState.SENT: _l("Sent"),
    NoticeState.PARKED: _l("Given up"),
    NoticeState.DROPPED: _l("Not sent"),
}
