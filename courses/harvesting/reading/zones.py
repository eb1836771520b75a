"""Reading the names of time zones as calendars and feeds write them; abbreviations are asked about.

IST is the hour of Israel, of India and of Ireland: whoever reads "IST" asks which is meant.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from courses.harvesting.draft import Feed
from courses.harvesting.reading.abbreviations import UNIVERSAL, is_ambiguous
from courses.harvesting.reading.dates import zone_or_none

LONGEST_NAME = 100
_CITIES = re.compile(r"\((?:UTC|GMT)[^()]*\)\s*([^,]+)")
_PART = re.compile(r"BEGIN:(STANDARD|DAYLIGHT)(.*?)END:\1", re.DOTALL | re.IGNORECASE)
_OFFSET = re.compile(r"^TZOFFSETTO:([+-]?)(\d\d):?(\d\d)", re.MULTILINE | re.IGNORECASE)
_BEGINS = re.compile(r"^DTSTART[^:\n]*:(\d{8})", re.MULTILINE | re.IGNORECASE)
_LOCATION = re.compile(r"^X-LIC-LOCATION:(\S{1,100})", re.MULTILINE | re.IGNORECASE)
_WINTER, _SUMMER = datetime(2025, 1, 1), datetime(2025, 7, 1)  # noqa: DTZ001


def answered(feed: Feed, name: str) -> str | None:
    """Give the zone (IANA) of which the source said that it is meant by a name, if it did.

    The answer is the default "zone:" and the name, such as "zone:CEST".
    """
    return zone_or_none(feed.defaults.get(f"zone:{name}", ""))


def zone_named(name: str) -> str | None:
    """Give the zone (IANA) of a name: its own, that of Windows, or that after a maker's name."""
    name = name.strip().strip('"').strip("/")[:LONGEST_NAME]
    if not name or is_ambiguous(name):
        return None
    if name in UNIVERSAL:
        return "UTC"
    known = zone_or_none(WINDOWS_TO_OLSON.get(name, name))
    if known:
        return known
    cities = _CITIES.match(name)
    if cities:
        return zone_or_none(cities[1].strip())
    parts = name.split("/")
    tails = ("/".join(parts[first:]) for first in range(1, len(parts) - 1))
    return next((zone for tail in tails if (zone := zone_or_none(tail))), None)


def zone_defined(block: str, near: str) -> str | None:
    """Give the zone (IANA) of a VTIMEZONE: the one it names, or `near` where that keeps its hours.

    One that never changes its hours is a fixed distance from UTC. Any other is not known.
    """
    named = _LOCATION.search(block)
    zone = zone_named(named[1]) if named else None
    if zone:
        return zone
    offsets = _offsets(block)
    own = ZoneInfo(near)
    if offsets and offsets == {own.utcoffset(_WINTER), own.utcoffset(_SUMMER)}:
        return near
    hours = {offset / timedelta(hours=1) for offset in offsets}
    if len(hours) == 1 and (only := hours.pop()).is_integer():
        # The signs of these names are turned round.
        return zone_or_none(f"Etc/GMT{-only:+.0f}") if only else "UTC"
    return None


def _offsets(block: str) -> set[timedelta]:
    """Give what is added to UTC in winter and in summer: of either, what came last."""
    last: dict[str, tuple[str, timedelta]] = {}
    for kind, part in _PART.findall(block):
        offset, begins = _OFFSET.search(part), _BEGINS.search(part)
        if offset:
            sign = -1 if offset[1] == "-" else 1
            shift = sign * timedelta(hours=int(offset[2]), minutes=int(offset[3]))
            told = (begins[1] if begins else "", shift)
            last[kind.upper()] = max(last.get(kind.upper(), told), told)
    return {shift for _begins, shift in last.values()}
