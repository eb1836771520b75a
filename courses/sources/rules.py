"""What is allowed with sources: who asks and who approves, what has to be approved anew, when."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from urllib.parse import urlsplit
from zlib import crc32

from flask_babel import lazy_gettext as _l

from academy.accounts.models import Person
from academy.errors import Conflict, Forbidden
from academy.institutions.models import Institution
from academy.institutions.rules import keeps_in_order
from courses.sources.models import Schedule, Source, SourceState

MOST_SOURCES = 50
"""How many sources one institution may have."""

NIGHT = time(1)
"""When the night begins in which sources are read that are read daily or weekly, in UTC."""

NIGHT_LASTS = timedelta(hours=4)
"""The sources are spread over the night, each at a minute of its own."""

PAUSES = {Schedule.HOURLY: timedelta(hours=1)}
NIGHTS = {Schedule.DAILY: 1, Schedule.WEEKLY: 7}

NAME_TAKEN = _l("Another source of your institution has this name already.")
ENTER_CREDENTIALS_AGAIN = _l(
    "The address leads to another server. Enter the credentials again, or remove them."
)


class TooManySources(Conflict):
    """The institution has as many sources as it can have."""

    code = "too-many-sources"
    sentence = _l("Your institution has as many sources as it can have.")


class NotApproved(Forbidden):
    """Nobody has approved the source as it is now."""

    code = "source-not-approved"
    sentence = _l("A steward approves this source before it is read.")


class NothingToRead(Conflict):
    """The source has no address: records are pushed to it, or given as files."""

    code = "nothing-to-read"
    sentence = _l("This source has no address. Nothing can be read there.")


class ReadElsewhere(Conflict):
    """The source has an address: what is sent besides would be missing at its next reading."""

    code = "read-from-address"
    sentence = _l("This source is read from its address. Send records to a source without one.")


class ReadOtherwise(Conflict):
    """The source is approved for another format or zone."""

    code = "source-read-otherwise"
    sentence = _l("This source is read in another format or time zone.")


class ChangedSince(Conflict):
    """The source is another one than that the steward has seen."""

    code = "source-changed-since"
    sentence = _l("The source was changed in the meantime. Please look at it again.")


def may_approve(person: Person, institution: Institution) -> bool:
    """Tell whether the person may approve sources of the institution: its stewards may."""
    return keeps_in_order(person, institution)


def check_may_approve(person: Person, institution: Institution) -> None:
    """Refuse with Forbidden whoever may not approve sources of the institution."""
    if not may_approve(person, institution):
        raise Forbidden


def check_is_as_seen(source: Source, seen: str) -> None:
    """Refuse with ChangedSince when the source was changed since it was shown.

    What is approved is what was looked at: `seen` is what `mark_of` gave then.
    """
    if seen != mark_of(source):
        raise ChangedSince


def mark_of(source: Source) -> str:
    """Give a mark of the source as it is now; it is another one after each change."""
    return source.changed_at.isoformat()


def check_is_approved(source: Source) -> None:
    """Refuse with NotApproved a source that nobody approved, or that is paused."""
    if source.state is not SourceState.APPROVED:
        raise NotApproved


def check_may_be_read(source: Source) -> None:
    """Refuse with NotApproved, or with NothingToRead, what is not to be read now."""
    check_is_approved(source)
    if not source.address:
        raise NothingToRead


def check_takes_records(source: Source) -> None:
    """Refuse with NotApproved, or with ReadElsewhere, where records cannot be sent."""
    check_is_approved(source)
    if source.address:
        raise ReadElsewhere


def is_elsewhere(before: str, after: str) -> bool:
    """Tell whether an address leads to another server than the one before, or less safely there.

    What one server was entrusted with is not shown to another.
    """
    return _origin(before) != _origin(after)


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme.lower(), parts.netloc.lower()


def next_due(source: Source, now: datetime) -> datetime | None:
    """Say when a source that is read now is read next by itself; None when nobody planned it.

    Hourly is an hour later; daily is in the coming night, weekly in the seventh from now, at a
    minute that is always the same for one source and spreads many over the night.
    """
    if not source.address or source.schedule is Schedule.BY_HAND:
        return None
    if source.schedule in PAUSES:
        return now + PAUSES[source.schedule]
    minutes = crc32(source.reference.encode()) % int(NIGHT_LASTS.total_seconds() // 60)
    tonight = datetime.combine(now.date(), NIGHT, now.tzinfo) + timedelta(minutes=minutes)
    nights = NIGHTS[source.schedule] if tonight <= now else NIGHTS[source.schedule] - 1
    return tonight + timedelta(days=nights)
