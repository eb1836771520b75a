"""Distances from UTC, such as UTC+2, GMT-05:00 and +0530, and zones that keep them all the year."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

_OFFSET = re.compile(r"\(?(?:UTC|GMT|UT)?\s*([+\-\u2212])\s*(\d{1,2})(?::?([0-5]\d))?\)?", re.ASCII)
FARTHEST_BACK, FARTHEST_AHEAD = -12, 14
BETWEEN_HOURS: Final = {
    timedelta(hours=-9, minutes=-30): "Pacific/Marquesas",
    timedelta(hours=3, minutes=30): "Asia/Tehran",
    timedelta(hours=4, minutes=30): "Asia/Kabul",
    timedelta(hours=5, minutes=30): "Asia/Kolkata",
    timedelta(hours=5, minutes=45): "Asia/Kathmandu",
    timedelta(hours=6, minutes=30): "Asia/Yangon",
    timedelta(hours=8, minutes=45): "Australia/Eucla",
    timedelta(hours=9, minutes=30): "Australia/Darwin",
}
"""Zones that never change their hours; distances without one, such as -3:30, are not known."""


def offset_in(name: str) -> timedelta | None:
    """Read a distance from UTC that is named as a zone; None for any other name."""
    found = _OFFSET.fullmatch(name.strip().upper())
    if found is None:
        return None
    shift = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return shift if found[1] == "+" else -shift


def zone_at(offset: timedelta) -> str | None:
    """Give a zone (IANA) that is always so far from UTC; ahead of it is more than nothing."""
    hours = offset / timedelta(hours=1)
    if not hours:
        return "UTC"
    if hours.is_integer() and FARTHEST_BACK <= hours <= FARTHEST_AHEAD:
        # The signs of these names are turned round.
        return f"Etc/GMT{-hours:+.0f}"
    return BETWEEN_HOURS.get(offset)
