"""The sheets of a workbook, read in a process of its own: one that bursts, bursts alone.

A cell far away, or one repeated a million times, asks for more memory than there is; the library
that reads workbooks then ends the process it is in. What it gives goes through a file, so that
the one who asks holds a row at a time.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from python_calamine import CalamineSheet


MOST_MEMORY = 256 << 20
MOST_SECONDS, LONGEST_WAIT = 10, 30
"""Seconds of work, and seconds in all, for the machine may have other things to do."""

LARGEST_GIVEN = 256 << 20
"""Bytes that are handed over at most."""

LONGEST_CELL = 100_000
MOST_SHEETS = 50
MOST_MERGED = 10_000
ZIPPED, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How XLSX and ODS begin, and how XLS does."""

WHOLE, CUT = 0, 3
"""What the process that reads says at its end; anything else means that it burst."""

Line = tuple[int, list[str]]
"""The number of a row, from 1, and its cells as text."""


class Unreadable(Exception):
    """The content is no workbook, or one that takes too much to read."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a workbook is read: columns, rows of all its sheets, megabytes unpacked."""

    columns: int
    rows: int
    unpacked_mb: int


def is_workbook(content: bytes) -> bool:
    """Tell by its first bytes whether this may be a workbook."""
    return content.startswith((ZIPPED, COMPOUND))


@dataclass(frozen=True, slots=True)
class Sheets:
    """The rows that say something, sheet by sheet, of all sheets that are shown.

    Each sheet can be read until the next is asked for, and as long as somebody holds `each`.
    """

    each: Iterator[Iterator[Line]]
    cut: bool
    """Whether there are more rows than the bounds allow."""


def sheets_of(content: bytes, bounds: Bounds) -> Sheets:
    """Read a workbook.

    Raises Unreadable.
    """
    _check_size(content, bounds)
    given = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it to its end
    try:
        status = _read_apart(content, given, bounds)
    except subprocess.SubprocessError as error:
        given.close()
        raise Unreadable from error
    if status not in {WHOLE, CUT}:
        given.close()
        raise Unreadable
    given.seek(0)
    return Sheets(_told_by(given), status == CUT)


def _check_size(content: bytes, bounds: Bounds) -> None:
    """Refuse what unpacks to far more than it weighs, before anything unpacks it."""
    if content.startswith(COMPOUND):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as wrong:
        raise Unreadable from wrong
    if unpacked > bounds.unpacked_mb << 20:
        raise Unreadable


def _read_apart(content: bytes, given: IO[bytes], bounds: Bounds) -> int:
    reading = [sys.executable, "-I", __file__, str(bounds.columns), str(bounds.rows)]
    with tempfile.TemporaryFile() as handed:
        handed.write(content)
        handed.seek(0)
        return subprocess.run(  # noqa: S603 - this very file, and two numbers
            reading,
            stdin=handed,
            stdout=given,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_WAIT,
            check=False,
        ).returncode


def _told_by(given: IO[bytes]) -> Iterator[Iterator[Line]]:
    with closing(given):
        for _sheet, lines in groupby(map(json.loads, given), key=itemgetter(0)):
            yield ((line, cells) for _sheet, line, cells in lines)


def _give(content: bytes, columns: int, rows: int) -> int:
    # In the process that reads, and nowhere else.
    from python_calamine import (  # noqa: PLC0415
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    shown = [
        number
        for number, sheet in enumerate(book.sheets_metadata)
        if (sheet.visible, sheet.typ) == (SheetVisibleEnum.Visible, SheetTypeEnum.WorkSheet)
    ]
    for number in shown[:MOST_SHEETS]:
        for line, cells in _rows(book.get_sheet_by_index(number), columns):
            if not any(cells):
                continue
            if rows == 0:
                return CUT
            rows -= 1
            while not cells[-1]:
                cells.pop()
            sys.stdout.write(json.dumps([number, line, cells]) + "\n")
    return WHOLE


def _rows(sheet: CalamineSheet, columns: int) -> Iterator[Line]:
    """Give every row; what was merged out of several rows is said by each of them."""
    first = sheet.start[1] if sheet.start else 0
    merged = sorted((sheet.merged_cell_ranges or [])[:MOST_MERGED], reverse=True)
    going_on: list[tuple[int, int, str]] = []
    for row, values in enumerate(sheet.iter_rows()):
        cells = [_told(value) for value in values[:columns]]
        while merged and merged[-1][0][0] <= row:
            (_top, left), (last, _right) = merged.pop()
            if last > row and 0 <= left - first < len(cells):
                going_on.append((last, left - first, cells[left - first]))
        going_on = [one for one in going_on if one[0] >= row]
        for _last, place, told in going_on:
            cells[place] = cells[place] or told
        yield row + 1, cells


def _told(value: Any) -> str:
    """Write a cell as somebody would have typed it; a day without an hour is a day."""
    if isinstance(value, datetime):
        day_alone = value.time() == time()
        return value.date().isoformat() if day_alone else value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).replace("\x00", "")[:LONGEST_CELL]


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_GIVEN, LARGEST_GIVEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _confine()
    sys.exit(_give(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2])))
