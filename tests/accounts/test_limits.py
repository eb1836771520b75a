"""Guessing is slowed down: a few tries an account from one place, more from the place itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.browsing import SIGN_IN, SIGN_UP, Browser
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
