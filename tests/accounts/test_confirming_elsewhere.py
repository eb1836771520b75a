"""A password chosen at sign-up counts where it was chosen: whoever confirms elsewhere has none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from academy.accounts import joining
from academy.db import unit_of_work, utcnow
from tests.browsing import ACCOUNT, SIGN_UP, Browser
from tests.letters import code_in, confirm, letter, way_in

BEN, PASSWORD = "ben@example.org", "/en/my/account/password"
WORDS, OTHER_WORDS = "river stone lamp", "other words of mine"
ELSEWHERE = "The password was chosen in another browser. For your safety it will not count:"
GONE = "Your address is confirmed. For your safety the password chosen at sign-up does not count,"


def ask(browser: Browser, password: str = WORDS, **more: str) -> None:
    """Ask for an account for Ben."""
    fields = {"name": "Ben", "email": BEN, "password": password} | more
    assert browser.send(SIGN_UP, fields).status_code == 303


@pytest.mark.parametrize("by", ["link", "code"])
def test_who_confirms_in_another_browser_does_not_confirm_a_password_chosen_elsewhere(
    place: Flask, browser: Browser, by: str
) -> None:
    ask(Browser(place), OTHER_WORDS, name="Mallory")
    mail = letter(place, "confirm-address", BEN)
    if by == "link":
        assert browser.get(way_in(mail)).text.count(ELSEWHERE) == 1
        answer = browser.send(way_in(mail), {})
    else:
        answer = browser.send("/en/sign-in/code", {"email": BEN, "code": code_in(mail)})
    assert (answer.status_code, answer.location) == (303, f"{PASSWORD}?next=/en/my")
    page = browser.get(answer.location).text
    assert (page.count(GONE), page.count('<a href="/en/my">Go on without a password</a>')) == (1, 1)
    assert Browser(place).sign_in(BEN, OTHER_WORDS).status_code == 422
    chosen = browser.send(answer.location, {"password": WORDS})
    assert (chosen.status_code, chosen.location) == (303, "/en/my")
    assert Browser(place).sign_in(BEN, WORDS).status_code == 303


def test_a_wrong_code_takes_nobody_the_password(place: Flask, browser: Browser) -> None:
    ask(browser)
    code = code_in(letter(place, "confirm-address", BEN))
    wrong = {"email": BEN, "code": "000000" if code != "000 000" else "111111"}
    assert Browser(place).send("/en/sign-in/code", wrong).status_code == 422
    confirm(browser, place, BEN)
    assert Browser(place).sign_in(BEN, WORDS).status_code == 303


def test_who_signed_up_here_reads_nothing_of_other_browsers(place: Flask, browser: Browser) -> None:
    ask(browser)
    way = way_in(letter(place, "confirm-address", BEN))
    assert browser.get(way).text.count(ELSEWHERE) == 0
    assert browser.send(way, {}).location == "/en/my"
    assert browser.get(ACCOUNT).text.count(GONE) == 0


def test_where_none_was_chosen_nothing_is_said_of_a_password(
    place: Flask, browser: Browser
) -> None:
    ask(Browser(place), "")
    way = way_in(letter(place, "confirm-address", BEN))
    assert browser.get(way).text.count(ELSEWHERE) == 0
    assert browser.send(way, {}).location == "/en/my"


def test_the_way_one_was_on_is_kept_beyond_the_new_password(place: Flask, browser: Browser) -> None:
    fields = {"name": "Ben", "email": BEN, "password": WORDS}
    Browser(place).send(f"{SIGN_UP}?next=/en/learn?q=water", fields)
    way = confirm(browser, place, BEN)
    assert browser.send(way, {"password": OTHER_WORDS}).location == "/en/learn?q=water"


def test_a_password_that_was_known_here_is_not_another_that_a_stranger_has_chosen_since(
    place: Flask, browser: Browser
) -> None:
    ask(browser)
    with place.app_context(), unit_of_work():
        joining.forget_unconfirmed(now=utcnow() + timedelta(days=7))
    ask(Browser(place), OTHER_WORDS, name="Mallory")
    assert confirm(browser, place, BEN) == f"{PASSWORD}?next=/en/my"
    assert Browser(place).sign_in(BEN, OTHER_WORDS).status_code == 422


def test_who_signs_in_here_before_confirming_keeps_the_password(place: Flask) -> None:
    ask(Browser(place))
    browser = Browser(place)
    assert browser.sign_in(BEN, WORDS).status_code == 303
    confirm(browser, place, BEN)
    assert Browser(place).sign_in(BEN, WORDS).status_code == 303
