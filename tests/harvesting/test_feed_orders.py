"""Days such as 04/03/2026 are read in the order that the rest of their column shows."""

from __future__ import annotations

import json

import pytest

from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.draft import Feed
from tests.harvesting.harvested import drafts
from tests.harvesting.workbooks import xlsx

Told = list[tuple[str, str]]


def sheet(*days: tuple[str, str]) -> bytes:
    return xlsx(
        ("Id", "Title", "Start", "End"), *((n, f"T{n}", *day) for n, day in enumerate(days))
    )


def table(*days: tuple[str, str]) -> bytes:
    rows = (f"{n},T{n},{','.join(day)}" for n, day in enumerate(days))
    return "\n".join(("Id,Title,Start,End", *rows, "")).encode()


def objects(*days: tuple[str, str]) -> bytes:
    rows = enumerate(days)
    return json.dumps(
        [{"id": n, "title": f"T{n}", "start": a, "end": b} for n, (a, b) in rows]
    ).encode()


WRITTEN = {"csv": table, "objects": objects, "sheet": sheet}


def read(adapter: str, *days: tuple[str, str]) -> tuple[Told, set[str]]:
    """Give the first and the last day of each record, and what was noted."""
    found = drafts(list(ADAPTERS[adapter].read(Feed(WRITTEN[adapter](*days)))))
    told = [(str(one.runs[0].starts_at)[:10], str(one.runs[0].ends_at)[:10]) for one in found]
    return told, {noted.code for one in found for noted in one.findings}


@pytest.mark.parametrize("adapter", WRITTEN)
def test_the_other_days_of_a_column_show_whether_the_month_comes_first(adapter: str) -> None:
    days = ("04/03/2026", "05/03/2026"), ("13/04/2026", "14/04/2026")
    march = [("2026-03-04", "2026-03-05"), ("2026-04-13", "2026-04-14")]
    assert read(adapter, *days) == (march, set())
    days = ("04/03/2026", "05/03/2026"), ("04/13/2026", "04/14/2026")
    april = [("2026-04-03", "2026-05-03"), ("2026-04-13", "2026-04-14")]
    assert read(adapter, *days) == (april, set())


def test_each_column_has_an_order_of_its_own() -> None:
    told, noted = read("csv", ("04/03/2026", "05/04/2026"), ("13/04/2026", "04/20/2026"))
    assert (told, noted) == ([("2026-03-04", "2026-05-04"), ("2026-04-13", "2026-04-20")], set())


@pytest.mark.parametrize(
    "days", [("04/03/2026",), ("04/03/2026", "13/04/2026", "04/13/2026"), ("04/03/2026", "soon")]
)
def test_a_column_that_shows_no_order_or_two_leaves_the_day_unread(days: tuple[str, ...]) -> None:
    told, noted = read("csv", *((day, "") for day in days))
    assert (told[0], "twofold-date" in noted) == (("None", "None"), True)


def test_days_with_hours_and_from_one_to_another_are_read_in_that_order_too() -> None:
    told, noted = read(
        "csv", ("04/03/2026 14:00 UTC", ""), ("05/03/2026 - 13/04/2026", ""), ("٠٤/٠٣/٢٠٢٦", "")
    )
    assert told == [("2026-03-04", "None"), ("2026-03-05", "2026-04-13"), ("2026-03-04", "None")]
    assert noted == set()
