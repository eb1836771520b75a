"""Making an account: the least that works, confirmed by mail, said plainly when it does not."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from academy.accounts.models import Person, PersonSession
from academy.accounts.rules import is_email
from academy.db import db
from tests.browsing import ACCOUNT, SIGN_UP, Browser, Reader
from tests.letters import confirm, kinds_for, letter, way_in

SOUND = {"name": "Ben", "email": "ben@example.org", "password": "river stone lamp"}
ERROR = re.compile(r'<p class="error" id="error-(\w+)">([^<]+)</p>')

SHORT = "Choose a password of 8 characters or more. Three or four words are good."
LONG = "This password is longer than 128 characters."
GUESSED = "This password is among the first that somebody would guess."
SHAPE = "Write the address as in name@example.org."
ANSWER = "Please answer this."
LENT = "Please use an address that you will still read next month."
LENT_BY = "mailinator.com"
CODE = "/en/sign-in/code"


def sign_up(browser: Browser, **changes: str) -> TestResponse:
    """Fill the form and send it."""
    return browser.send(SIGN_UP, SOUND | changes)


def people(app: Flask) -> list[tuple[str, str]]:
    """Names and addresses of everybody, in the order they joined."""
    with app.app_context():
        rows = db.session.execute(select(Person.name, Person.email).order_by(Person.id))
        return [(name, email) for name, email in rows]


def test_an_account_is_made_confirmed_by_mail_and_its_person_signed_in(
    place: Flask, browser: Browser
) -> None:
    answer = sign_up(browser)
    assert (answer.status_code, answer.location) == (303, CODE)
    assert people(place) == [("Ana", "ana@example.org"), ("Ben", "ben@example.org")]
    assert browser.get(ACCOUNT).status_code == 303
    assert browser.get(CODE).text.count('<h1 class="mt-3">Look in your mail</h1>') == 1
    assert confirm(browser, place, "ben@example.org") == "/en/my"
    assert browser.get("/en/my").text.count("Welcome. Your account is ready.") == 1
    assert browser.get("/en/my").text.count("Welcome. Your account is ready.") == 0
    assert browser.get(ACCOUNT).status_code == 200


def test_the_password_is_kept_as_a_hash_of_its_own(place: Flask) -> None:
    for number in range(2):
        sign_up(Browser(place), email=f"ben{number}@example.org")
    with place.app_context():
        kept = db.session.scalars(select(Person.password_hash)).all()
    assert len(set(kept)) == 3
    assert [text.partition("$v=19$m=19456,t=2,p=1$")[0] for text in kept] == ["$argon2id"] * 3


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("password", "1234567", SHORT),
        ("password", "x" * 129, LONG),
        ("password", "y" * 10_000, LONG),
        ("password", "Password", GUESSED),
        ("password", "urban-academy", GUESSED),
        ("password", "Urban Academy", GUESSED),
        ("password", "BEN@example.org", GUESSED),
        ("email", "ben", SHAPE),
        ("email", "ben@example", SHAPE),
        ("email", "ben@example.org\r\nBcc: all@example.org", SHAPE),
        ("email", "b\u202een@example.org", SHAPE),
        ("email", "x" * 10_000 + "@example.org", SHAPE),
        ("email", "ben@" + "example." * 1_250 + "org", SHAPE),
        ("email", f"ben@{LENT_BY}", LENT),
        ("email", f"ben@sub.{LENT_BY.upper()}", LENT),
        ("name", "", ANSWER),
        ("name", "\x00 \x00", ANSWER),
        ("name", "\u200b\u202e", ANSWER),
        ("name", "B" * 121, "Use at most 120 characters."),
        ("name", "B" * 10_000, "Use at most 120 characters."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    place: Flask, browser: Browser, field: str, value: str, sentence: str
) -> None:
    answer = sign_up(browser, **{field: value})
    assert (answer.status_code, ERROR.findall(answer.text)) == (422, [(field, sentence)])
    assert len(people(place)) == 1


def test_a_name_as_a_password_is_the_first_guess(browser: Browser) -> None:
    answer = sign_up(browser, name="Benedicta Okafor", password="benedicta okafor")
    assert ERROR.findall(answer.text) == [("password", GUESSED)]


@pytest.mark.parametrize("password", ["12345 78", "x" * 8, "ไม้ขีดไฟ", "y" * 128])
def test_length_counts_and_composition_does_not(browser: Browser, password: str) -> None:
    assert sign_up(browser, password=password).status_code == 303


@pytest.mark.parametrize("email", ["ana@example.org", "ANA@example.ORG", " ana@example.org "])
def test_one_address_has_one_account_whatever_its_case(
    place: Flask, browser: Browser, email: str
) -> None:
    answer = sign_up(browser, email=email)
    assert (answer.status_code, answer.location) == (303, CODE)
    assert people(place) == [("Ana", "ana@example.org")]
    assert kinds_for(place, "ana@example.org") == ["account-exists"]
    assert browser.cookie("academy") is None


def test_two_who_take_one_address_at_the_same_instant_make_one_account(place: Flask) -> None:
    browsers = [Browser(place), Browser(place)]
    ready = Barrier(2)

    def join(browser: Browser) -> int:
        token = browser.token(SIGN_UP)
        ready.wait()
        return browser.post(SIGN_UP, SOUND | {"csrf_token": token}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(join, browsers)) == [303, 303]
    assert people(place) == [("Ana", "ana@example.org"), ("Ben", "ben@example.org")]


def test_what_was_typed_stays_but_never_the_password(browser: Browser) -> None:
    answer = sign_up(browser, email="ben@", name="Ben <b>")
    [form] = Reader(answer.text).posts()
    shown = {name: form.fields[name] for name in SOUND}
    assert shown == {"name": "Ben <b>", "email": "ben@", "password": ""}
    assert SOUND["password"] not in answer.text


def test_fields_that_were_not_asked_for_change_nothing(place: Flask, browser: Browser) -> None:
    answer = sign_up(browser, steward="all", id="1", blocked_at="", email_key="x", sample="1")
    assert answer.status_code == 303
    with place.app_context():
        ben = db.session.scalars(select(Person).where(Person.email == "ben@example.org")).one()
        assert (ben.steward.value, ben.sample, ben.email_key) == ("none", False, "ben@example.org")


def test_a_hostile_name_is_one_line_of_plain_text(place: Flask, browser: Browser) -> None:
    sign_up(browser, name="Ben\r\n\u202e<script>alert(1)</script>  <b>of\x00 Foo</b>")
    assert people(place)[1] == ("Ben of Foo", "ben@example.org")


def test_a_new_account_ends_the_session_the_browser_had(place: Flask, ana: Browser) -> None:
    sign_up(ana)
    confirm(ana, place, "ben@example.org")
    with place.app_context():
        [session] = db.session.scalars(select(PersonSession)).all()
        assert session.person_id == 2


def test_the_account_keeps_the_language_it_was_made_in(place: Flask, browser: Browser) -> None:
    answer = browser.send("/es/sign-up", SOUND)
    assert (answer.status_code, answer.location) == (303, "/es/sign-in/code")
    with place.app_context():
        assert db.session.scalars(select(Person.language).order_by(Person.id)).all() == ["en", "es"]
    way = way_in(letter(place, "confirm-address", "ben@example.org"))
    assert way.startswith("/es/sign-up/confirm/")


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example",
        "o'neil+city@example.org",
        "ana@exämple.example",
        "R&D@example.org",
        "é@example.org",
    ],
)
def test_unusual_addresses_are_addresses(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    [
        *("", "@example.org", "a@", "a@b", "a@b.c", "a@.org.", "a b@example.org"),
        *("a@b@example.org", "<a@example.org>", "a,b@example.org", "a@exa mple.org"),
        *("a\x01@example.org", "x" * 65 + "@example.org", "a@" + "b." * 130 + "org"),
        "a@b." + "c" * 300,
        *("a@example.org,b.org", "a@example.org>.org", "a@example.org;b.org", "a@(b)c.org"),
    ],
)
def test_what_no_mail_would_reach_is_no_address(address: str) -> None:
    assert not is_email(address)
