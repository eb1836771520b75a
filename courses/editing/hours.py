"""Hours as people choose them, in a zone, and the instants they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

FIRST_YEAR, LAST_YEAR = 1990, 2100
ONE_DAY = timedelta(days=1)


class NoSuchHour(ValueError):
    """What was typed is no instant; `sentence` says why."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__("no such hour")
        self.sentence = sentence


def instant(text: str, zone: str) -> datetime:
    """Read an hour such as 2026-11-24T14:00 in the zone; with an offset of its own, as it is.

    Raises NoSuchHour when it is none, or none that comes exactly once in that place.
    """
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise NoSuchHour(_l("This is not a date and an hour.")) from None
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise NoSuchHour(_l("This year is too far away."))
    return read.astimezone(UTC) if read.tzinfo else _once(read, zone)


def _once(read: datetime, zone: str) -> datetime:
    """Give the one instant at which clocks of the zone show this."""
    place = ZoneInfo(zone)
    first, second = (read.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    if first.astimezone(place).replace(tzinfo=None) != read:
        raise NoSuchHour(
            _l("The clocks go forward over this hour in %(zone)s: it does not exist.", zone=zone)
        )
    raise NoSuchHour(
        _l("The clocks go back in %(zone)s and this hour comes twice. Choose another.", zone=zone)
    )


def local(moment: datetime | None, zone: str) -> str:
    """Write an instant as clocks of the zone show it; with its offset where they show it twice."""
    if moment is None:
        return ""
    there = moment.astimezone(ZoneInfo(zone))
    bare = there.replace(tzinfo=None, fold=0)
    timespec = "seconds" if bare.second else "minutes"
    if there.utcoffset() != there.replace(fold=1 - there.fold).utcoffset():
        return there.isoformat(timespec=timespec)
    return bare.isoformat(timespec=timespec)


def hours(starts: datetime, ends: datetime, zone: str) -> dict[str, str]:
    """Write a meeting as a date, the hour it starts and the hour it ends."""
    first, last = local(starts, zone), local(ends, zone)
    day, _t, hour = first.partition("T")
    end = last.partition("T")[2] if ends - starts < ONE_DAY else last
    return {"date": day, "starts": hour, "ends": end}


def span(date: str, starts: str, ends: str, zone: str) -> tuple[datetime, datetime]:
    """Read a meeting's hours; one that ends before it starts ends on the day after.

    Raises NoSuchHour.
    """
    first = instant(starts if "T" in starts else f"{date}T{starts}", zone)
    last = instant(ends if "T" in ends else f"{date}T{ends}", zone)
    if "T" not in ends and last <= first and ends != starts:
        day = first.astimezone(ZoneInfo(zone)).date() + ONE_DAY
        last = instant(f"{day.isoformat()}T{ends}", zone)
    if last <= first:
        raise NoSuchHour(_l("It ends when it starts. Say when it ends."))
    return first, last
