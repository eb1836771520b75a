"""Codes can be guessed at, links cannot: an account has so many wrong codes a day and no more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from academy.accounts import joining
from academy.accounts.queries import person_by_email
from academy.db import unit_of_work, utcnow
from academy.tokens.models import Purpose
from academy.tokens.operations import Secret, make_token
from academy.tokens.rules import MOST_TRIES, MOST_TRIES_A_DAY
from tests.browsing import SIGN_IN, Browser
from tests.making import PASSWORD

ANA, CODE = "ana@example.org", "/en/sign-in/code"
BEGUN = utcnow()
MAILS = MOST_TRIES_A_DAY // MOST_TRIES
WRONG = (
    "This code is not right, or no longer good. Follow the link in the mail, or ask for a new one."
)


def mailed(app: Flask, now: datetime) -> Secret:
    """Make what a mail to Ana brings."""
    with app.app_context(), unit_of_work():
        ana = person_by_email(ANA)
        assert ana is not None
        return make_token(ana, Purpose.SIGN_IN, now=now)


def typed(app: Flask, code: str, now: datetime) -> bool:
    """Type a code for Ana's account, and tell whether it opened it."""
    with app.app_context(), unit_of_work():
        return joining.come_in_by_code(person_by_email(ANA), code, now=now) is not None


def other_than(code: str) -> str:
    """Give a code that is wrong."""
    return "000000" if code != "000000" else "111111"


def guessed(app: Flask, times: int, now: datetime) -> datetime:
    """Guess wrongly so often, at one mail after the other; tell when it is then."""
    for number in range(times):
        if number % MOST_TRIES == 0:
            now += timedelta(minutes=31)
            secret = mailed(app, now)
        assert typed(app, other_than(secret.code), now) is False
    return now + timedelta(minutes=31)


@pytest.mark.parametrize(("wrong", "opens"), [(-1, True), (0, False)])
def test_after_so_many_wrong_codes_in_a_day_the_right_one_opens_nothing(
    place: Flask, wrong: int, opens: bool
) -> None:
    now = guessed(place, MOST_TRIES_A_DAY + wrong, BEGUN)
    assert typed(place, mailed(place, now).code, now) is opens


def test_the_link_of_the_same_mail_signs_in_all_the_same(place: Flask) -> None:
    now = guessed(place, MOST_TRIES_A_DAY, utcnow() - timedelta(minutes=31 * (MAILS + 1)))
    secret, browser = mailed(place, now), Browser(place)
    refused = browser.send(CODE, {"email": ANA, "code": secret.code})
    assert (refused.status_code, refused.text.count(WRONG)) == (422, 1)
    assert browser.send(f"/en/sign-in/with/{secret.token}", {}).status_code == 303


def test_a_day_later_codes_are_good_again(place: Flask) -> None:
    now = guessed(place, MOST_TRIES_A_DAY, BEGUN)
    for more, opens in ((timedelta(hours=20), False), (timedelta(hours=25), True)):
        assert typed(place, mailed(place, now + more).code, now + more) is opens


def test_who_came_in_by_mail_begins_anew(place: Flask) -> None:
    now = guessed(place, MOST_TRIES_A_DAY, BEGUN)
    link = mailed(place, now).token
    with place.app_context(), unit_of_work():
        joining.come_in(link, Purpose.SIGN_IN, now=now)
    assert typed(place, mailed(place, now).code, now) is True


def test_passwords_are_counted_elsewhere(place: Flask) -> None:
    guessed(place, MOST_TRIES_A_DAY, utcnow() - timedelta(hours=3))
    browser = Browser(place)
    assert browser.send(SIGN_IN, {"email": ANA, "password": PASSWORD}).status_code == 303


def test_who_has_no_account_reads_the_same(place: Flask) -> None:
    guessed(place, MOST_TRIES_A_DAY, utcnow() - timedelta(hours=3))
    told = []
    for email in (ANA, "nobody@example.org"):
        answer = Browser(place).send(CODE, {"email": email, "code": "000 000"})
        told.append((answer.status_code, answer.text.count(WRONG)))
    assert told == [(422, 1), (422, 1)]
