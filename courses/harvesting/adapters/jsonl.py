"""JSON Lines v1, our exchange format: one offer a line. `formats.exchange` names its fields."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from courses.harvesting.draft import Draft, Feed, Finding, Notes, Weight
from courses.harvesting.formats.exchange import Source, draft_of
from courses.harvesting.formats.lines import check_lines, is_overfull, lines_of, object_in
from courses.harvesting.formats.room import within_room

COMPLETE = True


def begin(address: str, *, since: datetime | None = None) -> str:
    """Give the address itself: a file is one file, and always whole."""
    del since
    return address


def following(feed: Feed, address: str) -> list[str]:
    """Give what the file leads to, which is nothing."""
    del feed, address
    return []


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read one record a line. A bad line is a finding; a file that ends inside a line is refused.

    Raises NotAFeed before the first record is given.
    """
    check_lines(feed.content)
    yield from within_room(_lines(feed))


def _lines(feed: Feed) -> Iterator[Draft | Finding]:
    source = Source(feed.defaults, feed.zone)
    for number, line in lines_of(feed.content):
        told = object_in(line)
        if told is None:
            found = line[:200].decode(errors="replace")
            code = "overfull" if is_overfull(line) else "not-json"
            yield Finding(number, "", code, Weight.REJECTED, found)
        else:
            yield draft_of(told, told, source, Notes(number))
