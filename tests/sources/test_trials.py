"""Trying a source: what would become of its records, and every table is as it was."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from courses.duplicates.noting import note_keys
from courses.sources.credentials import CredentialKind, Credentials, sealed_credentials
from courses.sources.models import Source
from tests.harvesting.harvested import table
from tests.harvesting.partner import Partner, approved, partner_serving, read
from tests.making import NOW, make_offer
from tests.read_sources import make_source
from tests.staff import make_member
from tests.visiting import Visitor

DESK = "/en/institutions/river-school/desk/sources"
ROWS = (
    {
        "Title": "Water for all in cities",
        "Link": "https://one.example/1",
        "Language": "en",
        "Topics": "",
    },
    {"Title": "<b>Heat</b> & light", "Link": "", "Language": "en", "Topics": "Pottery"},
    {"Title": "", "Link": "https://one.example/3", "Language": "en", "Topics": "Pottery"},
)


@pytest.fixture
def partner() -> Iterator[Partner]:
    """A partner's web server."""
    with partner_serving() as serving:
        yield serving


@pytest.fixture
def app(academy: Callable[..., Flask], partner: Partner) -> Iterator[Flask]:
    """An academy that may ask the partner, although it is on this machine."""
    made = academy(intranet_hosts=(partner.host,))
    with made.app_context():
        yield made
        db.session.rollback()


@pytest.fixture
def editor(app: Flask) -> Person:
    """Somebody who edits for the river school."""
    assert app.name
    return make_member()


def everything() -> dict[str, list[Any]]:
    """Give what stands in all tables that a reading could write."""
    left_out = {"sessions"}
    found = {
        name: [tuple(row) for row in db.session.execute(select(one))]
        for name, one in db.metadata.tables.items()
        if name not in left_out
    }
    db.session.rollback()
    return found


def test_a_trial_shows_what_would_become_of_the_records_and_writes_nothing(
    app: Flask, partner: Partner, editor: Person
) -> None:
    key = make_offer("Water for all in cities", institution="hill-school").id
    with unit_of_work():
        note_keys([key], now=NOW)
    reference = make_source(editor, address=partner.say("/courses.csv", table(*ROWS)))
    visitor, before = Visitor(app, editor), everything()

    offered = visitor.page(f"{DESK}/{reference}/trial")
    answer = visitor.post(f"{DESK}/{reference}/trial")

    page = html.unescape(answer.text)
    assert answer.status_code == 200
    assert "Nothing is written, whatever it says." in offered
    assert "3 records were read for trial. Nothing was written." in page
    assert "Would be refused" in page
    assert "The record has no title." in page
    assert "Heat & light" in page
    assert "<b>Heat" not in page
    assert "Pottery" in page
    assert "This seems to be the same:" in page
    assert "/en/learn/water-for-all-in-cities" in page
    assert everything() == before


def test_a_trial_of_what_cannot_be_read_says_why(
    app: Flask, partner: Partner, editor: Person
) -> None:
    reference = make_source(editor, address=partner.say("/courses.csv", "<!doctype html><p>Hello"))
    answer = Visitor(app, editor).post(f"{DESK}/{reference}/trial")
    assert answer.status_code == 200
    assert "The file is a web page, not a feed." in answer.text


def test_a_trial_that_lost_its_key_asks_for_the_credentials_again(
    app: Flask, partner: Partner, editor: Person
) -> None:
    address = partner.say("/courses.csv", table(*ROWS))
    reference = make_source(editor, address=address, secret=b"sealed under another key")
    visitor = Visitor(app, editor)
    answer = visitor.post(f"{DESK}/{reference}/trial")
    assert answer.status_code == 200
    assert "Enter them again." in answer.text
    assert partner.asked == []
    assert "Some are kept." in visitor.page(f"{DESK}/{reference}")


def test_a_trial_sends_the_credentials_and_shows_them_nowhere(
    app: Flask, partner: Partner, editor: Person
) -> None:
    settings = app.config["SETTINGS"]
    kept = sealed_credentials(Credentials(CredentialKind.BEARER, "sesame-7c1f"), settings)
    address = partner.say("/courses.csv", table(*ROWS))
    reference = make_source(editor, address=address, secret=kept)
    answer = Visitor(app, editor).post(f"{DESK}/{reference}/trial")
    assert partner.asked[0].headers["authorization"] == "Bearer sesame-7c1f"
    assert "sesame" not in answer.text


def test_what_would_be_refused_is_named_however_much_would_not(
    app: Flask, partner: Partner, editor: Person
) -> None:
    good = [
        {"Title": f"Lesson {number}", "Link": f"https://one.example/{number}"}
        for number in range(130)
    ]
    rows = [
        one | {"Language": "en"} for one in (*good, {"Title": "", "Link": "https://one.example/x"})
    ]
    reference = make_source(editor, address=partner.say("/courses.csv", table(*rows)))
    page = html.unescape(Visitor(app, editor).post(f"{DESK}/{reference}/trial").text)
    refused = page[page.index("What would be refused") : page.index("The first records")]
    assert "The record has no title." in refused
    assert "Line 132" in refused
    assert page.count('<li class="stack stack--2">') == 1 + 20


def test_a_record_that_stays_as_it_is_is_called_by_its_title(
    app: Flask, partner: Partner, editor: Person
) -> None:
    rows = [{"Id": "C-1", "Title": "Water for all", "Link": "https://one.example/1", "Lang": "en"}]
    visitor = Visitor(app, editor)
    source = approved(partner.say("/courses.csv", table(*rows)), "csv")
    read(app, source, partner)
    reference = db.session.get_one(Source, source).reference
    page = visitor.post(f"{DESK}/{reference}/trial").text
    told = page[page.index("The first records") :]
    assert "Stays as it is" in told
    assert "<h3><bdi>Water for all</bdi></h3>" in told


def test_a_day_without_an_hour_stays_that_day(app: Flask, partner: Partner, editor: Person) -> None:
    row = {
        "Title": "Heat",
        "Link": "https://one.example/1",
        "Language": "en",
        "Start": "2026-12-05",
    }
    address = partner.say("/courses.csv", table(row))
    reference = make_source(editor, address=address, zone="Pacific/Auckland")
    page = Visitor(app, editor).post(f"{DESK}/{reference}/trial").text
    told = page[page.index("The first records") :]
    assert ("From 5 December 2026" in told, "UTC" in told.partition("</main>")[0]) == (True, False)


def test_a_trial_and_a_report_say_which_column_was_read_as_what(
    app: Flask, partner: Partner, editor: Person
) -> None:
    row = {"Name": "Heat", "Link": "https://one.example/1", "Language": "en", "Colour": "red"}
    visitor, address = Visitor(app, editor), partner.say("/courses.csv", table(row))
    source = approved(address, "csv")
    reference = db.session.get_one(Source, source).reference
    trial = visitor.post(f"{DESK}/{reference}/trial").text
    reading = read(app, source, partner)
    report = visitor.page(f"{DESK}/{reference}/harvests/{reading.reference}")

    for page in (trial, report):
        told = html.unescape(page[page.index("How we read the columns") :])
        assert re.findall(r"<dt><bdi>(.*)</bdi></dt><dd><code[^>]*>(.*)</code>", told) == [
            ("Name", "title"),
            ("Link", "url"),
            ("Language", "language"),
        ]
        assert '<span class="tag"><bdi>Colour</bdi></span>' in told
        assert f'{DESK}/{reference}/edit#f-columns"' in told
    assert "Nothing was wrong with any record." in report
    assert (reading.read, reading.rejected) == (1, 0)
