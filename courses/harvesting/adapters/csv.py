"""Tables as CSV: any headers through a mapping, any usual encoding and delimiter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from courses.harvesting.draft import LONGEST_FOUND, Draft, Feed, Finding, Weight
from courses.harvesting.formats.rows import draft_of, row_of
from courses.harvesting.formats.tables import Table
from courses.harvesting.reading.columns import Columns, check_columns, guess_columns
from courses.harvesting.reading.decoding import noted
from courses.harvesting.reading.orders import orders_in

COMPLETE = True


def begin(address: str, *, since: datetime | None = None) -> str:
    """Give the address itself: a table is one file, and always whole."""
    del since
    return address


def following(feed: Feed, address: str) -> list[str]:
    """Give what the file leads to, which is nothing."""
    del feed, address
    return []


def headers(feed: Feed) -> list[str]:
    """Give the headers of the table.

    Raises NotAFeed.
    """
    return Table(feed.content, feed.charset).headers


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read one record a row, through the feed's columns or, where it has none, guessed ones.

    Raises NotAFeed before the first record is given.
    """
    table = Table(feed.content, feed.charset)
    columns = feed.columns or guess_columns(table.headers)
    check_columns(columns, table.headers)
    table.check()
    yield from noted(_rows(table, columns, feed), table.guessed)


def _rows(table: Table, columns: Columns, feed: Feed) -> Iterator[Draft | Finding]:
    told = (cells for _line, cells in table.rows() if cells is not None)
    orders = orders_in(table.headers, told, columns)
    for line, cells in table.rows():
        if cells is None:
            yield Finding(line, "", "broken-quotes", Weight.REJECTED)
            continue
        row = row_of(table.headers, cells, columns, feed, line, orders)
        title = row.cell("title")
        if "\n" in title and "://" in title:
            # A quote was lost: the title runs on through the cells and rows that follow.
            yield Finding(line, "title", "broken-quotes", Weight.REJECTED, title[:LONGEST_FOUND])
        else:
            yield draft_of(row, feed.zone)
