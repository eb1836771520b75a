"""Workbooks that are long, and workbooks that were made to burst."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile

import openpyxl
import pytest

from courses.harvesting.adapters import sheet
from courses.harvesting.draft import Draft, Feed, NotAFeed
from courses.harvesting.formats.workbook import Bounds, Unreadable, sheets_of
from tests.harvesting.workbooks import ODS_SPACES, first_sheet, ods, packed, xlsx

HEAD = ("Title", "Link")
ADDRESS = "https://school.example/1"
MEGABYTE = 1 << 20


def refused(content: bytes) -> str:
    begun = time.perf_counter()
    with pytest.raises(NotAFeed) as wrong:
        list(sheet.read(Feed(content)))
    assert time.perf_counter() - begun < 15
    return wrong.value.code


def long_sheet(rows: int) -> bytes:
    """Write a long sheet by hand, which takes a tenth of the time."""
    content = io.BytesIO()
    written = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for column, text in (("A", f"About {number}"), ("B", f"{ADDRESS}?n={number}"))
        )
        + "</row>"
        for number in range(2, rows + 2)
    )
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(HEAD))) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b"</sheetData>", f"{written}</sheetData>".encode()))
    return content.getvalue()


def test_fifty_thousand_rows_are_read_each() -> None:
    items = sheet.read(Feed(long_sheet(50_000)))
    assert [one.line for one in items if isinstance(one, Draft)] == list(range(2, 50_002))


def test_a_long_sheet_is_not_held_as_objects() -> None:
    content = long_sheet(4_000)
    tracemalloc.start()
    try:
        count = sum(1 for _ in sheet.read(Feed(content)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 4_000
    assert peak < len(content) + 2 * MEGABYTE


def test_more_rows_than_are_read_refuse_the_whole_workbook() -> None:
    content = xlsx(HEAD, *[("Water", ADDRESS)] * 10)
    lines = sheets_of(content, Bounds(columns=5, rows=10, unpacked_mb=1))
    assert (lines.cut, [line for each in lines.each for line, _cells in each][-1]) == (True, 10)
    whole = sheets_of(content, Bounds(columns=5, rows=11, unpacked_mb=1))
    assert (whole.cut, sum(1 for each in whole.each for _line in each)) == (False, 11)


def test_what_unpacks_to_far_too_much_is_not_unpacked() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (201 * MEGABYTE))
    assert refused(bomb.getvalue()) == "unreadable-workbook"


def test_a_cell_at_the_end_of_the_world_takes_nobody_along() -> None:
    book = openpyxl.Workbook()
    page = first_sheet(book)
    page.append(HEAD)
    page["XFD1048576"] = "far away"
    assert refused(packed(book)) == "unreadable-workbook"


def test_a_row_repeated_a_million_times_is_refused_or_read_as_one() -> None:
    made = ods([HEAD, ("Water", ADDRESS)])
    content = io.BytesIO()
    repeated = b'<table:table-row table:number-rows-repeated="1000000">'
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<table:table-row>", repeated))
    assert refused(content.getvalue()) in {"unreadable-workbook", "too-many-rows"}
    assert ODS_SPACES.encode() in zipfile.ZipFile(io.BytesIO(made)).read("content.xml")


def test_ranges_merged_over_everything_cost_nothing() -> None:
    book = openpyxl.Workbook()
    page = first_sheet(book)
    page.append(HEAD)
    for number in range(2_000):
        page.append((f"Water {number}", ADDRESS))
    page.merged_cells.add("C1:XFD1048576")
    begun = time.perf_counter()
    assert len(list(sheet.read(Feed(packed(book))))) == 2_000
    assert time.perf_counter() - begun < 10


def test_a_text_shared_by_a_hundred_thousand_cells_is_not_handed_over() -> None:
    book = openpyxl.Workbook()
    page = first_sheet(book)
    page.append(HEAD)
    for _row in range(1_500):
        page.append(["x" * 32_000] * 8)
    assert refused(packed(book)) == "unreadable-workbook"


def test_what_bursts_raises_unreadable_alone() -> None:
    with pytest.raises(Unreadable):
        sheets_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4_096, Bounds(5, 5, 1))
