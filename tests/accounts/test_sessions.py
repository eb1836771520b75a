"""Signed in and out: rows that can be taken back, and a secret worth nothing afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts import operations, queries
from academy.accounts.models import Person, PersonSession
from academy.db import db, unit_of_work, utcnow
from tests.browsing import ACCOUNT, EVERYWHERE, SIGN_IN, SIGN_OUT, Browser
from tests.making import PASSWORD, make_person

COOKIE = "academy"


def rows(app: Flask) -> list[str]:
    """The hashes of all sessions there are."""
    with app.app_context():
        return list(db.session.scalars(select(PersonSession.token_hash)))


def with_secret(app: Flask, secret: str) -> Browser:
    """The browser of somebody who has copied a cookie."""
    thief = Browser(app)
    thief.bring(COOKIE, secret)
    return thief


def secret_of(browser: Browser) -> str:
    """The secret a browser keeps."""
    secret = browser.cookie(COOKIE)
    assert secret is not None
    return secret


def test_signing_in_makes_a_row_that_holds_the_hash_of_the_secret_alone(
    place: Flask, browser: Browser
) -> None:
    answer = browser.sign_in()
    assert (answer.status_code, answer.location) == (303, "/en/my")
    secret = secret_of(browser)
    assert len(secret) == 43
    assert rows(place) == [sha256(secret.encode()).hexdigest()]
    assert browser.get(ACCOUNT).status_code == 200


def test_the_secret_is_kept_from_scripts_and_from_other_sites(browser: Browser) -> None:
    [kept] = [
        header
        for header in browser.sign_in().headers.getlist("Set-Cookie")
        if header.startswith(f"{COOKIE}=")
    ]
    attributes = [part.strip() for part in kept.split(";")[1:]]
    assert [part for part in attributes if not part.startswith("Expires")] == [
        "Max-Age=2592000",
        "HttpOnly",
        "Path=/",
        "SameSite=Lax",
    ]


def test_over_https_cookies_are_secure_and_bound_to_the_host(
    academy: Callable[..., Flask],
) -> None:
    app = academy(base_url="https://academy.example", trusted_hosts=("academy.example",))
    with app.app_context():
        make_person()
    browser = Browser(app, address="https://academy.example")
    answer = browser.sign_in()
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert sorted(cookie.partition("=")[0] for cookie in cookies) == [
        "__Host-academy",
        "__Host-forms",
    ]
    for cookie in cookies:
        attributes = {part.strip().partition("=")[0] for part in cookie.split(";")[1:]}
        assert attributes >= {"Secure", "HttpOnly", "Path", "SameSite"}
        assert "Domain" not in attributes


def test_a_stolen_cookie_is_worthless_after_signing_out(place: Flask, ana: Browser) -> None:
    thief = with_secret(place, secret_of(ana))
    assert thief.get(ACCOUNT).status_code == 200
    answer = ana.sign_out()
    assert (answer.status_code, answer.location) == (303, "/en/")
    assert ana.cookie(COOKIE) is None
    assert rows(place) == []
    assert thief.get(ACCOUNT).status_code == 303


def test_signing_out_everywhere_ends_every_session_of_the_person_and_no_other(
    place: Flask, ana: Browser
) -> None:
    with place.app_context():
        make_person("ben@example.org", name="Ben")
    phone, ben = Browser(place), Browser(place)
    phone.sign_in()
    ben.sign_in("ben@example.org")
    thief = with_secret(place, secret_of(ana))
    assert len(rows(place)) == 3
    answer = ana.send(EVERYWHERE, {}, page=ACCOUNT)
    assert (answer.status_code, answer.location) == (303, "/en/")
    visits = [each.get(ACCOUNT).status_code for each in (ana, phone, thief, ben)]
    assert visits == [303, 303, 303, 200]
    assert rows(place) == [queries.token_hash(secret_of(ben))]


def test_every_sign_in_has_a_secret_of_its_own(place: Flask, browser: Browser) -> None:
    browser.bring(COOKIE, "chosen-by-somebody-else")
    browser.sign_in()
    first = secret_of(browser)
    assert first != "chosen-by-somebody-else"
    browser.sign_in()
    second = secret_of(browser)
    assert first != second
    assert rows(place) == [queries.token_hash(second)]
    assert with_secret(place, first).get(ACCOUNT).status_code == 303


def test_the_token_of_forms_changes_at_sign_in(browser: Browser) -> None:
    before = browser.cookie("forms")
    browser.get(SIGN_IN)
    waiting = browser.cookie("forms")
    browser.sign_in()
    assert (before, browser.cookie("forms") == waiting) == (None, False)


def test_a_blocked_person_is_signed_out_at_once_and_cannot_come_back(
    place: Flask, ana: Browser
) -> None:
    with place.app_context(), unit_of_work():
        db.session.scalars(select(Person)).one().blocked_at = utcnow()
    assert ana.get(ACCOUNT).status_code == 303
    assert ana.sign_in().status_code == 422


def test_a_session_that_is_over_opens_nothing(place: Flask) -> None:
    with place.app_context(), unit_of_work():
        person = db.session.scalars(select(Person)).one()
        begun = utcnow() - timedelta(days=30, seconds=1)
        over = operations.start_session(person, agent="", days=30, now=begun)
        open_ = operations.start_session(person, agent="", days=31, now=begun)
    assert with_secret(place, over).get(ACCOUNT).status_code == 303
    assert with_secret(place, open_).get(ACCOUNT).status_code == 200
    with place.app_context(), unit_of_work():
        operations.forget_expired_sessions(now=utcnow())
    assert rows(place) == [queries.token_hash(open_)]


@pytest.mark.parametrize("secret", ["", "x", "a" * 4_000, "' OR 1=1 --", "é"])
def test_an_invented_secret_opens_nothing(place: Flask, secret: str) -> None:
    assert with_secret(place, secret).get(ACCOUNT).status_code == 303


def test_a_cookie_of_another_name_signs_nobody_in_or_out(ana: Browser, browser: Browser) -> None:
    for each in (ana, browser):
        each.bring("remember_token", "1|forged")
    assert (ana.get(ACCOUNT).status_code, browser.get(ACCOUNT).status_code) == (200, 303)


def test_signing_out_twice_is_signing_out_once(ana: Browser) -> None:
    answers = [ana.post(SIGN_OUT, {"csrf_token": ana.token()}) for _time in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/en/")] * 2


def test_the_account_lists_where_the_person_is_signed_in(place: Flask, ana: Browser) -> None:
    phone = Browser(place)
    phone.sign_in()
    page = ana.get(ACCOUNT).text
    assert (page.count("Signed in on"), page.count("This browser")) == (2, 1)
    assert PASSWORD not in page
