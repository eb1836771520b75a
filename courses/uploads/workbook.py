"""The first sheet of a workbook, read in a process of its own: one that bursts, bursts alone.

A cell far away, or one repeated a million times, asks for more memory than there is; the library
that reads workbooks then ends the process it is in.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
from datetime import date, datetime, time
from typing import Any

MOST_MEMORY = 1 << 30
MOST_SECONDS = 20
MOST_GIVEN = 10_000
"""Rows that are handed over: enough to see that there are too many."""

Line = tuple[int, list[str]]
"""The number of a row, from 1, and its cells as text."""


class Unreadable(Exception):
    """The content is no workbook, or one that takes too much to read."""


def lines_of(content: bytes, *, columns: int) -> list[Line]:
    """Read the rows that say something, each up to so many columns. Raises Unreadable."""
    reading = [sys.executable, "-I", __file__, str(columns)]
    try:
        read = subprocess.run(  # noqa: S603 - this very file, and a number
            reading, input=content, capture_output=True, timeout=MOST_SECONDS, check=True
        )
    except subprocess.SubprocessError as error:
        raise Unreadable from error
    return [(line, cells) for line, cells in json.loads(read.stdout)]


def _read(content: bytes, columns: int) -> list[Line]:
    # In the process that reads, and nowhere else.
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    found: list[Line] = []
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).iter_rows()
    for line, values in enumerate(rows, 1):
        cells = [_told(value) for value in values[:columns]]
        if any(cells):
            found.append((line, cells))
        if len(found) == MOST_GIVEN:
            break
    return found


def _told(value: Any) -> str:
    """Write a cell as somebody would have typed it; a day without an hour is a day."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).replace("\x00", "")


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _confine()
    sys.stdout.write(json.dumps(_read(sys.stdin.buffer.read(), int(sys.argv[1]))))
