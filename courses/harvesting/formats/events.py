"""What the events of a calendar say: which belong together, when they are, which are cancelled."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from academy.text import clean_line, is_web_address
from courses.catalogue.content import LanguageContent
from courses.catalogue.texts import LanguageOrigin
from courses.harvesting.draft import Feed, Notes, Weight
from courses.harvesting.formats.calendars import Place, Property
from courses.harvesting.formats.recurrences import (
    MOST_DATES,
    Date,
    Expansion,
    Part,
    length,
    nearest,
    rule_in,
)
from courses.harvesting.formats.room import LEFT_OUT
from courses.harvesting.reading.dates import ask_for_zone
from courses.harvesting.reading.languages import language
from courses.harvesting.reading.moments import Asked, Hours, Moment, as_instant
from courses.harvesting.reading.values import LONGEST_ADDRESS, LONGEST_WORD

LONGEST_TOLD = 100_000
MOST_RULES = 5
MOST_WORDS = 50
_ROOM = re.compile(
    r"https?://(?:[\w-]{1,63}\.){0,4}(?:zoom\.us|teams\.microsoft\.com|teams\.live\.com"
    r"|meet\.google\.com|meet\.jit\.si|webex\.com)/[^\s<>\"']{1,1000}"
    r"|https?://[\w.-]{1,200}/(?:bigbluebutton|b|bbb|gl)/[^\s<>\"']{1,1000}",
    re.IGNORECASE,
)


@dataclass
class Event:
    """One event as its file tells it."""

    place: Place
    told: list[Property]
    feed: Feed
    notes: Notes = field(init=False)
    hours: Hours = field(init=False)

    def __post_init__(self) -> None:
        self.notes = Notes(self.place.line)
        self.hours = Hours(self.feed, self.place.calendar, self.notes)

    def first(self, name: str) -> Property | None:
        """Give the first property of a name."""
        return next((one for one in self.told if one.name == name), None)

    def text(self, name: str) -> str:
        """Give what a property says as a text; empty when it is not there."""
        told = self.first(name)
        return told.text if told else ""

    def value(self, name: str) -> str:
        """Give the value of a property as it stands there; empty when it is not there."""
        told = self.first(name)
        return told.value if told else ""

    def title_said(self) -> bool:
        """Tell whether it has a title."""
        return bool(self.text("SUMMARY").strip())

    @property
    def sequence(self) -> int:
        """How often it was revised."""
        digits = self.value("SEQUENCE").strip()
        return int(digits) if digits.isdecimal() and len(digits) < 9 else 0

    @property
    def revised(self) -> tuple[int, str]:
        """How often it was revised, and when last."""
        return self.sequence, self.value("LAST-MODIFIED")

    @property
    def join_link(self) -> str | None:
        """Where to join: a link of its own, or one of a meeting room among the words."""
        own = (self.text("CONFERENCE") or self.text("X-GOOGLE-CONFERENCE")).strip()
        if is_web_address(own) and len(own) <= LONGEST_ADDRESS:
            return own
        texts = (self.text(name) for name in ("LOCATION", "URL", "DESCRIPTION"))
        found = (_ROOM.search(text[:LONGEST_TOLD]) for text in texts)
        return next((one[0].rstrip(".,;)") for one in found if one), None)

    def without_links(self, name: str) -> str:
        """Give a text without the links to meeting rooms: only who takes part is told."""
        return _ROOM.sub("", self.text(name)).strip()

    def words(self) -> list[str]:
        """Give the words it is filed under."""
        lists = (one.words for one in self.told if one.name == "CATEGORIES")
        words = (clean_line(word, limit=LONGEST_WORD) for many in lists for word in many)
        return list(dict.fromkeys(word for word in words if word))[:MOST_WORDS]

    def taught(self) -> list[LanguageContent]:
        """Give the language: that of the title, else that of the source."""
        title = self.first("SUMMARY")
        said = language(title.parameters.get("LANGUAGE", "")) if title else None
        if said:
            return [LanguageContent(said)]
        code = language(self.feed.defaults.get("language", ""))
        return [LanguageContent(code, origin=LanguageOrigin.SOURCE)] if code else []

    def digest(self) -> str:
        """Make an identifier of what it says, and note that it has none."""
        self.notes.add("id", "no-own-id")
        parts = "\x1f".join(self.value(name) for name in ("SUMMARY", "DTSTART", "URL"))
        return "sha256:" + hashlib.sha256(parts.encode(errors="replace")).hexdigest()[:32]

    def written(self) -> str:
        """Give the lines of the event, joined where they were folded."""
        lines = (f"{one.name}{one.qualified}:{one.value}" for one in self.told)
        return "\n".join(lines)[:LONGEST_TOLD]

    def part(self) -> Part | None:
        """Read when it is; None when its start cannot be read.

        Raises Asked.
        """
        told = self.first("DTSTART")
        start = self.hours.moment(told) if told else None
        if start is None:
            return None
        part = Part(start, self._end(start), sequence=self.sequence)
        for one in self.told:
            if one.name == "RRULE" and len(part.rules) < MOST_RULES:
                self._add_rule(part, rule_in(one.value))
            elif one.name == "RDATE":
                part.more += self.hours.moments(one)
            elif one.name == "EXDATE":
                part.without += self.hours.moments(one)
            elif one.name == "RECURRENCE-ID":
                part.instead_of = self.hours.moment(one)
                part.and_after = one.parameters.get("RANGE", "").upper() == "THISANDFUTURE"
        return part

    def _add_rule(self, part: Part, rule: dict[str, str]) -> None:
        if "UNTIL" in rule:
            until = self.hours.moment(Property("RRULE", {}, rule["UNTIL"]))
            if until is not None:
                part.until[len(part.rules)] = until
        part.rules.append(rule)

    def _end(self, start: Moment) -> Moment:
        """Give when it ends: of a day, the next one; without any word, when it begins."""
        told = self.first("DTEND")
        end = self.hours.moment(told) if told else None
        if end is None:
            lasts = length(self.value("DURATION").strip().upper())
            timed = isinstance(start, datetime)
            end = start + (lasts or timedelta(0)) if timed else start + (lasts or timedelta(days=1))
        if isinstance(start, datetime) != isinstance(end, datetime):
            self.notes.add("end", "unreadable-date", told.value if told else "", Weight.REPAIRED)
            return start if isinstance(start, datetime) else start + timedelta(days=1)
        if as_instant(end, "UTC") < as_instant(start, "UTC"):
            self.notes.add("end", "ends-before-start", told.value if told else "", Weight.REPAIRED)
            return start
        # Some write the same day for both ends of a single day.
        return end if isinstance(start, datetime) or end > start else start + timedelta(days=1)


@dataclass
class Series:
    """An event and the dates of it that are told otherwise; `parts` begins with the event."""

    uid: str
    parts: list[Event]

    @property
    def event(self) -> Event:
        """The event itself; where only dates of it are told, the first of them."""
        return self.parts[0]

    def is_cancelled(self, position: int = 0) -> bool:
        """Tell whether the event, or the part at a position, will not be held."""
        asked = (self.parts[position], self.parts[0])
        said = any(one.value("STATUS").strip().upper() == "CANCELLED" for one in asked)
        return said or self.parts[position].place.calendar.method == "CANCEL"

    def is_private(self) -> bool:
        """Tell whether the calendar says that this is not for everybody (RFC 5545, 3.8.1.3)."""
        said = {one.value("CLASS").strip().upper() for one in self.parts}
        return not said.isdisjoint(("PRIVATE", "CONFIDENTIAL"))

    def dates(self, expansion: Expansion, zone: str) -> list[Date]:
        """Give the dates of the series; none when they cannot be read, or only the source can say.

        A series of which no date is near is told by its first.
        """
        try:
            read = [part for one in self.parts if (part := one.part())]
        except Asked as asked:
            ask_for_zone(self.event.notes, asked.name)
            return []
        if len(read) < len(self.parts):
            if len(read) == 0 and self.event.first("DTSTART") is None:
                self.event.notes.add("start", "no-date")
            return []
        first = Date(read[0].start, read[0].end, 0)
        if len(read) == 1 and not (read[0].rules or read[0].more):
            return [first]
        try:
            dates = expansion.dates(read, zone)
        except ValueError as wrong:
            self.event.notes.add("start", "unusable-rule", str(wrong), Weight.REPAIRED)
            return [first]
        # A date is a run and a meeting.
        room, most = expansion.room, min(MOST_DATES, expansion.room.each // 2)
        kept = nearest(dates, expansion.window, zone, most)
        if room.is_full or len(kept) < len(dates):
            code = LEFT_OUT if most < MOST_DATES else "too-many-dates"
            self.event.notes.add("start", code, str(len(dates)))
        room.take(2 * len(kept))
        return kept or [first]


def series_of(uid: str, events: Sequence[Event]) -> list[Series]:
    """Put the events of one identifier together, what was revised last first.

    Every event that is no single date of a series is a record of its own.
    """
    newest = sorted(
        events, key=lambda one: (one.sequence, one.value("LAST-MODIFIED")), reverse=True
    )
    dates = [one for one in newest if one.first("RECURRENCE-ID")]
    whole = [one for one in newest if not one.first("RECURRENCE-ID")]
    if not whole:
        return [Series(uid, dates)]
    return [Series(uid, [whole[0], *dates]), *(Series(uid, [one]) for one in whole[1:])]
