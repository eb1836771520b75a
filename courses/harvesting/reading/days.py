"""Days as people write them: in numbers of any script, and with months named in many languages.

What could be two days is none: 01/02/2026 is January to some and February to others.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from datetime import datetime, timezone
from functools import cache

from babel import Locale

from courses.harvesting.reading.offsets import offset_in

LANGUAGES = (
    *("en", "fr", "es", "pt", "it", "de", "nl", "ca", "ro", "pl", "cs", "sk", "hr", "sr", "bg"),
    *("uk", "ru", "el", "tr", "sv", "da", "nb", "fi", "hu", "et", "lv", "lt", "sl", "id", "ms"),
    *("vi", "th", "ar", "ar_LB", "he", "fa", "hi", "bn", "ta", "sw", "ko", "ja", "ur", "am", "km"),
)
LONGEST = 60
_HOUR = re.compile(
    r"(?:^|[\s,(T])(\d{1,2})[:h](\d{2})(?::(\d{2})(?:\.\d+)?)?"
    r"\s*(?:(am|pm|a\.m\.|p\.m\.)(?![a-z]))?\s*(?:uhr|hrs?|h)?"
    r"\s*\(?(z|utc|gmt)?\s*((?<=utc|gmt)\s*[+-]\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2})?\)?$"
)
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})[日일.]?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_PIECES = re.compile(r"\d+|[^\W\d_](?:[^\s\d,/()]*[^\s\d,/().])?")
_VIETNAMESE = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2}),?(?:\s+năm)?\s+(\d{4})")
_FILLERS = frozenset(
    (
        *("st", "nd", "rd", "th", "er", "re", "the", "of", "at", "de", "del", "do", "da", "d"),
        *("le", "la", "el", "las", "a", "o", "à", "às", "der", "den", "um", "om", "kl"),
        *("ที่", "วันที่", "พ.ศ", "ค.ศ"),
    )
)


class Twofold(ValueError):
    """This may be two different days."""


def day_in_words(text: str) -> tuple[datetime, bool] | None:
    """Read a day, and an hour where one is named; tells whether it was. None for what is no day.

    Years are as they are written, of whichever era. Raises Twofold, and ValueError for what is no
    day of any calendar.
    """
    plain = _plain(text[:LONGEST])
    hour = _HOUR.search(plain)
    day = _day(plain[: hour.start()].strip(" ,") if hour else plain)
    if day is None or hour is None:
        return (day, False) if day else None
    return _at(day, hour), True


def in_our_digits(text: str) -> str:
    """Write the digits of all scripts as ours."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in text)


def _plain(text: str) -> str:
    """Compose a text, and write its digits as ours and all its letters small."""
    composed = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return in_our_digits(composed).strip()


def _day(text: str) -> datetime | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(*map(int, found.groups()))
    if found := _YEAR_LAST.fullmatch(text):
        return _of_numbers(int(found[1]), int(found[3]), int(found[4]))
    if found := _VIETNAMESE.fullmatch(text):
        return _date(int(found[3]), int(found[2]), int(found[1]))
    return _of_words([piece.removeprefix("d'") for piece in _PIECES.findall(text)])


def _of_numbers(first: int, second: int, year: int) -> datetime:
    if first <= 12 and second <= 12 and first != second:
        raise Twofold
    return _date(year, first, second) if first <= 12 < second else _date(year, second, first)


def _of_words(pieces: list[str]) -> datetime | None:
    """Put a day together of its year, its number, and words of which one or two name a month."""
    numbers = [piece for piece in pieces if piece.isdigit()]
    years = [int(one) for one in numbers if len(one) == 4]
    days = [int(one) for one in numbers if len(one) <= 2]
    words = [one for one in pieces if not one.isdigit() and one not in _FILLERS]
    if len(numbers) != 2 or len(years) != 1 or len(days) != 1:
        return None
    months = _months_in(words)
    if len(months) > 1:
        raise Twofold
    return _date(years[0], months.pop(), days[0]) if months else None


def _months_in(words: list[str]) -> set[int]:
    """Give the months these words may name; none where one of them is neither month nor weekday."""
    months, weekdays = _names()
    if whole := months.get(" ".join(words)):
        return set(whole)
    if any(word not in months and word not in weekdays for word in words):
        return set()
    named = [word for word in words if word not in weekdays] or words
    return {month for word in named for month in months.get(word, ())}


@cache
def _names() -> tuple[dict[str, set[int]], set[str]]:
    """Gather the names of months and of weekdays, as they are written in all these languages."""
    months: dict[str, set[int]] = defaultdict(set)
    weekdays: set[str] = set()
    for code in LANGUAGES:
        locale = Locale.parse(code)
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[form][width].items():
                    months[_name(name)].add(number)
                weekdays.update(_name(name) for name in locale.days[form][width].values())
    months["sept"].add(9)
    return dict(months), weekdays


def _name(text: str) -> str:
    words = _plain(text).strip(".").split()
    return " ".join(word for word in words if word not in _FILLERS).removeprefix("d'")


def _date(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day)  # noqa: DTZ001 - the zone is that of whoever asks


def _at(day: datetime, told: re.Match[str]) -> datetime:
    hour, minute, second, half, universal, shift = told.groups()
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            raise ValueError(hour)
        number = number % 12 + (12 if half.startswith("p") else 0)
    moment = day.replace(hour=number, minute=int(minute), second=int(second or 0))
    if shift:
        ahead = offset_in(shift)
        if ahead is None:
            raise ValueError(shift)
        return moment.replace(tzinfo=timezone(ahead))
    return moment.replace(tzinfo=timezone.utc) if universal else moment  # noqa: UP017
