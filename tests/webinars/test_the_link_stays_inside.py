"""The link of a meeting is planted, and looked for wherever it must not be."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, utcnow
from courses.catalogue.models import Offer
from courses.search.find import index_folder
from courses.search.indexing import rebuild
from tests.browsing import Browser
from tests.making import make_person
from tests.meeting import HOUR, meeting, webinar
from tests.taking_part import enrol
from tests.visiting import Visitor
from tests.web.crawling import crawl, plain_routes

CANARY = "canary-4f7b1c"
LINK = f"https://meet.example/j/{CANARY}"


class Heard(logging.Handler):
    """Keeps every line that is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line with all that hangs on it."""
        self.lines.append(f"{self.format(record)} {vars(record)}")


@pytest.fixture
def heard() -> Iterator[Heard]:
    """All that is logged while the test runs."""
    handler, root = Heard(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before)


@dataclass(frozen=True)
class Planted:
    """An academy with a webinar that begins in two hours, in which Ana takes part."""

    app: Flask
    slug: str
    enrolment: str

    def everywhere(self, browser: Browser) -> dict[str, str]:
        """Ask for every page there is a way to, and for what programs and feed readers ask for."""
        found = {address: answer.text for address, answer in crawl(self.app, browser)}
        more = [
            f"/en/learn/{self.slug}.ics",
            f"/api/v1/offers/{self.slug}",
            "/api/v1/offers?q=water",
        ]
        for address in (*plain_routes(self.app), *more):
            found[address] = browser.get(address).text
        return found

    def own(self, browser: Browser) -> dict[str, str]:
        """Ask for the pages of the enrolment."""
        places = ("", ".ics", "/join", "/meeting")
        own = [f"/en/my/enrolments/{self.enrolment}{place}" for place in places]
        return {address: browser.get(address).text for address in own}


@pytest.fixture
def planted(academy: Callable[..., Flask]) -> Planted:
    """Plant the canary; no application context is open, so that each request is by itself."""
    app = academy()
    with app.app_context():
        run = webinar(meetings=[meeting(utcnow() + 2 * HOUR, join_link=LINK)])
        mine = enrol(make_person(), run, now=utcnow() - timedelta(days=2)).reference
        make_person("ben@example.org")
        rebuild(index_folder(), now=utcnow(), progress=lambda _done, _total: None)
        return Planted(app, db.session.scalars(select(Offer.slug)).one(), mine)


def test_no_stranger_ever_sees_the_link(planted: Planted) -> None:
    pages = planted.everywhere(Browser(planted.app))
    assert len(pages) > 30
    assert [address for address, text in pages.items() if CANARY in text] == []
    assert "BEGIN:VCALENDAR" in pages[f"/en/learn/{planted.slug}.ics"]


def test_nobody_who_does_not_take_part_sees_the_link(planted: Planted) -> None:
    browser = Browser(planted.app)
    assert browser.sign_in("ben@example.org").status_code == 303
    pages = planted.everywhere(browser) | planted.own(browser)
    assert [address for address, text in pages.items() if CANARY in text] == []


def test_who_takes_part_does_not_see_it_before_the_doors_open(planted: Planted) -> None:
    browser = Browser(planted.app)
    assert browser.sign_in().status_code == 303
    own = planted.own(browser)
    assert f"/en/my/enrolments/{planted.enrolment}/join" in own[
        f"/en/my/enrolments/{planted.enrolment}.ics"
    ].replace("\r\n ", "")
    pages = planted.everywhere(browser) | own
    assert [address for address, text in pages.items() if CANARY in text] == []


def test_it_is_in_no_index_and_in_no_line_of_the_logs(
    app: Flask, ana: Person, heard: Heard
) -> None:
    run = webinar(meetings=[meeting(utcnow() + timedelta(minutes=5), join_link=LINK)])
    reference = enrol(ana, run, now=utcnow() - HOUR).reference
    rebuild(index_folder(), now=utcnow(), progress=lambda _done, _total: None)
    visitor = Visitor(app, ana)
    assert visitor.post(f"/en/my/enrolments/{reference}/join").status_code == 303
    assert CANARY in visitor.page(f"/en/my/enrolments/{reference}/meeting")
    assert [line for line in heard.lines if CANARY in line] == []
    assert len(heard.lines) > 0
    folder: Path = index_folder()
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert len(kept) > 0
    assert [path.name for path in kept if CANARY.encode() in path.read_bytes()] == []
