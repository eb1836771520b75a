"""Trying a source: what would become of its records, and every table is as it was."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from courses.duplicates.noting import note_keys
from courses.sources.credentials import CredentialKind, Credentials, sealed_credentials
from tests.harvesting.harvested import table
from tests.harvesting.partner import Partner, partner_serving
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
