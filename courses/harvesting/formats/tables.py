"""Tables as text: told from other files, and read row by row without keeping them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from courses.harvesting.draft import NotAFeed
from courses.harvesting.reading.decoding import decode, delimiter_of

LARGEST_CELL = 2_000_000
MOST_COLUMNS = 1_000
MOST_ROWS = 50_000
MOST_LINES = 2_000_000
"""Rows with those that are empty: programs write such by the thousand."""

Line = tuple[int, list[str] | None]
"""Where a row begins and its cells, or None when its quotes do not fit together."""


class Table:
    """A table, read twice rather than kept, for a feed may be large."""

    def __init__(self, content: bytes, charset: str = "") -> None:
        """Find out how the table is written; `charset` is what its answer or people say of it.

        Raises NotAFeed.
        """
        self._text, self.guessed = decode(content, charset)
        self._delimiter, self._begin = delimiter_of(self._text)
        if self._text.count("\n") > MOST_LINES:
            raise NotAFeed("overfull")
        csv.field_size_limit(LARGEST_CELL)
        first = next(self._filled(), None)
        if first is None or first[1] is None or not 2 <= len(first[1]) <= MOST_COLUMNS:
            raise NotAFeed("not-a-table")
        self.headers = named_apart(first[1])

    def rows(self) -> Iterator[Line]:
        """Give what stands below the headers."""
        rows = self._filled()
        next(rows)
        return rows

    def check(self) -> None:
        """Go through the whole table once.

        Raises NotAFeed when it breaks off, when it is too long, or when hardly any row fits
        together.
        """
        good, bad, last = 0, 0, None
        for last in self.rows():
            good, bad = (good, bad + 1) if last[1] is None else (good + 1, bad)
            if good + bad > MOST_ROWS:
                raise NotAFeed("overfull")
        ends = self._text.endswith(("\n", "\r"))
        if not ends and last and last[1] and len(last[1]) < len(self.headers):
            raise NotAFeed("breaks-off", line=str(last[0]))
        if bad > good:
            raise NotAFeed("not-a-table")

    def _filled(self) -> Iterator[Line]:
        return (row for row in self._lines() if row[1] is None or any(map(str.strip, row[1])))

    def _lines(self) -> Iterator[Line]:
        """Read row by row. After a row with a stray quote, it goes on with the next line."""
        table = csv.reader(self._pieces(), delimiter=self._delimiter, strict=True)
        begin = 1 + self._text.count("\n", 0, self._begin)
        while True:
            line = begin + table.line_num
            try:
                yield line, next(table)
            except StopIteration:
                return
            except csv.Error as broken:
                if "end of data" in str(broken):
                    raise NotAFeed("breaks-off", line=str(line)) from None
                yield line, None

    def _pieces(self) -> Iterator[str]:
        newline = "\n" if "\n" in self._text else "\r"
        begin = self._begin
        while begin < len(self._text):
            end = self._text.find(newline, begin) + 1 or len(self._text)
            yield self._text[begin:end]
            begin = end


def named_apart(names: Iterable[str]) -> list[str]:
    """Give every column a name of its own: two of one name would hide each other."""
    apart: list[str] = []
    for number, written in enumerate(names, 1):
        name = written.strip() or f"column {number}"
        apart.append(f"{name} ({number})" if name in apart else name)
    return apart
