"""Rules by which events are repeated (RRULE of RFC 5545), told day by day in bounded time.

Libraries look for the next 30 February until the year 9999; here every step is counted.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES: Final = frozenset(("DAILY", "WEEKLY", "MONTHLY", "YEARLY"))
_UNDERSTOOD: Final = frozenset(
    (
        *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY"),
        *("BYSETPOS", "BYHOUR", "BYMINUTE", "BYSECOND"),
    )
)
_NUMBERS = re.compile(r"[+-]?\d{1,3}(?:,[+-]?\d{1,3}){0,60}")
_WEEKDAYS = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
Weekday = tuple[int, int]
"""Which of its kind in the month or year, 0 for each; and which day, 0 for Monday."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that is understood."""

    often: str
    interval: int
    count: int | None
    week_begins: int
    weekdays: tuple[Weekday, ...]
    months: frozenset[int]
    month_days: frozenset[int]
    positions: tuple[int, ...]

    @property
    def steps(self) -> int:
        """What looking for the days of one period costs."""
        if self.often == "YEARLY":
            return 5 * (len(self.months) or 12)
        return 5 if self.often == "MONTHLY" else 1

    def days(self, first: date) -> Iterator[date | None]:
        """Give the days from the first on, without end; None for each step that finds none."""
        for period in self._periods(first):
            found = sorted(one for one in period if self._fits(one))
            if self.positions:
                places = (one - 1 if one > 0 else len(found) + one for one in self.positions)
                found = sorted({found[one] for one in places if 0 <= one < len(found)})
            yield None
            yield from (one for one in found if one >= first)

    def _fits(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        last = monthrange(day.year, day.month)[1]
        return not self.month_days or bool(self.month_days & {day.day, day.day - last - 1})

    def _periods(self, first: date) -> Iterator[list[date]]:
        """Give the days that come into question, period by period."""
        if self.often in {"MONTHLY", "YEARLY"}:
            yield from self._months(first)
            return
        weekly = self.often == "WEEKLY"
        begin = first
        if weekly:
            begin -= timedelta(days=(first.weekday() - self.week_begins) % 7)
        wanted = {day for _which, day in self.weekdays} or ({first.weekday()} if weekly else set())
        while begin.year < date.max.year:
            week = (begin + timedelta(days=step) for step in range(7 if weekly else 1))
            yield [one for one in week if not wanted or one.weekday() in wanted]
            begin += timedelta(days=self.interval * (7 if weekly else 1))

    def _months(self, first: date) -> Iterator[list[date]]:
        yearly = self.often == "YEARLY"
        whole_year = yearly and not self.months and bool(self.weekdays or self.month_days)
        months = sorted(self.months) or [first.month]
        year, month = first.year, first.month
        while year < date.max.year:
            within = range(1, 13) if whole_year else months if yearly else [month]
            days = [date(year, one, day) for one in within for day in _days_of(year, one)]
            yield self._chosen(days, first, by_year=whole_year)
            step = self.interval * (12 if yearly else 1)
            year, month = year + (month - 1 + step) // 12, (month - 1 + step) % 12 + 1

    def _chosen(self, days: list[date], first: date, *, by_year: bool) -> list[date]:
        if not self.weekdays:
            return days if self.month_days else [one for one in days if one.day == first.day]
        chosen: set[date] = set()
        for which, weekday in self.weekdays:
            if by_year:
                groups = [[one for one in days if one.weekday() == weekday]]
            else:
                months = sorted({one.month for one in days})
                groups = [
                    [one for one in days if (one.month, one.weekday()) == (month, weekday)]
                    for month in months
                ]
            for group in groups:
                place = which - 1 if which > 0 else len(group) + which
                chosen.update(
                    group if which == 0 else group[place : place + 1] if place >= 0 else []
                )
        return sorted(chosen)


def _days_of(year: int, month: int) -> range:
    return range(1, monthrange(year, month)[1] + 1)


def rule_of(told: Mapping[str, str]) -> Rule:
    """Make a rule of its parts.

    Raises ValueError when it repeats within a day, or in a way that is not understood.
    """
    often = told.get("FREQ", "")
    clock = (told.get(name, "") for name in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    if often not in FREQUENCIES or told.keys() - _UNDERSTOOD or any("," in one for one in clock):
        raise ValueError(often)
    interval, count = int(told.get("INTERVAL", "1")), told.get("COUNT")
    if not 1 <= interval <= 1_000 or (count is not None and int(count) < 1):
        raise ValueError(interval)
    return Rule(
        often,
        interval,
        int(count) if count is not None else None,
        DAYS.index(told.get("WKST", "MO")),
        tuple(_weekday(one) for one in told["BYDAY"].split(",")[:60]) if "BYDAY" in told else (),
        frozenset(_numbers(told, "BYMONTH", 12)),
        frozenset(_numbers(told, "BYMONTHDAY", 31)),
        tuple(_numbers(told, "BYSETPOS", 366)),
    )


def _weekday(text: str) -> Weekday:
    found = _WEEKDAYS.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return int(found[1] or 0), DAYS.index(found[2])


def _numbers(told: Mapping[str, str], name: str, most: int) -> list[int]:
    text = told.get(name, "")
    if text and not _NUMBERS.fullmatch(text):
        raise ValueError(text)
    numbers = [int(one) for one in text.split(",") if one]
    if not all(1 <= abs(one) <= most for one in numbers):
        raise ValueError(text)
    return numbers
