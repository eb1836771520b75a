"""Bad input of every kind through the whole machine: stored, repaired or refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db
from academy.privacy.archive import cell
from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.models import Harvest, HarvestState, RecordedFinding
from courses.harvesting.sentences import FINDINGS, REASONS
from tests.harvesting import publishing, repository, workbooks
from tests.harvesting.courses_told import Courses
from tests.harvesting.harvested import CATALOGUE, lines, offer, offers, prints, record, table
from tests.harvesting.partner import (
    Partner,
    approved,
    forget_where_we_were,
    partner_serving,
    read,
    sums,
)
from tests.harvesting.publishing import PUBLISHING, everywhere, publish

SIX = Courses(("water", "heat", "waste", "parks", "roads", "homes"))
KEPT = [name for name in CATALOGUE if name != "source_records"]
URL = "https://school.example/water"


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


COLUMNS = ("column-read", "column-unread")
"""What is noted of the columns of a file, not of a record."""


def found_in(harvest: Harvest) -> list[tuple[str, str]]:
    """Give what was noted of records: the field, and the code of its sentence."""
    rows = db.session.scalars(
        select(RecordedFinding)
        .where(RecordedFinding.harvest_id == harvest.id, RecordedFinding.code.not_in(COLUMNS))
        .order_by(RecordedFinding.id)
    ).all()
    assert {row.code for row in rows} <= FINDINGS.keys()
    return [(row.field, row.code) for row in rows]


NOTHING: dict[str, bytes] = {
    "csv": b"id,title,url\n",
    "feed": publishing.rss("<title>River School</title>", []).encode(),
    "ical": b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
    "jsonl": b"\n\n",
    "moochub": b'{"links": {}, "data": []}',
    "moodle": b'{"courses": [], "warnings": []}',
    "oai": repository.error("noRecordsMatch"),
    "objects": b'{"results": []}',
    "openedx": b'{"results": [], "pagination": {"next": null}}',
    "schedule": b"<?xml version='1.0'?><schedule><day date='2099-10-01'/></schedule>",
    "schemaorg": b"<!DOCTYPE html><html><title>Nothing here</title></html>",
    "sheet": workbooks.xlsx(("Id", "Title", "Link")),
}


@pytest.mark.parametrize("adapter", sorted(PUBLISHING))
def test_a_list_that_somebody_emptied_empties_no_catalogue(
    app: Flask, partner: Partner, adapter: str
) -> None:
    source = approved(publish(partner, adapter, SIX), adapter)
    read(app, source, partner)
    before = prints(KEPT)
    everywhere(partner, NOTHING[adapter])
    for _ in range(3):
        forget_where_we_were(source)
        harvest = read(app, source, partner)
        assert prints(KEPT) == before
        assert (harvest.state is HarvestState.FAILED) == ADAPTERS[adapter].complete
        assert harvest.code in {"", *REASONS}


@pytest.mark.parametrize("adapter", ["csv", "jsonl", "ical", "moodle", "schedule", "objects"])
def test_half_a_file_changes_nothing(app: Flask, partner: Partner, adapter: str) -> None:
    source = approved(publish(partner, adapter, SIX), adapter)
    read(app, source, partner)
    before = prints(CATALOGUE)
    whole = next(iter(partner.pages.values())).content
    everywhere(partner, whole[: len(whole) * 5 // 9])
    harvest = read(app, source, partner)
    assert prints(CATALOGUE) == before
    assert harvest.state is HarvestState.FAILED
    assert harvest.code in REASONS


GREEK, CHINESE = "Νερό στην πόλη", "城市水资源管理与规划"


def sheet_of(title: str) -> bytes:
    return table({"id": "water", "title": title, "url": URL, "language": "en"})


@pytest.mark.parametrize(
    ("content", "said", "title"),
    [
        (sheet_of(GREEK), "text/csv; charset=iso-8859-1", GREEK),
        (sheet_of(GREEK).decode().encode("utf-16"), "text/csv", GREEK),
        (b"\xff\xfe" + sheet_of(GREEK).decode().encode("utf-16-le"), "text/csv", GREEK),
        (b"\xfe\xff" + sheet_of(GREEK).decode().encode("utf-16-be"), "text/csv", GREEK),
        (sheet_of(CHINESE).decode().encode("gb18030"), "text/csv; charset=utf-8", CHINESE),
        (sheet_of("L’été à Genève").decode().encode("cp1252"), "text/csv", "L’été à Genève"),
    ],
    ids=["wrongly declared", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "cp1252"],
)
def test_letters_arrive_however_they_are_written(
    app: Flask, partner: Partner, content: bytes, said: str, title: str
) -> None:
    address = partner.say("/all.csv", content, headers={"Content-Type": said})
    assert sums(read(app, approved(address, "csv"), partner)) == (1, 1, 0, 0, 0)
    assert offers()["water"].texts[0].title == title


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("adapter", ["csv", "jsonl"])
def test_letters_that_cannot_be_told_are_refused_or_read_rightly(
    app: Flask, partner: Partner, encoding: str, adapter: str
) -> None:
    good = sheet_of(GREEK) if adapter == "csv" else lines(record(title=GREEK))
    address = partner.say("/all", good.decode().encode(encoding))
    harvest = read(app, approved(address, adapter), partner)
    assert harvest.state is HarvestState.FAILED or (
        {one.texts[0].title for one in offers().values()} == {GREEK}
    )
    assert harvest.code in {"", *REASONS}


def test_what_two_pages_say_otherwise_is_refused_and_the_first_stays(
    app: Flask, partner: Partner
) -> None:
    told = {"id": "water", "title": "First", "url": URL, "language": "en"}
    more = f"{partner.url}/api?page=2"
    address = partner.say("/api", json.dumps({"results": [told], "next": more}))
    other = told | {"title": "Second", "url": None}
    partner.say("/api?page=2", json.dumps({"results": [other]}))
    harvest = read(app, approved(address, "objects"), partner)
    assert sums(harvest) == (2, 1, 0, 0, 1)
    assert found_in(harvest) == [("id", "repeated-id")]
    found = offers()["water"]
    assert (found.texts[0].title, found.address) == ("First", URL)


BAD: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "a link that acts": ({"url": "javascript:alert(1)"}, [("url", "unusable-address")]),
    "text turned round": ({"title": "About\u202e retaw"}, []),
    "a NUL": ({"title": "About\x00 water", "provider": "\x00"}, []),
    "2 MB of words": ({"description": "wide " * 400_000}, [("description", "shortened")]),
    "a formula": ({"title": '=HYPERLINK("https://bad.example")'}, []),
    "an end before the start": (
        {"start": "2026-03-02", "end": "2026-03-01"},
        [("end", "ends-before-start")],
    ),
    "a year of another era": ({"start": "2569-01-01"}, [("start", "buddhist-era")]),
    "a zone of several": ({"start": "2026-03-01 10:00 CEST"}, [("zone", "ambiguous-zone")]),
    "a zone of several, apart": (
        {"start": "2026-03-01 10:00", "zone": "IST"},
        [("zone", "ambiguous-zone")],
    ),
    "a day of two": ({"start": "01/02/2026"}, [("start", "twofold-date")]),
    "no day at all": ({"start": "in spring"}, [("start", "unreadable-date")]),
    "ten thousand runs": (
        {"runs": [{"starts": "2026-03-01"}] * 10_000},
        [("runs", "dates-left-out")],
    ),
    "a number for a title": ({"title": 5}, []),
    "ten thousand parts": ({f"part {n}": n for n in range(10_000)}, []),
    "a name of a megabyte": ({"source_id": "a" * 1_000_000}, [("id", "no-id")]),
    "nothing in all fields": ({"title": "", "description": "", "url": ""}, [("title", "no-title")]),
}
"""What a record turns into, and what is told of it."""


@pytest.mark.parametrize("kind", BAD)
def test_a_record_that_turns_bad_takes_nothing_along(
    app: Flask, partner: Partner, kind: str
) -> None:
    more, told = BAD[kind]
    more = {"start": "2026-02-01", "end": "2026-02-02", **more}
    good = [
        record(name, provider="River School", start="2026-02-01", end="2026-02-02")
        for name in ("water", "heat")
    ]
    source = approved(partner.say("/all.jsonl", lines(*good)), "jsonl")
    read(app, source, partner)
    partner.say("/all.jsonl", lines(good[0] | more, good[1]))
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.read) == (HarvestState.DONE, 2)
    assert found_in(harvest) == told
    found = offer()
    assert (found.address, found.provider) == (URL, "River School")
    [text] = found.texts
    assert text.title.startswith("About") == (kind not in {"a formula", "a number for a title"})
    assert text.description
    assert found.runs[0].starts_at is not None
    assert not {"\x00", "\u202e"} & set(text.title)
    assert [one.texts[0].title for one in offers().values()][1] == "About heat"


def test_a_formula_is_kept_as_the_text_that_it_is_and_never_exported_as_one(
    app: Flask, partner: Partner
) -> None:
    formula = '=HYPERLINK("https://bad.example","Water")'
    read(app, approved(partner.say("/all.csv", sheet_of(formula)), "csv"), partner)
    assert offers()["water"].texts[0].title == formula
    assert [cell(one + "1") for one in "=+-@\t\r"] == [f"'{one}1" for one in "=+-@\t\r"]


@pytest.mark.parametrize("count", [1_000, 10_000])
def test_a_table_of_too_many_columns_is_read_or_refused(
    app: Flask, partner: Partner, count: int
) -> None:
    rest = {f"c{number}": "a" for number in range(count - 3)}
    content = table({"id": "water", "title": "Water", "url": URL} | rest)
    harvest = read(app, approved(partner.say("/all.csv", content), "csv"), partner)
    assert (harvest.code, harvest.added) == (("", 1) if count <= 1_000 else ("not-a-table", 0))
