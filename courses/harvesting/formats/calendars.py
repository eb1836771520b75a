"""Calendar files (RFC 5545) taken apart into events, each a slice of the text: a bad one is alone.

Nothing is kept of the events but where they stand, so that a large file stays one text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from courses.harvesting.draft import NotAFeed
from courses.harvesting.reading.decoding import decoded
from courses.harvesting.reading.neighbours import Decoded

MOST_EVENTS = 20_000
MOST_ZONES = 100
LONGEST_ZONE = 8_000
MOST_PROPERTIES = 1_000
MOST_JOINED = 1_000
KEPT = frozenset(
    (
        *("UID", "SUMMARY", "DESCRIPTION", "URL", "LOCATION", "CATEGORIES", "CONFERENCE"),
        *("X-GOOGLE-CONFERENCE", "STATUS", "CLASS", "SEQUENCE", "LAST-MODIFIED"),
        *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
    )
)
_EDGE = re.compile(r"^(BEGIN|END):([A-Z0-9-]{1,40})[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_NAME = re.compile(
    r"([A-Za-z0-9-]{1,60})((?:;[^;:=\"\n]{1,60}=(?:\"[^\"\n]*\"|[^\";:\n]*)){0,30}):"
)
_PARAMETER = re.compile(r";([^;:=\"]+)=(?:\"([^\"]*)\"|([^\";:]*))")
_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_COMMA = re.compile(r"(?<!\\),")
_IN_HEAD = re.compile(r"^(METHOD|X-WR-TIMEZONE):[ \t]*(\S.{0,99}?)[ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Property:
    """A line of an event: its name, its parameters, and its value as it stands there."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def qualified(self) -> str:
        """The parameters as they are written."""
        return "".join(f';{name}="{value}"' for name, value in self.parameters.items())

    @property
    def text(self) -> str:
        """The value as a text."""
        return unescaped(self.value)

    @property
    def words(self) -> list[str]:
        """The values of a list of texts."""
        return [unescaped(word).strip() for word in _COMMA.split(self.value)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event stands: its line, its text, whether it ends, and the calendar it is in."""

    line: int
    start: int
    end: int
    whole: bool
    calendar: Calendar


@dataclass(slots=True)
class Calendar:
    """What a calendar says for all its events."""

    method: str = ""
    zone: str = ""
    zones: dict[str, str] = field(default_factory=dict)
    """The definitions of its zones, by their names."""

    known: dict[str, str | None] = field(default_factory=dict)
    """Which zones (IANA) names stood for so far; None where nothing was found."""


def calendar_text(content: bytes, charset: str = "") -> Decoded:
    """Decode a calendar file.

    Raises NotAFeed when it is none or breaks off.
    """
    found = decoded(content, charset)
    text = found.text
    edges = (edge[0].rstrip().upper() for edge in _EDGE.finditer(text))
    opened = [edge for edge in edges if edge.endswith(":VCALENDAR")]
    if not opened:
        looks_like_a_page = text.lstrip("\ufeff \t\r\n").startswith("<")
        raise NotAFeed("html" if looks_like_a_page else "not-a-calendar")
    if opened[-1].startswith("BEGIN"):
        raise NotAFeed("breaks-off", line=str(text.count("\n") + 1))
    return found


def places(text: str) -> Iterator[Place]:
    """Give where the events stand, in their order.

    Raises NotAFeed when there are more than MOST_EVENTS.
    """
    calendar, begun, inside, count = Calendar(), -1, "", 0
    line, counted = 1, 0
    for edge in _EDGE.finditer(text):
        what, name = edge[1].upper(), edge[2].upper()
        if (what, name) == ("BEGIN", "VCALENDAR"):
            calendar = _calendar(text, edge.end())
        if name not in {"VEVENT", "VTIMEZONE", "VCALENDAR"}:
            continue
        if inside == "VEVENT":
            line, counted = line + text.count("\n", counted, begun), begun
            count += 1
            if count > MOST_EVENTS:
                raise NotAFeed("overfull")
            whole = (what, name) == ("END", "VEVENT")
            yield Place(line, begun, edge.start(), whole, calendar)
        elif inside == "VTIMEZONE" and (what, name) == ("END", "VTIMEZONE"):
            _keep_zone(calendar, text[begun : min(edge.start(), begun + LONGEST_ZONE)])
        inside, begun = (name, edge.start()) if what == "BEGIN" else ("", -1)


def _calendar(text: str, start: int) -> Calendar:
    following = _EDGE.search(text, start)
    head = text[start : following.start() if following else start][:10_000]
    said = {name: value for name, value in _IN_HEAD.findall(head)}
    return Calendar(said.get("METHOD", "").upper(), said.get("X-WR-TIMEZONE", ""))


def _keep_zone(calendar: Calendar, block: str) -> None:
    names = (one.value for one in _lines(block, frozenset(("TZID",))))
    name = next(names, "").strip()
    if name and len(calendar.zones) < MOST_ZONES:
        calendar.zones.setdefault(name, block)


def properties(text: str, place: Place) -> list[Property]:
    """Give the properties of an event that mean something to us; alarms inside it are left out."""
    return list(_lines(text[place.start : place.end], KEPT))


def _lines(block: str, kept: frozenset[str]) -> Iterator[Property]:
    inside, found = 0, 0
    for line in _unfolded(block):
        edge = _EDGE.match(line)
        if edge:
            inside += 1 if edge[1].upper() == "BEGIN" else -1
        name = None if edge or inside > 1 else _NAME.match(line)
        if name and name[1].upper() in kept and found < MOST_PROPERTIES:
            found += 1
            parameters = {
                key.upper(): quoted or bare for key, quoted, bare in _PARAMETER.findall(name[2])
            }
            yield Property(name[1].upper(), parameters, line[name.end() :])


def _unfolded(block: str) -> Iterator[str]:
    """Join the lines that were folded; a line that is no property goes on with the one before."""
    parts: list[str] = []
    for ended in io.StringIO(_FOLD.sub("", block), newline="\n"):
        line = ended.rstrip("\r\n")
        if parts and line and not _NAME.match(line):
            if len(parts) < MOST_JOINED:
                parts.append(f"\\n{line}")
        else:
            yield "".join(parts)
            parts = [line]
    yield "".join(parts)


def unescaped(text: str) -> str:
    """Give a text without the escapes of the format."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
