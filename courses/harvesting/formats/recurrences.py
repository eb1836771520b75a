"""Series of events told date by date: within bounds of time and number, whatever their rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from icalendar import Calendar, Event

from courses.harvesting.formats.repeats import rule_of
from courses.harvesting.formats.room import Room
from courses.harvesting.reading.moments import Moment, as_instant

MOST_DATES = 200
MOST_STEPS = 120_000
"""Steps of rules in a file: those of a daily series of ten years are 3,650."""

NEAR = timedelta(days=31)
"""Of series for which a file has no more room, what is told."""

STEPS_EACH = 100
"""What telling any series costs, in steps."""

WRONG: Final = (
    *(ValueError, TypeError, KeyError, AttributeError, OverflowError, AssertionError, IndexError),
)
_LASTS = re.compile(
    r"\+?P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?"
)


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which a series is told: a year back and two ahead, from the first of the month.

    So that a calendar read again in the same month says the same again.
    """

    starts: datetime
    turns: datetime
    ends: datetime

    @classmethod
    def around(cls, now: datetime) -> Window:
        """Make the window of a moment."""
        turns = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return cls(turns.replace(year=turns.year - 1), turns, turns.replace(year=turns.year + 2))

    @property
    def near(self) -> Window:
        """The month that matters most."""
        return Window(self.turns, self.turns, self.turns + NEAR)


@dataclass(slots=True)
class Part:
    """One event of a series: the series itself, or one of its dates told otherwise."""

    start: Moment
    end: Moment
    sequence: int = 0
    rules: list[Mapping[str, str]] = field(default_factory=list)
    until: dict[int, Moment] = field(default_factory=dict)
    """When the rules end, by their position, as far as that was read."""

    more: list[Moment] = field(default_factory=list)
    without: list[Moment] = field(default_factory=list)
    instead_of: Moment | None = None
    and_after: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """One date of a series, and by position which of its parts tells it."""

    start: Moment
    end: Moment
    part: int


@dataclass(slots=True)
class Expansion:
    """Tells series date by date; the steps of all their rules together are bounded."""

    whole: Window
    steps: int = 0
    room: Room = field(default_factory=Room)

    @property
    def window(self) -> Window:
        """The time in which the next series is told."""
        return self.whole.near if self.room.is_full else self.whole

    def dates(self, parts: Sequence[Part], zone: str) -> list[Date]:
        """Give the dates of a series in the window, in their order and without those left out.

        Raises ValueError when its rules cannot be told, or the steps of the file are used up.
        """
        # Only the worker tells series, when it reads a calendar.
        import recurring_ical_events  # noqa: PLC0415

        self.steps += STEPS_EACH + sum(len(one.more) + len(one.without) for one in parts)
        if self.steps > MOST_STEPS:
            raise ValueError("too many")
        calendar = Calendar()
        for position, part in enumerate(parts):
            most = MOST_DATES + 1 + len(part.without) if len(parts) == 1 else None
            calendar.add_component(self._event(part, position, zone, most))
        try:
            query = recurring_ical_events.of(calendar)
            found = [_date(one) for one in query.between(self.window.starts, self.window.ends)]
        except WRONG as wrong:
            raise ValueError(str(wrong)) from wrong
        return sorted(found, key=lambda one: as_instant(one.start, zone))

    def _event(self, part: Part, position: int, zone: str, most: int | None) -> Event:
        event = Event()
        event.add("UID", "series")
        event.add("DTSTART", part.start)
        event.add("DTEND", part.end)
        event.add("SEQUENCE", part.sequence)
        event.add("X-PART", str(position))
        more = [moment for moment in part.more if self._is_near(moment, part, zone)]
        for number, rule in enumerate(part.rules):
            more += self._repeated(part, rule, part.until.get(number), zone)
        if most is not None and len(more) > most:
            dates = [Date(moment, moment, position) for moment in dict.fromkeys(more)]
            dates.sort(key=lambda one: as_instant(one.start, zone))
            more = [one.start for one in nearest(dates, self.window, zone, most)]
        for name, moments in (("RDATE", more), ("EXDATE", part.without)):
            if moments:
                event.add(name, list(dict.fromkeys(moments)))
        if part.instead_of is not None:
            event.add("RECURRENCE-ID", part.instead_of)
            if part.and_after:
                event["RECURRENCE-ID"].params["RANGE"] = "THISANDFUTURE"
        return event

    def _repeated(
        self, part: Part, told: Mapping[str, str], until: Moment | None, zone: str
    ) -> Iterator[Moment]:
        """Give when a rule repeats an event, as far as that is in the window."""
        rule, start = rule_of(told), part.start
        left = -1 if rule.count is None else rule.count
        last = min(_end_of(until, zone) if until else self.window.ends, self.window.ends)
        lasts = as_instant(part.end, zone) - as_instant(start, zone)
        for day in rule.days(start.date() if isinstance(start, datetime) else start):
            self.steps += rule.steps if day is None else 1
            if self.steps > MOST_STEPS:
                raise ValueError("too many")
            if day is None:
                continue
            moment = _on(day, start)
            begins = as_instant(moment, zone)
            if begins > last or left == 0:
                return
            left -= 1
            if begins + lasts >= self.window.starts:
                yield moment

    def _is_near(self, moment: Moment, part: Part, zone: str) -> bool:
        begins = as_instant(moment, zone)
        lasts = as_instant(part.end, zone) - as_instant(part.start, zone)
        return begins <= self.window.ends and begins + lasts >= self.window.starts


def _on(day: date, start: Moment) -> Moment:
    return datetime.combine(day, start.timetz()) if isinstance(start, datetime) else day


def _end_of(until: Moment, zone: str) -> datetime:
    day = timedelta(0) if isinstance(until, datetime) else timedelta(hours=23, minutes=59)
    return as_instant(until, zone) + day


def _date(event: Any) -> Date:
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    if not isinstance(start, date) or not isinstance(end, date):
        raise TypeError
    return Date(start, end, int(event["X-PART"]))


def nearest(dates: Sequence[Date], window: Window, zone: str, most: int) -> list[Date]:
    """Keep so many dates that matter: those to come first, then the latest before."""
    coming = [one for one in dates if as_instant(one.end, zone) >= window.turns]
    kept = coming[:most]
    before = [one for one in dates if as_instant(one.end, zone) < window.turns]
    room = most - len(kept)
    return [*(before[-room:] if room else ()), *kept]


def rule_in(text: str) -> dict[str, str]:
    """Take a rule apart: what it says, by name."""
    pairs = (piece.partition("=") for piece in text.upper().split(";")[:20])
    return {name.strip(): value.strip() for name, _is, value in pairs if value}


def length(text: str) -> timedelta | None:
    """Read a duration such as PT1H30M; None when it is none, or longer than two years."""
    found = _LASTS.fullmatch(text)
    if not found or not any(found.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    told = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return told if told <= timedelta(days=731) else None
