"""The nastiest workbooks: small files that unpack to much."""

from __future__ import annotations

import io
import zipfile
from functools import cache

from tests.harvesting import workbooks
from tests.harvesting.nasty_filled import Make


def in_a_sheet(written: str, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """Put this among the rows of a small workbook; what is alike packs well."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbooks.xlsx(("Title", "Link")))) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            inside = old.read(name)
            if name == part:
                inside = inside.replace(b"</sheetData>", f"{written}</sheetData>".encode())
            new.writestr(name, inside)
    return content.getvalue()


def bomb(size: int) -> bytes:
    """Write a workbook whose sheet unpacks to so many bytes."""
    return in_a_sheet("<row/>" * (size // 6))


SHEET: dict[str, Make] = {
    "rows of one letter": lambda: in_a_sheet(
        "".join(
            f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>a</t></is></c></row>'
            for n in range(2, 99_000)
        )
    ),
    "a bomb of a hundred megabytes": lambda: bomb(100_000_000),
    "a bomb of a gigabyte": lambda: bomb(1_000_000_000),
    "one giant cell": lambda: in_a_sheet(
        f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"wide " * 10_000_000}</t></is></c></row>'
    ),
    "wide rows": lambda: in_a_sheet(
        "".join(
            f'<row r="{n}">'
            + "".join(f'<c r="{column_named(c)}{n}"><v>1</v></c>' for c in range(1_000))
            + "</row>"
            for n in range(2, 1_000)
        )
    ),
    "a cell at the end": lambda: in_a_sheet(
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
}


@cache
def column_named(number: int) -> str:
    """Name a column as spreadsheets do, from A."""
    name = ""
    number += 1
    while number:
        number, left = divmod(number - 1, 26)
        name = chr(65 + left) + name
    return name
