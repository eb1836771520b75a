"""What goes wrong is said as a page to people and as problem+json to programs."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from academy.db import db, unit_of_work
from tests.browsing import SIGN_IN, SIGN_UP, Browser
from tests.making import make_person

REFERENCE = re.compile(r"<code>([0-9a-f]{8})</code>")
SECRET = "what-nobody-may-read"


@pytest.fixture
def browser(academy: Callable[..., Flask]) -> Browser:
    """A visitor of an empty academy."""
    return Browser(academy())


@pytest.fixture
def broken(academy: Callable[..., Flask]) -> Callable[[str], Browser]:
    """Give a visitor of an academy that has lost a table."""

    def lose(table: str) -> Browser:
        app = academy()
        with app.app_context(), unit_of_work():
            db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
            db.session.execute(text(f"DROP TABLE {table}"))
        return Browser(app)

    return lose


def heading(answer: TestResponse) -> str:
    """The heading of the page."""
    [found] = re.findall(r"<h1[^>]*>([^<]+)</h1>", answer.text)
    return str(found)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing", 404, "There is no page here"),
        ("/en/nothing", 404, "There is no page here"),
        ("/en/learn/nothing", 404, "There is no page here"),
        ("/en/institutions/nothing", 404, "There is no page here"),
        ("/static/nothing.css", 404, "There is no page here"),
        ("/static/../config.py", 404, "There is no page here"),
        ("/xx/learn", 404, "There is no page here"),
        ("/apis", 404, "There is no page here"),
        ("/en/sign-out", 405, "Not possible here"),
    ],
)
def test_people_get_a_page_with_a_way_on(
    browser: Browser, path: str, status: int, words: str
) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.mimetype, heading(answer)) == (status, "text/html", words)
    assert answer.text.count('href="/en/">To the front page</a>') == 1


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/api/nothing", 404, "There is no page here"),
        ("/api/v1/offers/nothing", 404, "There is no page here"),
        ("/api/v1/vocabularies/nothing", 404, "There is no page here"),
        ("/api/v1/offers?issue=nothing", 422, "Please look again"),
        ("/api/v1/offers?q=a&q=b", 422, "Please look again"),
    ],
)
def test_programs_get_a_problem(browser: Browser, path: str, status: int, title: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json is not None
    told = {name: answer.json[name] for name in ("type", "title", "status")}
    assert told == {"type": "about:blank", "title": title, "status": status}
    assert answer.json["detail"].endswith(".")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/en/learn", {"GET", "HEAD", "OPTIONS"}),
        ("/en/sign-in", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("/api/v1/offers", {"GET", "HEAD", "OPTIONS"}),
        ("/static/mark.svg", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_another_kind_of_request_is_told_which_there_are(
    academy: Callable[..., Flask], path: str, allowed: set[str]
) -> None:
    answer = academy().test_client().delete(path)
    assert answer.status_code == 405
    assert {method.strip() for method in answer.headers["Allow"].split(",")} == allowed


def test_a_form_that_is_too_large_is_not_read(browser: Browser) -> None:
    answer = browser.post(SIGN_IN, {"email": "x" * 1_100_000})
    assert (answer.status_code, heading(answer)) == (413, "Too large")


def test_a_form_with_thousands_of_parts_is_not_read(academy: Callable[..., Flask]) -> None:
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="f{number}"\r\n\r\nx\r\n'
        for number in range(2_000)
    )
    answer = (
        academy()
        .test_client()
        .post(SIGN_IN, data=f"{parts}--b--\r\n", content_type="multipart/form-data; boundary=b")
    )
    assert (answer.status_code, heading(answer)) == (413, "Too large")


def test_answers_that_need_another_look_come_back_with_the_form(browser: Browser) -> None:
    answer = browser.send(SIGN_UP, {"name": "", "email": "", "password": ""})
    assert (answer.status_code, heading(answer)) == (422, "Create an account")


def test_what_breaks_is_told_with_a_reference_and_logged_without_the_question(
    broken: Callable[[str], Browser], caplog: pytest.LogCaptureFixture
) -> None:
    answer = broken("terms").get(f"/en/learn?q={SECRET}&issue={SECRET}")
    assert (answer.status_code, heading(answer)) == (500, "Something went wrong on our side")
    [reference] = REFERENCE.findall(answer.text)
    assert f"error {reference} on GET /<language:lang>/learn\n" in caplog.text
    assert SECRET not in caplog.text
    assert "OperationalError" not in answer.text


def test_what_people_wrote_is_not_logged_with_what_broke(
    broken: Callable[[str], Browser], caplog: pytest.LogCaptureFixture
) -> None:
    browser = broken("people")
    fields = {"email": f"{SECRET}@example.org", "password": f"{SECRET}!", "name": SECRET}
    for path in (SIGN_IN, SIGN_UP):
        answer = browser.send(path, fields)
        assert answer.status_code == 500
    assert caplog.text.count("no such table: people") > 0
    assert SECRET not in caplog.text


def test_programs_are_given_the_reference_too(
    broken: Callable[[str], Browser], caplog: pytest.LogCaptureFixture
) -> None:
    answer = broken("terms").get("/api/v1/vocabularies")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert answer.json is not None
    assert f"error {answer.json['reference']} on GET /api/v1/vocabularies\n" in caplog.text


def test_when_every_page_is_broken_there_is_still_one(
    broken: Callable[[str], Browser], caplog: pytest.LogCaptureFixture
) -> None:
    answer = broken("institutions").get("/ar/learn")
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert heading(answer) == "Something went wrong on our side"
    assert answer.text.count('<html lang="ar" dir="rtl">') == 1
    assert answer.text.count('<a href="http://localhost/">') == 1
    [reference] = REFERENCE.findall(answer.text)
    assert f"error {reference} on GET /<language:lang>/learn\n" in caplog.text


def test_after_an_error_the_next_request_is_answered(academy: Callable[..., Flask]) -> None:
    app = academy()
    with app.app_context():
        make_person()
        with unit_of_work():
            db.session.execute(text("ALTER TABLE sessions RENAME TO mislaid"))
    browser = Browser(app)
    assert browser.sign_in().status_code == 500
    with app.app_context(), unit_of_work():
        db.session.execute(text("ALTER TABLE mislaid RENAME TO sessions"))
    assert browser.sign_in().status_code == 303


def test_a_database_that_somebody_keeps_asks_for_patience(academy: Callable[..., Flask]) -> None:
    app = academy()
    with app.app_context():
        make_person()
    browser = Browser(app)
    kept = sqlite3.connect(app.config["SETTINGS"].home / "academy.sqlite", isolation_level=None)
    kept.execute("BEGIN IMMEDIATE")

    answer = browser.sign_in()

    kept.rollback()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
