"""Meetings as iCalendar: RFC 5545, with the rules of the zone in which each hour was chosen.

Values in, text out: the same values always give the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Alarm, Calendar, Component, Event, Timezone
from icalendar import TimezoneDaylight as Daylight
from icalendar import TimezoneStandard as Standard
from icalendar.prop import vCalAddress, vDDDTypes, vUTCOffset

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//Urban Academy//Learning//EN"
BEFORE, AFTER = timedelta(days=1), timedelta(days=1)
STEP = timedelta(days=7)
ALARM = timedelta(hours=-1)
UTC_NAMES = frozenset(("UTC", "Etc/UTC", "Etc/UCT", "Zulu"))


@dataclass(frozen=True, slots=True)
class Hour:
    """A meeting as calendars keep it; `zone` is an IANA name, `changed_at` when it was said so.

    A greater sequence takes the place of a smaller one with the same uid. The organizer is a name
    and a mail address: what is published names one (RFC 5546).
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    changed_at: datetime
    organizer: tuple[str, str]
    description: str = ""
    url: str = ""
    cancelled: bool = False


def calendar(hours: Sequence[Hour], *, name: str, language: str) -> str:
    """Write a calendar of these hours for readers of a language (BCP 47)."""
    written = Calendar()
    written.add("prodid", PRODUCT)
    written.add("version", "2.0")
    written.add("calscale", "GREGORIAN")
    written.add("method", "PUBLISH")
    written.add("name", name, parameters={"LANGUAGE": language})
    written.add("x-wr-calname", name)
    for zone in _zones(hours):
        written.add_component(zone)
    for hour in hours:
        written.add_component(_event(hour, language))
    return str(written.to_ical().decode())


def _event(hour: Hour, language: str) -> Event:
    event, words = Event(), {"LANGUAGE": language}
    event.add("uid", hour.uid)
    event.add("sequence", hour.sequence)
    # Said once, and the same ever after: calendars compare what they get with what they have.
    event.add("dtstamp", hour.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", hour.changed_at.astimezone(UTC).replace(microsecond=0))
    zone = _zone(hour.zone)
    if zone is not None and any(_comes_twice(zone, at) for at in (hour.starts_at, hour.ends_at)):
        zone = None
    _add_time(event, "dtstart", hour.starts_at, zone)
    _add_time(event, "dtend", hour.ends_at, zone)
    name, mail = hour.organizer
    event.add("organizer", vCalAddress(f"mailto:{mail}"), parameters={"CN": _quotable(name)})
    event.add("summary", hour.title, parameters=words)
    if hour.description:
        event.add("description", hour.description, parameters=words)
    if hour.url:
        event.add("location", hour.url)
        event.add("url", hour.url)
    event.add("status", "CANCELLED" if hour.cancelled else "CONFIRMED")
    if not hour.cancelled:
        event.add_component(_alarm(hour))
    return event


def _quotable(name: str) -> str:
    """Make a name fit for a parameter, which knows no quotes and no lines."""
    return " ".join("".join(char for char in name if char.isprintable() and char != '"').split())


def _comes_twice(zone: ZoneInfo, instant: datetime) -> bool:
    """Whether clocks show this time a second time: written as such, it would be the first."""
    return bool(instant.astimezone(zone).fold)


def _add_time(event: Event, name: str, instant: datetime, zone: ZoneInfo | None) -> None:
    """Write a time: by the clocks of its zone, or as UTC where there is none."""
    if zone is None:
        event.add(name, instant.astimezone(UTC).replace(microsecond=0))
        return
    there = vDDDTypes(instant.astimezone(zone).replace(tzinfo=None, microsecond=0))
    there.params["TZID"] = zone.key
    event.add(name, there, encode=False)


def _alarm(hour: Hour) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", ALARM)
    alarm.add("description", hour.title)
    return alarm


def _zone(name: str) -> ZoneInfo | None:
    """Find a zone; None for UTC, and for what no zone is called."""
    if name in UTC_NAMES:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _zones(hours: Sequence[Hour]) -> Iterator[Timezone]:
    """Describe each zone that is named, over the days in which its hours are."""
    named = {zone.key: zone for hour in hours if (zone := _zone(hour.zone)) is not None}
    for name, zone in sorted(named.items()):
        inside = [hour for hour in hours if hour.zone == name]
        first = min(hour.starts_at for hour in inside) - BEFORE
        last = max(hour.ends_at for hour in inside) + AFTER
        described = Timezone()
        described.add("tzid", name)
        for part in _observances(zone, first.astimezone(UTC), last.astimezone(UTC)):
            described.add_component(part)
        yield described


def _observances(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[Component]:
    """Describe what the clocks show from the first instant on, and every change until the last."""
    at, offset = first, _offset(zone, first)
    yield _observance(zone, at, offset)
    while at < last:
        following = min(at + STEP, last)
        if _offset(zone, following) != offset:
            changed = _change(zone, at, following)
            yield _observance(zone, changed, offset)
            at, offset = changed, _offset(zone, changed)
        else:
            at = following


def _observance(zone: ZoneInfo, onset: datetime, before: timedelta) -> Component:
    """Describe the clocks from an instant on; its local time is told by the clocks before it."""
    there = onset.astimezone(zone)
    part: Component = Daylight() if there.dst() else Standard()
    part.add("dtstart", (onset + before).replace(tzinfo=None, microsecond=0))
    part.add("tzoffsetfrom", vUTCOffset(before), encode=False)
    part.add("tzoffsetto", vUTCOffset(_offset(zone, onset)), encode=False)
    part.add("tzname", there.tzname() or zone.key)
    return part


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find the second from which on the clocks differ from those `before`."""
    offset = _offset(zone, before)
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        same = _offset(zone, before + timedelta(seconds=middle)) == offset
        low, high = (middle, high) if same else (low, middle)
    return before + timedelta(seconds=high)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()
