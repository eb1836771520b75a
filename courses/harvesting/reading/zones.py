"""Reading the names of time zones as calendars and feeds write them; abbreviations are asked about.

IST is the hour of Israel, of India and of Ireland: whoever reads "IST" asks which is meant.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from courses.harvesting.draft import Feed
from courses.harvesting.reading.abbreviations import UNIVERSAL, is_ambiguous
from courses.harvesting.reading.offsets import offset_in, zone_at

LONGEST_NAME = 100
NORTH_AMERICAN = {
    f"{name} Time (US & Canada)": f"America/{city}"
    for name, city in (
        *(("Eastern", "New_York"), ("Central", "Chicago")),
        *(("Mountain", "Denver"), ("Pacific", "Los_Angeles")),
    )
}
"""What Windows and Rails call the zones of the United States and Canada."""

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
    known = zone_or_none(WINDOWS_TO_OLSON.get(name) or NORTH_AMERICAN.get(name) or name)
    if known:
        return known
    cities = _CITIES.match(name)
    if cities:
        city = cities[1].strip()
        return zone_or_none(NORTH_AMERICAN.get(city, city))
    parts = name.split("/")
    tails = ("/".join(parts[first:]) for first in range(1, len(parts) - 1))
    return next((zone for tail in tails if (zone := zone_or_none(tail))), None)


def zone_of(name: str, block: str | None, near: str) -> str | None:
    """Give the zone (IANA) of a name, which the file may define (a VTIMEZONE).

    Of GMT+2, which some mean the other way round, only the definition tells, where there is one.
    """
    named = None if block and offset_in(name) is not None else zone_named(name)
    return named or (zone_defined(block, near) if block else None)


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
    return zone_at(offsets.pop()) if len(offsets) == 1 else None


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


def zone_or_none(name: str) -> str | None:
    """Give the IANA zone of this name, of this city when only one zone has it, or of UTC+2."""
    known = _zones().get(name.casefold().replace(" ", "_"))
    offset = None if known else offset_in(name)
    return known if offset is None else zone_at(offset)


@cache
def _zones() -> dict[str, str]:
    names = sorted(available_timezones())
    # The last parts of Etc/GMT+2 and its like name no city, and turn the sign round.
    placed = [name for name in names if not name.startswith("Etc/")]
    cities = Counter(_city(name) for name in placed)
    zones = {_city(name): name for name in placed if cities[_city(name)] == 1}
    return zones | {name.casefold(): name for name in names}


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].casefold()
