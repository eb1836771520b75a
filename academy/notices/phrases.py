"""The words for groups and kinds of mails, and for how a mail stands."""

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

KINDS: dict[str, LazyString] = {
    "test": _l("A test"),
    "confirm-address": _l("Confirm your address"),
    "account-exists": _l("There is an account already"),
    "sign-in-link": _l("Link and code to sign in"),
    "reset-password": _l("A new password"),
    "password-changed": _l("The password was changed"),
    "old-address": _l("Another address, to the old one"),
    "new-address": _l("Another address, to the new one"),
    "address-changed": _l("The address was changed"),
    "account-erased": _l("The account was erased"),
    "api-token-made": _l("An API token was made"),
    "invitation": _l("Invitation to an institution"),
    "invitation-accepted": _l("An invitation was accepted"),
    "role-changed": _l("Another role"),
    "member-removed": _l("A role ended"),
    "request-granted": _l("A request for a role was granted"),
    "request-refused": _l("A request for a role was refused"),
}
"""Kind of mail -> its name for stewards. Who adds a kind adds its name; the domain, its own."""


def kind_told(kind: str) -> str:
    """Name a kind of mail; one that is not known here by its code."""
    return str(KINDS.get(kind, kind))


def kinds_named(text: str) -> tuple[str, ...]:
    """List the kinds of mails whose names have these words in them; of no words, none."""
    words = text.casefold()
    return tuple(kind for kind, name in KINDS.items() if words and words in str(name).casefold())
