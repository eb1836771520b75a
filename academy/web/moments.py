"""Moments as pages show them: the instant for machines, UTC words with the zone for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_datetime, get_locale

from academy.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant for a `time` element: ISO 8601 in UTC, and its words."""

    iso: str
    text: str


def iso(instant: datetime) -> str:
    """Write an instant as ISO 8601 in UTC, to the minute, such as 2026-11-24T14:00Z."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def moment(instant: datetime) -> Moment:
    """Show date and hour, in UTC, with the zone named; scripts make it the reader's own time."""
    hour = format_datetime(instant, "HH:mm", rebase=False)
    return Moment(iso(instant), _("%(day)s, %(hour)s UTC", day=_day(instant), hour=hour))


def day_of(instant: datetime, zone: str = "UTC") -> Moment:
    """Show the date alone, as it is in the zone (IANA) where somebody chose the day."""
    there = instant.astimezone(ZoneInfo(zone))
    return Moment(there.date().isoformat(), _day(there))


def month_of(instant: datetime, *, with_year: bool) -> str:
    """Write the month alone, in UTC, as it stands in a list of dates."""
    locale = get_locale()
    alone = locale.datetime_skeletons["yMMMM"].pattern if with_year and locale else "LLLL"
    return str(format_date(instant.astimezone(UTC), alone, rebase=False))


def _day(instant: datetime) -> str:
    """Write a day the long way of the reader's language; in English with the day first."""
    locale = get_locale()
    long = "long" if locale and locale.language != "en" else "d MMMM y"
    return str(format_date(instant, long, rebase=False))
