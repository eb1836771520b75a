"""Workbooks: XLSX, XLS and ODS, every sheet that is shown and has a column of titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice, zip_longest

from courses.harvesting.draft import Draft, Feed, Finding, NotAFeed
from courses.harvesting.formats.rows import draft_of, row_of
from courses.harvesting.formats.tables import MOST_COLUMNS, named_apart
from courses.harvesting.formats.workbook import Bounds, Line, Unreadable, is_workbook, sheets_of
from courses.harvesting.reading.columns import Columns, check_columns, guess_columns
from courses.harvesting.reading.decoding import refuse_markup
from courses.harvesting.reading.orders import orders_in

COMPLETE = True
MOST_ROWS = 60_000
BOUNDS = Bounds(columns=MOST_COLUMNS, rows=MOST_ROWS, unpacked_mb=200)
LOOKED_AT = 1_000
"""Rows that show in which order the days of a column are written."""

HEAD_WITHIN = 20
"""Rows among which the headers are looked for: above them stand captions and remarks."""


def begin(address: str, *, since: datetime | None) -> str:
    """Give the address itself: a workbook is one file, and always whole."""
    del since
    return address


def following(feed: Feed, address: str) -> list[str]:
    """Give what a workbook leads to, which is nothing."""
    del feed, address
    return []


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read one record a row of every table, through the feed's columns or guessed ones.

    Raises NotAFeed before the first record is given.
    """
    found, lacking = False, NotAFeed("not-a-table")
    for lines in _sheets(feed.content):
        first = list(islice(lines, HEAD_WITHIN))
        try:
            head = _head(first, feed)
        except NotAFeed as refused:
            # Of several sheets, the first that is a table at all says what is missing.
            lacking = refused if lacking.code == "not-a-table" else lacking
            continue
        found = True
        below = [*first[head.ends :], *islice(lines, LOOKED_AT)]
        orders = orders_in(head.names, (cells for _line, cells in below), head.columns)
        for line, cells in chain(below, lines):
            yield draft_of(row_of(head.names, cells, head.columns, feed, line, orders), feed.zone)
    if not found:
        raise lacking


def heads(feed: Feed) -> Iterator[tuple[Sequence[str], Columns]]:
    """Give the headers of every table, and which of them hold which field.

    Raises NotAFeed.
    """
    for lines in _sheets(feed.content):
        with suppress(NotAFeed):
            head = _head(list(islice(lines, HEAD_WITHIN)), feed)
            yield head.names, head.columns


def _sheets(content: bytes) -> Iterator[Iterator[Line]]:
    if not content.strip():
        raise NotAFeed("empty")
    if not is_workbook(content):
        refuse_markup(content[:1_000].decode(errors="replace"))
        raise NotAFeed("not-a-workbook")
    try:
        sheets = sheets_of(content, BOUNDS)
    except Unreadable:
        raise NotAFeed("unreadable-workbook") from None
    if sheets.cut:
        raise NotAFeed("too-many-rows", limit=str(MOST_ROWS))
    return sheets.each


@dataclass(frozen=True, slots=True)
class _Head:
    """The headers of a sheet: their names, what they hold, and the row below them."""

    names: Sequence[str]
    columns: Columns
    ends: int

    @property
    def fields(self) -> int:
        """How many of our fields the headers name."""
        return sum(1 for named in self.columns.values() if set(named) & set(self.names))


def _head(first: Sequence[Line], feed: Feed) -> _Head:
    """Find the row, or the two rows, that name the most fields.

    Raises NotAFeed when none names a title.
    """
    found, lacking = None, NotAFeed("not-a-table")
    for names, ends in _candidates([cells for _line, cells in first]):
        columns = feed.columns or guess_columns(names)
        try:
            check_columns(columns, names)
        except NotAFeed as refused:
            lacking = refused if lacking.code == "not-a-table" else lacking
            continue
        head = _Head(names, columns, ends)
        if found is None or head.fields > found.fields:
            found = head
    if found is None:
        raise lacking
    return found


def _candidates(rows: Sequence[Sequence[str]]) -> Iterator[tuple[list[str], int]]:
    """Give each row as headers, and with the next where one names what the other leaves open."""
    for place, row in enumerate(rows):
        if sum(map(bool, row)) > 1:
            yield named_apart(row), place + 1
        below = rows[place + 1] if place + 1 < len(rows) else []
        told = list(zip_longest(row, below, fillvalue=""))
        # Only heads are merged so: of a row below its headers, the title is never empty.
        if any(upper and not lower for upper, lower in told) and sum(map(bool, below)) > 1:
            yield named_apart(lower or upper for upper, lower in told), place + 2
