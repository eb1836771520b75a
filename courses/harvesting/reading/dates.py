"""Reading dates and zones as partners write them, and the dates of a run out of several cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from courses.catalogue.content import RunContent
from courses.harvesting.draft import Notes, Weight
from courses.harvesting.reading.abbreviations import abbreviation_in
from courses.harvesting.reading.days import Twofold, day_in_words, in_our_digits
from courses.harvesting.reading.zones import zone_named, zone_or_none

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
BUDDHIST_ERA = 543
"""Years that the Buddhist era, as Thailand counts it, is ahead."""

AMERICAN = frozenset(("EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"))
"""What the standard of dates in mails (RFC 5322) says what they mean."""

LONGEST_SPAN = 100
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z?)")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:.*)?")
_MAIL = re.compile(r"(?:[A-Z][a-z]{2}, ?)?\d{1,2} [A-Z][a-z]{2} \d{4}\b")
_ABBREVIATED = re.compile(r"[A-Z]{2,5}")
_FROM_TO = re.compile(r"\s+[-–—]\s+")


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment that was read, whether its zone was said, and whether its hour was."""

    at: datetime
    zone_said: bool
    hour_said: bool
    buddhist: bool = False
    """Whether its year was of the Buddhist era."""

    @property
    def end(self) -> datetime:
        """The end this means: the moment itself, or of a mere day its last second."""
        return self.at if self.hour_said else self.at + timedelta(days=1) - timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """Reads the moments of one record and notes what is wrong with them."""

    zone: str
    zone_said: bool
    notes: Notes
    asked: str = ""
    """A name of several zones, or of none we know: nobody said yet which is meant."""

    answers: Mapping[str, str] = field(default_factory=dict)
    """What the source said of such names: "zone:CEST" is the one that it means by CEST."""

    def read(self, name: str, text: str) -> Instant | None:
        """Read the moment in a field; None when there is none or it cannot be read.

        An hour in a zone that only its source can name is not read, but asked about.
        """
        if not text:
            return None
        named = _abbreviation_in(text)
        answer = _answered(self.answers, named)
        bare = text.strip().strip("()").removesuffix(named).rstrip(" (") if named else text
        try:
            moment = _instant(bare, answer or self.zone)
        except Twofold:
            self.notes.add(name, "twofold-date", text)
            return None
        if moment is None:
            self.notes.add(name, "unreadable-date", text)
        elif moment.hour_said and not moment.zone_said:
            asked = "" if answer else named or self.asked
            if asked:
                ask_for_zone(self.notes, asked)
                return None
            if not (self.zone_said or answer):
                self.notes.add(name, "no-zone", text)
        if moment and moment.buddhist:
            self.notes.add(name, "buddhist-era", text, Weight.REPAIRED)
        return moment

    def span(self, start: str, end: str) -> tuple[datetime | None, datetime | None]:
        """Read from when to when; an end before the start is left out, and noted."""
        # Some calendars write "start - end" where one moment belongs.
        first, *rest = _FROM_TO.split(start[:LONGEST_SPAN], maxsplit=1)
        last = _FROM_TO.split(end[:LONGEST_SPAN], maxsplit=1)[-1] or "".join(rest)
        starts, ends = self.read("start", first), self.read("end", last)
        if starts and ends and ends.end < starts.at:
            self.notes.add("end", "ends-before-start", last, Weight.REPAIRED)
            ends = None
        return starts.at if starts else None, ends.end if ends else None


def clock(
    zone_name: str, feed_zone: str, notes: Notes, answers: Mapping[str, str] | None = None
) -> Clock:
    """Make the clock of a record, which may name a zone of its own (IANA)."""
    answers = answers or {}
    zone = _answered(answers, zone_name) or zone_named(zone_name)
    asked = "" if zone else zone_name
    return Clock(zone or feed_zone, zone is not None, notes, asked, answers)


def ask_for_zone(notes: Notes, name: str) -> None:
    """Note that an hour was not read: only its source can say which zone it means by a name."""
    code = "ambiguous-zone" if _ABBREVIATED.fullmatch(name) else "unknown-zone"
    notes.add("zone", code, name, Weight.HELD)


def _abbreviation_in(text: str) -> str:
    american = _MAIL.match(text) and text.rpartition(" ")[2] in AMERICAN
    return "" if american else abbreviation_in(text)


def _answered(answers: Mapping[str, str], name: str) -> str | None:
    return zone_or_none(answers.get(f"zone:{name}", "")) if name else None


def run_between(start: str, end: str, read_by: Clock) -> RunContent:
    """Make the run between two moments; without a start it is always open."""
    starts, ends = read_by.span(start, end)
    return RunContent(starts, ends, zone=read_by.zone)


def instant(text: str, zone: str) -> Instant | None:
    """Read a date or a moment; None when it cannot be read or is out of all reason.

    Understood are ISO 8601 (also without hyphens), RFC 5322, and days in words of many languages.
    What names no zone is in `zone`; years of the Buddhist era are turned into ours.
    """
    try:
        return _instant(text, zone)
    except Twofold:
        return None


def _instant(text: str, zone: str) -> Instant | None:
    text = text.strip()
    try:
        found = _read(text)
        buddhist = found is not None and found[0].year > LATEST_YEAR
        if found is None or not EARLIEST_YEAR <= _common(found[0].year) <= LATEST_YEAR:
            return None
        moment, hour_said = found[0].replace(year=_common(found[0].year)), found[1]
        zone_said = moment.tzinfo is not None
        placed = moment if zone_said else moment.replace(tzinfo=ZoneInfo(zone))
        return Instant(placed.astimezone(UTC), zone_said, hour_said, buddhist)
    except Twofold:
        raise
    except (ValueError, OverflowError):
        return None


def _common(year: int) -> int:
    return year if year <= LATEST_YEAR else year - BUDDHIST_ERA


def _read(text: str) -> tuple[datetime, bool] | None:
    text = in_our_digits(text)
    if _MAIL.match(text):
        return _mail_date(text)
    return _iso_date(text) or day_in_words(text)


def _mail_date(text: str) -> tuple[datetime, bool]:
    hour_said = ":" in text
    return parsedate_to_datetime(text if hour_said else f"{text} 00:00"), hour_said


def _iso_date(text: str) -> tuple[datetime, bool] | None:
    compact = _COMPACT.fullmatch(text)
    if compact:
        *digits, utc = compact.groups()
        parts = [int(part or 0) for part in digits]
        moment = datetime(*parts, tzinfo=UTC if utc else None)  # type: ignore[arg-type,misc]
        return moment, digits[3] is not None
    try:
        told = datetime.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        return None
    return (told, len(text) > len("2026-11-22")) if told else None
