"""Guessing is slowed down: a few tries an account from one place, more from the place itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from academy.access import scope, signed_in
from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from academy.security import stamp, took_their_time
from academy.tokens.operations import make_api_token
from tests.browsing import ACCOUNT, SIGN_IN, SIGN_UP, Browser, Reader
from tests.letters import letter, way_in
from tests.making import make_person

TRIES_AN_ACCOUNT, TRIES_A_PLACE = 10, 120


@pytest.fixture
def limited(academy: Callable[..., Flask]) -> Flask:
    """An academy that counts tries, in which Ana has an account."""
    app = academy(rate_limits=True)
    with app.app_context():
        make_person()
    return app


def attempts(browser: Browser, path: str, times: int, **fields: str) -> list[int]:
    """Send the same form again and again."""
    token = browser.token(path)
    return [
        browser.post(path, {"csrf_token": token, **fields}).status_code for _time in range(times)
    ]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (SIGN_IN, {"email": "ana@example.org", "password": "wrong"}),
        (SIGN_UP, {"email": "ana@example.org", "password": "wrong", "name": "Ana"}),
    ],
)
def test_after_ten_tries_an_account_has_to_wait(
    limited: Flask, path: str, fields: dict[str, str]
) -> None:
    browser = Browser(limited)
    assert attempts(browser, path, TRIES_AN_ACCOUNT, **fields) == [422] * TRIES_AN_ACCOUNT
    answer = browser.send(path, fields)
    assert (answer.status_code, answer.mimetype) == (429, "text/html")
    assert answer.text.count("<h1>Too many tries</h1>") == 1
    assert answer.text.count("Please wait a few minutes before you try again.") == 1
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert answer.headers["Cache-Control"] in {"no-store", "private, no-store"}


def test_a_new_browser_or_another_case_starts_no_new_count(limited: Flask) -> None:
    tries = ["ana@example.org", "ANA@example.org", " ana@Example.org"] * 4
    statuses = [Browser(limited).sign_in(email, "wrong").status_code for email in tries]
    assert statuses == [422] * TRIES_AN_ACCOUNT + [429] * 2
    assert Browser(limited).sign_in().status_code == 429


def test_another_account_does_not_have_to_wait(limited: Flask) -> None:
    browser = Browser(limited)
    attempts(browser, SIGN_IN, TRIES_AN_ACCOUNT + 1, email="ben@example.org", password="x")
    assert browser.sign_in().status_code == 303


def test_many_accounts_from_one_place_have_to_wait_too(limited: Flask) -> None:
    browser = Browser(limited)
    token = browser.token()
    statuses = [
        browser.post(
            SIGN_IN, {"csrf_token": token, "email": f"p{number}@example.org", "password": ""}
        ).status_code
        for number in range(TRIES_A_PLACE + 1)
    ]
    assert statuses == [422] * TRIES_A_PLACE + [429]


def test_who_has_to_wait_can_still_read(limited: Flask) -> None:
    browser = Browser(limited)
    attempts(browser, SIGN_IN, TRIES_AN_ACCOUNT + 1, email="ana@example.org", password="x")
    pages = (SIGN_IN, SIGN_UP, "/en/learn", "/api/v1/vocabularies")
    assert [browser.get(page).status_code for page in pages] == [200] * 4


def test_an_invented_origin_starts_no_new_count(limited: Flask) -> None:
    browser = Browser(limited)
    fields = {"csrf_token": browser.token(), "email": "ana@example.org", "password": "wrong"}
    statuses = [
        browser.post(SIGN_IN, fields, X_Forwarded_For=f"192.0.2.{number}").status_code
        for number in range(TRIES_AN_ACCOUNT + 1)
    ]
    assert statuses == [422] * TRIES_AN_ACCOUNT + [429]


SIGNED_OUT = {
    SIGN_IN: {"password": "wrong"},
    SIGN_UP: {"password": "x", "name": "Ana"},
    "/en/sign-in/link": {},
    "/en/sign-in/code": {"code": "000000"},
    "/en/password/forgotten": {},
}
SIGNED_IN = {
    "/en/my/account/prove": {"password": "wrong"},
    "/en/my/account/prove/mail": {},
    "/en/my/account/password": {"password": "x"},
    "/en/my/account/address": {"email": "x"},
    "/en/my/account/tokens": {"name": ""},
}
LINKS = ("sign-in/with", "sign-up/confirm", "password/reset", "address/old", "address/new")


@pytest.mark.parametrize("path", SIGNED_OUT)
def test_failure_39_twenty_tries_at_any_door_are_too_many(limited: Flask, path: str) -> None:
    fields = {"email": "ana@example.org"} | SIGNED_OUT[path]
    statuses = attempts(Browser(limited), path, 20, **fields)
    assert statuses[-1] == 429
    assert statuses.index(429) == TRIES_AN_ACCOUNT


@pytest.mark.parametrize("path", SIGNED_IN)
def test_failure_39_twenty_tries_at_what_matters_are_too_many(limited: Flask, path: str) -> None:
    browser = Browser(limited)
    browser.sign_in()
    token = browser.token(ACCOUNT)
    fields = {"csrf_token": token} | SIGNED_IN[path]
    statuses = [browser.post(path, fields).status_code for _time in range(20)]
    assert statuses.index(429) == TRIES_AN_ACCOUNT


@pytest.mark.parametrize("link", LINKS)
def test_failure_39_twenty_guessed_links_are_too_many(limited: Flask, link: str) -> None:
    browser = Browser(limited)
    statuses = [browser.get(f"/en/{link}/{number}").status_code for number in range(21)]
    assert statuses == [404] * 20 + [429]
    answer = browser.get(f"/en/{link}/x")
    assert 0 < int(answer.headers["Retry-After"]) <= 300


def test_links_that_open_are_not_counted(limited: Flask) -> None:
    browser = Browser(limited)
    browser.send("/en/sign-in/link", {"email": "ana@example.org"})
    way = way_in(letter(limited, "sign-in-link", "ana@example.org"))
    assert [browser.get(way).status_code for _time in range(30)] == [200] * 30


def test_failure_39_twenty_guessed_api_tokens_are_too_many_and_right_ones_pass(
    limited: Flask,
) -> None:
    guarded = signed_in(scope("reviews")(lambda: "Let in."))
    limited.add_url_rule("/api/guarded", "guarded", guarded)
    with limited.app_context(), unit_of_work():
        ana = db.session.scalars(select(Person)).one()
        lasts = timedelta(days=1)
        right = make_api_token(ana, "A test", scopes=["reviews"], lasts=lasts, now=utcnow())
    browser = Browser(limited)

    def asked(secret: str) -> TestResponse:
        return browser.get("/api/guarded", Authorization=f"Bearer {secret}")

    assert [asked(f"ua_{number}").status_code for number in range(21)] == [401] * 20 + [429]
    answer = asked("ua_x")
    assert (answer.mimetype, answer.headers["Retry-After"]) == ("application/problem+json", "300")
    assert asked(right).status_code == 200


def test_who_has_to_wait_is_told_so_in_their_language(limited: Flask) -> None:
    browser = Browser(limited)
    fields = {"csrf_token": browser.token(), "email": "ana@example.org", "password": "x"}
    pages = [browser.post("/fr/sign-in", fields) for _time in range(TRIES_AN_ACCOUNT + 1)]
    assert pages[-1].status_code == 429
    assert Reader(pages[-1].text).root["lang"] == "fr"
    assert pages[-1].text.count("Too many tries") == 0


def test_programs_that_fill_in_a_form_at_once_have_to_send_it_again(limited: Flask) -> None:
    browser = Browser(limited)
    fields = {"name": "Ben", "email": "ben@example.org", "password": ""}
    answer = browser.send(SIGN_UP, fields)
    assert (answer.status_code, answer.text.count("That was very quick.")) == (422, 2)
    forged = browser.send(SIGN_UP, fields | {"stamp": "shown.forged"})
    assert forged.status_code == 422


def test_who_took_two_seconds_passes(limited: Flask) -> None:
    with limited.test_request_context():
        # Stamps are exact to the second.
        shown, second = stamp(), utcnow().replace(microsecond=0)
        later = [took_their_time(shown, now=second + timedelta(seconds=n)) for n in (0, 1, 3)]
        forged = took_their_time(f"{shown}x", now=second + timedelta(hours=1))
    assert (later, forged) == ([False, False, True], False)
