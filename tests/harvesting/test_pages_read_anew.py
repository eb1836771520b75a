"""When a page is read anew, although its source says that it did not change; and as what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db, unit_of_work
from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.harvests.asked import Asked
from courses.harvesting.harvests.asking import as_asked
from courses.harvesting.harvests.fetching import Gathering, Page
from courses.harvesting.harvests.pages import known_pages
from courses.harvesting.models import SourcePage, SourceRecord
from courses.sources.models import Source
from tests.harvesting.courses_told import Courses
from tests.harvesting.harvested import offers, record, table
from tests.harvesting.partner import Partner, approved, door_to, partner_serving, read, sums
from tests.harvesting.publishing import publish
from tests.making import NOW

THREE = Courses(("water", "heat", "waste"))


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def gathered(app: Flask, partner: Partner, source: int, folder: Path, now: datetime) -> Page:
    """Fetch the one page of a source, as it is known."""
    asked = as_asked(db.session.get_one(Source, source), app.config["SETTINGS"], now=now)
    known = known_pages(source)
    db.session.rollback()
    gathering = Gathering(asked, door_to(partner), folder, known, lambda _pages: None)
    [page] = gathering.gather().pages
    return page


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/csv; charset=windows-1251", "windows-1251"),
        ('text/csv; header=present; Charset = "ISO-8859-9"', "iso-8859-9"),
        ("text/csv", ""),
        ("text/csv; charset=", ""),
        ("text/csv; charset=\xfc\xfc", ""),
    ],
)
def test_what_an_answer_says_of_its_encoding_goes_with_its_page(
    app: Flask, partner: Partner, tmp_path: Path, header: str, charset: str
) -> None:
    address = partner.say("/a.csv", table(record()), headers={"Content-Type": header})
    page = gathered(app, partner, approved(address, "csv"), tmp_path, NOW)
    assert page.charset == charset
    assert page.file
    feed = Asked("csv", address).feed(page.file.read_bytes(), address, page.charset)
    assert feed.charset == charset


def test_what_people_say_of_an_encoding_stands_above_that() -> None:
    asked = Asked("csv", "https://school.example/a.csv", encoding="cp1253")
    assert asked.feed(b"", asked.address, "utf-8").charset == "cp1253"


def test_a_page_is_read_anew_once_its_encoding_is_said(app: Flask, partner: Partner) -> None:
    source = approved(publish(partner, "csv", THREE), "csv")
    read(app, source, partner)
    with unit_of_work():
        db.session.get_one(Source, source).encoding = "cp1252"
    assert sums(read(app, source, partner)) == (3, 0, 0, 3, 0)
    assert "if-none-match" not in partner.asked[-1].headers
    assert sums(read(app, source, partner)) == (3, 0, 0, 3, 0)
    assert "if-none-match" in partner.asked[-1].headers


def test_a_page_is_read_anew_when_its_answer_says_another_encoding(
    app: Flask, partner: Partner, tmp_path: Path
) -> None:
    content = table(record())
    source = approved(partner.say("/a.csv", content), "csv")
    partner.etags = False
    read(app, source, partner)
    assert not gathered(app, partner, source, tmp_path, NOW).changed
    partner.say("/a.csv", content, headers={"Content-Type": "text/csv; charset=cp1254"})
    assert gathered(app, partner, source, tmp_path, NOW).changed


@pytest.mark.parametrize(("adapter", "again"), [("ical", True), ("csv", False)])
def test_a_calendar_is_read_anew_each_month(
    app: Flask, partner: Partner, tmp_path: Path, adapter: str, again: bool
) -> None:
    source = approved(publish(partner, adapter, THREE), adapter)
    read(app, source, partner)
    now = datetime.now(UTC)
    for etags in (True, False):
        partner.etags = etags
        assert not gathered(app, partner, source, tmp_path, now).changed
        later = gathered(app, partner, source, tmp_path, now + timedelta(days=40))
        assert (later.changed, later.file is not None) == (again, again)


def test_a_calendar_of_a_new_month_moves_its_records_to_its_page(
    app: Flask, partner: Partner
) -> None:
    source = approved(publish(partner, "ical", THREE), "ical")
    read(app, source, partner)
    with unit_of_work():
        now = datetime.now(UTC) - timedelta(days=40)
        asked = as_asked(db.session.get_one(Source, source), app.config["SETTINGS"], now=now)
        page = db.session.scalars(select(SourcePage)).one()
        page.address_digest = asked.digest_of(asked.address)
    assert [sums(read(app, source, partner)) for _ in range(2)] == [(3, 0, 0, 3, 0)] * 2
    [known] = known_pages(source).values()
    assert set(db.session.scalars(select(SourceRecord.page_id))) == {known.id}
    assert ["if-none-match" in one.headers for one in partner.asked] == [False, False, True]


def test_only_calendars_are_other_ones_each_month() -> None:
    assert [name for name, adapter in ADAPTERS.items() if adapter.of_a_month] == ["ical"]


@pytest.mark.parametrize(
    ("encoding", "title"),
    [("cp1251", "Вода в городе"), ("cp1253", "Νερό στην πόλη"), ("cp1254", "Şehirde yeşil su")],
)
@pytest.mark.parametrize("by", ["header", "source"])
def test_text_is_read_in_the_encoding_that_is_said(
    app: Flask, partner: Partner, encoding: str, title: str, by: str
) -> None:
    row = {"Id": "a", "Title": title, "Link": "https://school.example/a", "Language": "en"}
    kind = f"text/csv; charset={encoding}" if by == "header" else "text/csv"
    content = table(row).decode().encode(encoding)
    address = partner.say("/a.csv", content, headers={"Content-Type": kind})
    told = encoding if by == "source" else ""
    source = approved(address, "csv", encoding=told)
    assert sums(read(app, source, partner)) == (1, 1, 0, 0, 0)
    [offer] = offers().values()
    assert list(offer.titles.values()) == [title]
