"""What becomes of the sheets of a workbook."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from typing import Any

import openpyxl
import pytest

from courses.harvesting.adapters import csv, sheet
from courses.harvesting.draft import Draft, Feed, Finding, NotAFeed
from courses.harvesting.sentences import FINDINGS, REASONS
from tests.harvesting.harvested import drafts, table
from tests.harvesting.workbooks import first_sheet, ods, packed, xls, xlsx

MORNING = datetime(2026, 3, 1, 10, 30, tzinfo=UTC).replace(tzinfo=None)
HEAD = ("Title", "Link", "Start", "End")
WATER = ("Water", "https://school.example/water")
ADDRESS = "https://school.example/1"
Item = Draft | Finding


def read(content: bytes, **feed: Any) -> list[Item]:
    return list(sheet.read(Feed(content, **feed)))


def titles(content: bytes, **feed: Any) -> list[tuple[int, str]]:
    return [(one.line, one.texts[0].title) for one in drafts(read(content, **feed))]


def only(*row: Any, head: tuple[str, ...] = HEAD) -> Draft:
    [draft] = read(xlsx(head, row))
    assert isinstance(draft, Draft)
    assert {found.code for found in draft.findings} <= FINDINGS.keys()
    return draft


def span(draft: Draft) -> tuple[str, str]:
    [run] = draft.runs
    return str(run.starts_at), str(run.ends_at)


def codes(draft: Draft) -> list[tuple[str, str]]:
    return [(found.code, found.found) for found in draft.findings]


def reason(content: bytes, **feed: Any) -> str:
    with pytest.raises(NotAFeed) as refused:
        read(content, **feed)
    assert str(REASONS[refused.value.code] % refused.value.details)
    return refused.value.code


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_workbooks_of_every_kind_say_the_same(kind: str) -> None:
    row = ("Eau", ADDRESS, MORNING)
    made = {"xlsx": xlsx(HEAD[:3], row), "ods": ods([HEAD[:3], (*row[:2], "2026-03-01")])}
    [draft] = read(made.get(kind) or xls())
    assert isinstance(draft, Draft)
    assert (draft.line, draft.texts[0].title, draft.address) == (2, "Eau", ADDRESS)
    begins = "00:00" if kind == "ods" else "10:30"
    assert span(draft) == (f"2026-03-01 {begins}:00+00:00", "None")


def test_a_sheet_means_what_the_same_table_means_as_csv() -> None:
    row = {"Title": "Water", "Link": WATER[1], "Language": "English|fr", "Level": "Beginner"}
    [by_csv] = csv.read(Feed(table(row)))
    [by_sheet] = read(xlsx(tuple(row), tuple(row.values())))
    assert by_csv == by_sheet


def test_hidden_sheets_are_not_read_and_every_other_with_titles_is() -> None:
    book = openpyxl.Workbook()
    for name, state in (("2025", "visible"), ("Old", "hidden"), ("Draft", "veryHidden")):
        page = book.create_sheet(name)
        page.sheet_state = state
        page.append(HEAD)
        page.append((f"Of {name}", ADDRESS))
    book.create_sheet("Words").append(("Category",))
    last = book.create_sheet("2026")
    last.append(("Link", "Title"))
    last.append((ADDRESS, "Of 2026"))
    assert titles(packed(book)) == [(2, "Of 2025"), (2, "Of 2026")]
    shown = [HEAD[:2], ("Of one", ADDRESS)]
    assert titles(ods(shown, [HEAD[:2], ("Of two", ADDRESS)], hidden=[1])) == [(2, "Of one")]


def test_captions_above_the_headers_are_passed_over() -> None:
    caption = [("", ""), ("River School",), ("Printed on", date(2026, 1, 1)), ()]
    assert titles(xlsx(*caption, HEAD, WATER)) == [(6, "Water")]


def merged_head() -> openpyxl.Workbook:
    """A sheet whose heads are merged: "Dates" above the start and the end."""
    book = openpyxl.Workbook()
    page = first_sheet(book)
    for place, text in {"A1": "Programme", "A2": "Title", "B2": "Dates", "D2": "Link"}.items():
        page[place] = text
    page["B3"], page["C3"] = "Start", "End"
    for merged in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
        page.merge_cells(merged)
    page.append(("Water", date(2026, 3, 1), date(2026, 3, 2), ADDRESS))
    return book


def test_heads_that_are_merged_of_two_rows_are_read_as_one() -> None:
    [draft] = drafts(read(packed(merged_head())))
    assert (draft.line, draft.texts[0].title, draft.address) == (4, "Water", ADDRESS)
    assert span(draft) == ("2026-03-01 00:00:00+00:00", "2026-03-02 23:59:59+00:00")
    two = [("Title", "Dates", "", "Link"), ("", "Start", "End", "")]
    [draft] = drafts(read(ods([*two, ("Water", "2026-03-01", "2026-03-02", ADDRESS)])))
    assert (draft.texts[0].title, draft.address) == ("Water", ADDRESS)
    assert span(draft) == ("2026-03-01 00:00:00+00:00", "2026-03-02 23:59:59+00:00")


def test_a_cell_merged_of_several_rows_speaks_for_each_of_them() -> None:
    book = merged_head()
    page = first_sheet(book)
    page["B5"] = date(2026, 5, 1)
    page.merge_cells("A4:A5")
    page.merge_cells("D4:D5")
    found = [
        (one.texts[0].title, one.address, span(one)[0][:10]) for one in drafts(read(packed(book)))
    ]
    assert found == [("Water", ADDRESS, "2026-03-01"), ("Water", ADDRESS, "2026-05-01")]


@pytest.mark.parametrize(
    ("written", "starts"),
    [
        (date(2026, 3, 1), "2026-03-01 00:00:00+00:00"),
        (MORNING, "2026-03-01 10:30:00+00:00"),
        ("2026-03-01", "2026-03-01 00:00:00+00:00"),
        (46082, "2026-03-01 00:00:00+00:00"),
        (46082.4375, "2026-03-01 10:30:00+00:00"),
        ("46082", "2026-03-01 00:00:00+00:00"),
        (2026, "None"),
        (12, "None"),
        (hour(10, 30), "None"),
    ],
)
def test_days_are_days_however_they_are_kept(written: object, starts: str) -> None:
    draft = only(*WATER, written)
    assert span(draft)[0] == starts
    numbered = [found for code, found in codes(draft) if code == "date-as-number"]
    assert numbered == ([str(written)] if str(written).startswith("46082") else [])


def test_hours_in_a_column_of_their_own_belong_to_the_day() -> None:
    head = ("Title", "Link", "Data", "Horário")
    assert span(only(*WATER, date(2026, 3, 1), "9:30 - 11h00", head=head)) == (
        *("2026-03-01 09:30:00+00:00", "2026-03-01 11:00:00+00:00"),
    )
    assert span(only(*WATER, date(2026, 3, 1), hour(14, 5), head=head))[0][11:16] == "14:05"
    assert span(only(*WATER, date(2026, 3, 1), "all day", head=head))[0][11:16] == "00:00"


def test_of_a_formula_its_value_counts_and_of_an_error_nothing() -> None:
    book = openpyxl.Workbook()
    page = first_sheet(book)
    page.append((*HEAD[:2], "Description", "Level", "Summary"))
    page.append((*WATER, "=1+1", "#N/A", "=1/0"))
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed(book))) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
            new.writestr(name, part.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"))
    [draft] = drafts(read(content.getvalue()))
    assert (draft.texts[0].description, draft.texts[0].summary) == ("2", None)
    said = {"Title": "Water", "Link": WATER[1], "Description": "2"}
    assert draft.payload == said | {"Level": "", "Summary": ""}


def test_numbers_are_written_as_people_write_them() -> None:
    head = ("Id", "Title", "Link", "Duration", "Price")
    draft = only(7.0, *WATER, timedelta(hours=30, minutes=5), 12.5, head=head)
    assert (draft.external_id, draft.workload) == ("7", "30:05")
    assert draft.payload["Price"] == "12.5"


def test_cells_beside_the_table_are_kept_and_noted() -> None:
    draft = only(*WATER, "", "", "", "a note")
    assert codes(draft)[0] == ("too-many-cells", "a note")
    assert draft.payload["(beyond the last column)"] == "a note"


def test_the_columns_of_the_source_stand_above_a_guess() -> None:
    rows = [("Name", "Kurs", "Link"), ("no", "Wasser", ADDRESS)]
    columns = {"title": ["Kurs"], "url": ["Link"]}
    assert titles(xlsx(*rows), columns=columns) == [(2, "Wasser")]
    assert reason(xlsx(*rows), columns={"title": ["Course"]}) == "no-such-column"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n ", "empty"),
        (b"Title,Link\nWater,x\n", "not-a-workbook"),
        (b"<!DOCTYPE html><html></html>", "html"),
        (b"\x1f\x8b\x08\x00", "not-a-workbook"),
        (b"PK\x03\x04 nothing", "unreadable-workbook"),
        (xls()[:2_000], "unreadable-workbook"),
        (xlsx(HEAD, WATER)[:-400], "unreadable-workbook"),
        (xlsx(), "not-a-table"),
        (xlsx(("Title",), ("Water",)), "not-a-table"),
        (xlsx(("Colour", "Size"), ("red", "1")), "no-title-column"),
    ],
    ids=range(11),
)
def test_what_is_no_workbook_with_titles_is_refused_with_its_reason(
    content: bytes, code: str
) -> None:
    assert reason(content) == code
