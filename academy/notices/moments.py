"""Moments as mails tell them: in the reader's zone, which is named, and in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import format_date, format_datetime, get_locale

from academy.i18n import gettext as _
from academy.notices.composing import Reader

PLAIN_UTC = frozenset(("UTC", "Etc/UTC", "Etc/UCT", "Zulu", "Universal", ""))


def moment_for(reader: Reader, instant: datetime) -> str:
    """Tell an instant: 24 November 2026, 15:00 (Europe/Madrid) – 14:00 UTC.

    The day is said twice where it is another one in UTC, and the zone once where it is UTC.
    """
    there, here = instant.astimezone(_zone_of(reader)), instant.astimezone(UTC)
    if reader.zone in PLAIN_UTC or there.tzinfo is UTC:
        return _("%(day)s, %(hour)s UTC", day=_day(here), hour=_hour(here))
    told = {"day": _day(there), "hour": _hour(there), "zone": reader.zone}
    if there.date() == here.date():
        return _("%(day)s, %(hour)s (%(zone)s) – %(utc)s UTC", **told, utc=_hour(here))
    return _(
        "%(day)s, %(hour)s (%(zone)s) – %(utc_day)s, %(utc)s UTC",
        **told,
        utc_day=_day(here),
        utc=_hour(here),
    )


def day_for(reader: Reader, instant: datetime) -> str:
    """Tell the day alone, as it is where the reader is: 24 November 2026."""
    return _day(instant.astimezone(_zone_of(reader)))


def _zone_of(reader: Reader) -> tzinfo:
    """Give the reader's zone; UTC where none is known by that name."""
    try:
        return ZoneInfo(reader.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _hour(instant: datetime) -> str:
    return str(format_datetime(instant, "HH:mm", rebase=False))


def _day(instant: datetime) -> str:
    """Write a day the long way of the reader's language; in English with the day first."""
    long = "d MMMM y" if get_locale().language == "en" else "long"
    return str(format_date(instant, long, rebase=False))
