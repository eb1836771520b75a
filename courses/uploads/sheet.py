"""Reading a spreadsheet: CSV in any usual writing, XLSX, XLS or ODS; headers and rows, as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.errors import Invalid
from academy.i18n import number
from courses.harvesting.draft import NotAFeed
from courses.harvesting.formats.tables import Table
from courses.harvesting.formats.workbook import Bounds, Line, Unreadable, is_workbook, sheets_of
from courses.harvesting.sentences import REASONS

MOST_ROWS, MOST_COLUMNS = 2_000, 200
LARGEST_MB = 10
BOUNDS = Bounds(columns=MOST_COLUMNS, rows=10_000, unpacked_mb=60)
"""Rows that are read of a workbook: enough to see that there are too many."""

LONGEST_CELL = 50_000
UNREADABLE = _l("The workbook cannot be read. Save it anew, or save the sheet as CSV.")

Row = tuple[int, dict[str, str]]
"""The line of the sheet, and its cells by header."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its headers; cells that say nothing are left out."""

    headers: list[str]
    rows: list[Row]


class NotASheet(Invalid):
    """The file cannot be read as a table; the sentence says why and what to do."""

    code = "not-a-sheet"

    def __init__(self, sentence: str | LazyString) -> None:
        super().__init__({"file": sentence})


def sheet(content: bytes) -> Sheet:
    """Read the first sheet of a file that is shown and says something.

    Raises NotASheet.
    """
    if not content.strip():
        raise NotASheet(REASONS["empty"])
    if len(content) > LARGEST_MB << 20:
        raise NotASheet(_l("The file is larger than %(limit)s MB.", limit=LARGEST_MB))
    found = _workbook(content) if is_workbook(content) else _text(content)
    if not found.rows:
        raise NotASheet(_l("The sheet has headers, but no row below them."))
    return found


def _text(content: bytes) -> Sheet:
    try:
        table = Table(content)
        table.check()
    except NotAFeed as wrong:
        raise NotASheet(_l("%(reason)s", reason=REASONS[wrong.code] % wrong.details)) from wrong
    rows: list[Row] = []
    for line, cells in table.rows():
        if cells is None:
            raise NotASheet(_l("The quotes in line %(line)s do not fit together.", line=line))
        _add(rows, line, dict(zip(table.headers, cells, strict=False)))
    return Sheet(table.headers, rows)


def _workbook(content: bytes) -> Sheet:
    try:
        sheets = sheets_of(content, BOUNDS).each
    except Unreadable as wrong:
        raise NotASheet(UNREADABLE) from wrong
    lines = next(sheets, iter(()))
    headers = _headers(lines)
    rows: list[Row] = []
    for line, cells in lines:
        _add(rows, line, dict(zip(headers, cells, strict=False)))
    return Sheet([name for name in headers if name], rows)


def _headers(lines: Iterator[Line]) -> list[str]:
    for _line, cells in lines:
        told = [cell.strip() for cell in cells]
        if sum(map(bool, told)) > 1:
            return told
    raise NotASheet(REASONS["not-a-table"])


def _add(rows: list[Row], line: int, cells: dict[str, str]) -> None:
    told = {name: cell.strip()[:LONGEST_CELL] for name, cell in cells.items() if name}
    filled = {name: cell for name, cell in told.items() if cell}
    if not filled:
        return
    if len(rows) == MOST_ROWS:
        most = number(MOST_ROWS)
        raise NotASheet(
            _l(
                "The sheet has more than %(number)s rows. Split it, or let us read your list.",
                number=most,
            )
        )
    rows.append((line, filled))
