"""An account is nobody's before its address is confirmed, and goes when it never is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts import joining, operations
from academy.accounts.models import Person
from academy.accounts.queries import person_by_email
from academy.db import db, unit_of_work, utcnow
from academy.notices.models import Notice
from academy.tokens.models import Token
from tests.browsing import ACCOUNT, SIGN_UP, Browser
from tests.letters import code_in, confirm, kinds_for, letter, way_in

BEN = "ben@example.org"
WORDS, OTHER_WORDS = "river stone lamp", "other words of mine"


def ask(browser: Browser, password: str = WORDS, **more: str) -> None:
    """Ask for an account for Ben."""
    fields = {"name": "Ben", "email": BEN, "password": password} | more
    assert browser.send(SIGN_UP, fields).status_code == 303


def later(app: Flask, kind: str = "confirm-address") -> None:
    """Let an hour pass since the mails of a kind were asked for."""
    with app.app_context(), unit_of_work():
        for notice in db.session.scalars(select(Notice).where(Notice.kind == kind)):
            notice.made_at -= timedelta(hours=1)


def joined(app: Flask, when: datetime) -> None:
    """Put back when Ben asked for his account."""
    with app.app_context(), unit_of_work():
        ben = person_by_email(BEN)
        assert ben is not None
        ben.joined_at = when


def test_the_second_who_asks_for_an_address_leaves_it_without_a_password(
    place: Flask, browser: Browser
) -> None:
    ask(Browser(place), OTHER_WORDS, name="Mallory")
    later(place)
    ask(browser)
    confirm(browser, place, BEN)
    assert browser.get(ACCOUNT).text.count("You have no password, and sign in by mail.") == 1
    for words in (WORDS, OTHER_WORDS):
        assert Browser(place).sign_in(BEN, words).status_code == 422
    with place.app_context():
        ben = person_by_email(BEN)
        assert (ben and ben.name) == "Ben"


@pytest.mark.parametrize("way", ["/en/sign-in/link", "/en/password/forgotten"])
def test_who_asks_for_a_mail_does_not_confirm_a_password_that_another_has_chosen(
    place: Flask, browser: Browser, way: str
) -> None:
    assert browser.send("/en/sign-in/link", {"email": BEN}).status_code == 303
    ask(Browser(place), OTHER_WORDS, name="Mallory")
    later(place)
    assert Browser(place).send(way, {"email": BEN}).status_code == 303
    confirm(browser, place, BEN)
    assert Browser(place).sign_in(BEN, OTHER_WORDS).status_code == 422


def test_who_signed_up_here_and_has_the_mail_sent_again_keeps_the_password(
    place: Flask, browser: Browser
) -> None:
    ask(browser)
    for _time in range(2):
        later(place)
        assert browser.send("/en/sign-in/link", {"email": BEN}).status_code == 303
    confirm(browser, place, BEN)
    assert Browser(place).sign_in(BEN, WORDS).status_code == 303


def test_who_asks_again_with_the_same_password_keeps_it(place: Flask, browser: Browser) -> None:
    ask(browser)
    later(place)
    ask(browser)
    confirm(browser, place, BEN)
    assert Browser(place).sign_in(BEN, WORDS).status_code == 303


def test_an_address_with_an_account_is_told_so_with_a_way_in(
    place: Flask, browser: Browser
) -> None:
    fields = {"name": "X", "email": "ana@example.org", "password": WORDS}
    browser.send(f"{SIGN_UP}?next=/en/learn", fields)
    mail = letter(place, "account-exists", "ana@example.org")
    assert mail.subject == "You have an account already"
    assert [more.url for more in mail.further] == ["http://localhost/en/password/forgotten"]
    answer = browser.send("/en/sign-in/code", {"code": code_in(mail)})
    assert (answer.status_code, answer.location) == (303, "/en/learn")
    assert Browser(place).sign_in("ana@example.org", WORDS).status_code == 422
    assert Browser(place).sign_in().status_code == 303


def test_what_fills_in_the_field_nobody_sees_gets_the_same_answer_and_no_account(
    place: Flask, browser: Browser
) -> None:
    ask(browser, topic="cheap watches")
    with place.app_context():
        assert person_by_email(BEN) is None
        assert db.session.scalars(select(Notice)).all() == []


@pytest.mark.parametrize("door", ["session", "token"])
def test_an_unconfirmed_account_opens_nothing_even_with_a_secret(place: Flask, door: str) -> None:
    ask(Browser(place))
    browser = Browser(place)
    with place.app_context(), unit_of_work():
        ben = person_by_email(BEN)
        assert ben is not None
        browser.bring("academy", operations.start_session(ben, agent="", days=1, now=utcnow()))
    assert browser.get(ACCOUNT).status_code == 303


def test_accounts_that_were_never_confirmed_go_after_seven_days(place: Flask) -> None:
    ask(Browser(place))
    letter(place, "confirm-address", BEN)
    now = utcnow()
    counts = []
    for age in (timedelta(days=7) - timedelta(seconds=1), timedelta(days=7)):
        joined(place, now - age)
        with place.app_context(), unit_of_work():
            joining.forget_unconfirmed(now=now)
        with place.app_context():
            held = (Person, Token, Notice)
            counts.append([len(db.session.scalars(select(table)).all()) for table in held])
    # Ana has confirmed hers, and stays.
    assert counts == [[2, 1, 1], [1, 0, 0]]


def test_confirming_twice_is_said_and_changes_nothing(place: Flask, browser: Browser) -> None:
    ask(browser)
    way = way_in(letter(place, "confirm-address", BEN))
    assert browser.send(way, {}).location == "/en/my"
    assert Browser(place).get(way).status_code == 410
    assert kinds_for(place, BEN) == ["confirm-address"]


def test_who_runs_the_academy_makes_accounts_that_are_confirmed(place: Flask) -> None:
    ask(Browser(place), OTHER_WORDS)
    words = "words of the operator"
    arguments = ("people", "add", BEN, "--name", "Benedict", "--password", words)
    assert place.test_cli_runner().invoke(args=arguments).exit_code == 0
    assert Browser(place).sign_in(BEN, words).status_code == 303
