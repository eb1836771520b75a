"""Reading the moments of calendar files: zones by any name, years of other eras, dates misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from courses.harvesting.draft import Feed, Notes, Weight
from courses.harvesting.formats.calendars import Calendar, Property
from courses.harvesting.reading import zones
from courses.harvesting.reading.abbreviations import abbreviation_in
from courses.harvesting.reading.dates import BUDDHIST_ERA, EARLIEST_YEAR, LATEST_YEAR

MOST_MOMENTS = 1_000
"""Moments that are read of one event."""

MOST_NAMES = 1_000
Moment = datetime | date
_SPELT = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T ](\d{2}):?(\d{2}):?(\d{2})?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)


class Asked(Exception):
    """A moment is in a zone that only its source can name; `name` is how it is called there."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


@dataclass(slots=True)
class Hours:
    """Reads the moments of one event."""

    feed: Feed
    calendar: Calendar
    notes: Notes
    era_noted: bool = False
    zone_noted: bool = False
    count: int = 0

    def moment(self, told: Property) -> Moment | None:
        """Read the one moment of a property; None when it cannot be read.

        Raises Asked.
        """
        return next(self.moments(told), None)

    def moments(self, told: Property) -> Iterator[Moment]:
        """Read the moments of a property; of periods, when they begin.

        Raises Asked.
        """
        for spelt in told.value.split(",", MOST_MOMENTS)[:MOST_MOMENTS]:
            self.count += 1
            if self.count > MOST_MOMENTS:
                return
            text = spelt.partition("/")[0].strip()
            moment = self._read(text, told.parameters.get("TZID", ""))
            if moment is None:
                self.notes.add(told.name.lower(), "unreadable-date", text)
            else:
                yield moment

    def default_zone(self) -> str:
        """Give the zone the calendar names, else that of the source."""
        return self._zone(self.calendar.zone, quietly=True) or self.feed.zone

    def _read(self, text: str, zone: str) -> Moment | None:
        abbreviated = abbreviation_in(text) if "T" in text[:12] else ""
        if abbreviated:
            zone, text = abbreviated, text.removesuffix(abbreviated).strip()
        found = _SPELT.fullmatch(text)
        if found is None:
            return None
        *digits, shift = found.groups()
        year, month, day, hour, minute, second = (int(part or 0) for part in digits)
        try:
            on = date(self._year(year, text), month, day)
            at = time(hour, minute, min(second, 59))
        except ValueError:
            return None
        if digits[3] is None:
            return on
        moment = datetime.combine(on, at)
        return _shifted(moment, shift) if shift else moment.replace(tzinfo=self._place(zone, text))

    def _year(self, year: int, text: str) -> int:
        if EARLIEST_YEAR + BUDDHIST_ERA <= year <= LATEST_YEAR + BUDDHIST_ERA:
            if not self.era_noted:
                self.notes.add("start", "buddhist-era", text, Weight.REPAIRED)
            self.era_noted = True
            year -= BUDDHIST_ERA
        if not EARLIEST_YEAR <= year <= LATEST_YEAR:
            raise ValueError(year)
        return year

    def _place(self, named: str, text: str) -> ZoneInfo:
        """Give where a local hour is: the zone named, that of the calendar, that of the source."""
        zone = self._zone(named or self.calendar.zone)
        if zone is None and not self.zone_noted:
            self.notes.add("zone", "no-zone", text)
            self.zone_noted = True
        return ZoneInfo(zone or self.feed.zone)

    def _zone(self, name: str, *, quietly: bool = False) -> str | None:
        known, block = self.calendar.known, self.calendar.zones.get(name)
        if name not in known and len(known) < MOST_NAMES:
            answer = zones.answered(self.feed, name)
            known[name] = answer or zones.zone_of(name, block, self.feed.zone)
        zone = known.get(name)
        if zone is None and name and not quietly:
            raise Asked(name)
        return zone


def _shifted(moment: datetime, shift: str) -> datetime:
    if shift == "Z":
        return moment.replace(tzinfo=UTC)
    sign = -1 if shift[0] == "-" else 1
    hours, minutes = int(shift[1:3]), int(shift[-2:])
    return (moment - sign * timedelta(hours=hours, minutes=minutes)).replace(tzinfo=UTC)


def as_instant(moment: Moment, zone: str) -> datetime:
    """Give a moment in UTC; a day begins at midnight in the zone."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), ZoneInfo(zone))
    return moment.astimezone(UTC)
