"""Hours as somebody who is signed in reads them: in the zone of their account, and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from academy.accounts.models import Person
from academy.i18n import current_language
from academy.notices.composing import Reader
from academy.notices.moments import PLAIN_UTC, moment_for
from academy.web.moments import iso


@dataclass(frozen=True, slots=True)
class ToldHour:
    """An instant for a `time` element, and its words in the person's zone and in UTC.

    Where the account names no other zone than UTC, the script tells it as the browser's own time.
    """

    iso: str
    text: str
    local: bool


def told_hour(instant: datetime, person: Person, now: datetime) -> ToldHour:
    """Tell an instant as the mails to this person do."""
    reader = Reader(person, person.email, current_language(), person.zone, now)
    return ToldHour(iso(instant), moment_for(reader, instant), person.zone in PLAIN_UTC)
