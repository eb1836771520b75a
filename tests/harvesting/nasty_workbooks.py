"""The nastiest workbooks: small files that unpack to much."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from functools import cache

from tests.harvesting import workbooks
from tests.harvesting.nasty_filled import ROOM, Make

PART = "xl/worksheets/sheet1.xml"


def in_a_sheet(rows: Iterable[str]) -> bytes:
    """Put these among the rows of a small workbook; what is alike packs well."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbooks.xlsx(("Title", "Link")))) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        before, end, after = old.read(PART).decode().partition("</sheetData>")
        for name in old.namelist():
            if name != PART:
                new.writestr(name, old.read(name))
        with new.open(PART, "w") as part:
            part.write(before.encode())
            for row in rows:
                part.write(row.encode())
            part.write(f"{end}{after}".encode())
    return content.getvalue()


def bomb(megabytes: int) -> bytes:
    """Write a workbook whose sheet unpacks to so much."""
    return in_a_sheet("<row/>" * (1_000_000 // 6) for _ in range(megabytes))


def row(number: int, columns: int) -> str:
    """Write a row of so many cells."""
    cells = (f'<c r="{column_named(one)}{number}"><v>1</v></c>' for one in range(columns))
    return f'<row r="{number}">{"".join(cells)}</row>'


def giant(size: int) -> Iterable[str]:
    """Write a row whose first cell is of so many bytes."""
    yield '<row r="2"><c r="A2" t="inlineStr"><is><t>'
    yield from ("wide " * 200_000 for _ in range(size // 1_000_000 + 1))
    yield "</t></is></c></row>"


@cache
def column_named(number: int) -> str:
    """Name a column as spreadsheets do, from A."""
    name = ""
    number += 1
    while number:
        number, left = divmod(number - 1, 26)
        name = chr(65 + left) + name
    return name


SHEET: dict[str, Make] = {
    "rows of one number": lambda: in_a_sheet(row(n, 1) for n in range(2, ROOM[0] // 101)),
    "wide rows": lambda: in_a_sheet(row(n, 1_000) for n in range(2, ROOM[0] // 10_000)),
    "a bomb of a hundred megabytes": lambda: bomb(100),
    "a bomb of a gigabyte": lambda: bomb(1_000),
    "one giant cell": lambda: in_a_sheet(giant(5 * ROOM[0])),
    "a cell at the end": lambda: in_a_sheet(
        ['<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>']
    ),
}
