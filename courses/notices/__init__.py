"""The domain's mails: one function a kind, registered when its module is imported.

A mail is made when it is sent, and only if it is still true then: see academy.notices.composing.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from academy.notices.phrases import KINDS
from courses.notices import (
    asking,
    facilitating,
    meetings,
    messages,
    moderating,
    reading,
    taking_part,
)

MODULES = (asking, facilitating, meetings, messages, moderating, reading, taking_part)
"""Importing a module registers its kinds."""

KINDS.update(
    {
        "enrolled": _l("Enrolled"),
        "promoted": _l("A place became free"),
        "waiting": _l("On the waiting list"),
        "called-off": _l("An offer was withdrawn"),
        "reminder-day": _l("Reminder a day before"),
        "reminder-hour": _l("Reminder an hour before"),
        "meeting-changed": _l("A meeting was moved or cancelled"),
        "run-message": _l("Message to all who are registered"),
        "review-asked": _l("How was it?"),
        "progress-asked": _l("How far did you get?"),
        "review-hidden": _l("A review was hidden"),
        "concern-settled": _l("A concern was settled"),
        "facilitator-appointed": _l("Asked to moderate a webinar"),
        "source-asked": _l("A source waits for a steward"),
        "harvest-held": _l("A reading of a source is held"),
        "source-approved": _l("A source was approved"),
        "source-paused": _l("A source was paused"),
        "source-refused": _l("A source was not approved"),
    }
)
