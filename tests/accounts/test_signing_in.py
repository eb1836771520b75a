"""The sign-in form: what it tells, what it keeps quiet, and where it leads."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person, PersonSession
from academy.accounts.pages.signing_in import SignInSchema
from academy.db import db, unit_of_work, utcnow
from academy.web.forms import Form
from tests.browsing import ACCOUNT, SIGN_IN, Browser, Reader
from tests.making import PASSWORD, make_person

WRONG = "The e-mail address or the password is not right."
TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')


def seen(browser: Browser, email: str, password: str) -> tuple[int, str]:
    """What an attempt shows, without what may differ: the token and the address that was typed."""
    answer = browser.sign_in(email, password)
    return answer.status_code, TOKEN.sub("", answer.text).replace(email, "")


def test_who_has_an_account_cannot_be_found_out(place: Flask) -> None:
    with place.app_context():
        make_person("ben@example.org", name="Ben")
        with unit_of_work():
            ben = db.session.scalars(select(Person).where(Person.email == "ben@example.org")).one()
            ben.blocked_at = utcnow()
    attempts = [
        seen(Browser(place), "ana@example.org", "not her password"),
        seen(Browser(place), "nobody@example.org", "not her password"),
        seen(Browser(place), "not an address", "not her password"),
        seen(Browser(place), "ben@example.org", PASSWORD),
    ]
    status, page = attempts[0]
    assert (status, page.count(WRONG)) == (422, 1)
    assert attempts == [attempts[0]] * 4


def test_what_was_typed_stays_but_never_the_password(browser: Browser) -> None:
    answer = browser.sign_in("  Ana@Example.org ", "not her password")
    [form] = Reader(answer.text).posts()
    assert form.fields["email"] == "  Ana@Example.org "
    assert form.fields["password"] == ""
    assert "not her password" not in answer.text
    assert browser.cookie("academy") is None


def test_a_form_on_its_way_back_holds_no_password(place: Flask) -> None:
    sent = {"email": "ana@example.org", "password": PASSWORD, "csrf_token": "x"}
    with place.test_request_context(SIGN_IN, method="POST", data=sent):
        form = Form.read(SignInSchema())
    assert (form.values, form.sound) == ({"email": "ana@example.org"}, True)


@pytest.mark.parametrize("email", ["ana@example.org", "ANA@EXAMPLE.ORG", " Ana@example.Org\t"])
def test_the_case_of_the_address_does_not_matter(browser: Browser, email: str) -> None:
    assert browser.sign_in(email).status_code == 303


@pytest.mark.parametrize("password", [PASSWORD.upper(), f" {PASSWORD}", PASSWORD[:-1]])
def test_every_character_of_the_password_matters(browser: Browser, password: str) -> None:
    assert browser.sign_in(password=password).status_code == 422


def test_empty_fields_are_named_each(browser: Browser) -> None:
    answer = browser.sign_in("", "   ")
    assert answer.status_code == 422
    errors = re.findall(r'<p class="error" id="error-(\w+)">([^<]+)</p>', answer.text)
    assert errors == [("email", "Please answer this."), ("password", "Please answer this.")]


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "a\x00b@example.org",
        "x" * 10_000,
        "\ud7ff\uffff",
        "'; DROP TABLE people; --",
        "%s%n",
    ],
)
def test_hostile_text_is_refused_like_any_other(place: Flask, browser: Browser, text: str) -> None:
    statuses = [
        browser.sign_in(text, text).status_code,
        browser.sign_in("ana@example.org", text).status_code,
        browser.send(SIGN_IN, {"email": text}).status_code,
    ]
    assert statuses == [422, 422, 422]
    with place.app_context():
        assert db.session.scalars(select(PersonSession)).all() == []


def test_markup_that_was_typed_is_shown_as_text(browser: Browser) -> None:
    typed = '"><script>alert(1)</script>'
    answer = browser.sign_in(typed, typed)
    assert answer.text.count("<script>") == 0
    assert Reader(answer.text).posts()[0].fields["email"] == typed


def test_signing_in_leads_back_to_where_one_came_from(browser: Browser) -> None:
    asked = browser.get(f"{ACCOUNT}?from=mail")
    assert (asked.status_code, asked.location) == (
        303,
        "/en/sign-in?next=/en/my/account?from%3Dmail",
    )
    answer = browser.send(asked.location, {"email": "ana@example.org", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/en/my/account?from=mail")


def test_after_a_slip_the_way_back_is_still_known(browser: Browser) -> None:
    slip = browser.send(f"{SIGN_IN}?next=/en/learn", {"email": "ana@example.org", "password": "x"})
    [form] = Reader(slip.text).posts()
    answer = browser.post(form.action, form.fields | {"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/en/learn")


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "//["],
)
def test_signing_in_never_leads_to_another_site(browser: Browser, target: str) -> None:
    page = browser.get(f"{SIGN_IN}?next={target}")
    assert page.status_code == 200
    ways = [link["href"] for link in Reader(page.text).links]
    # This page in other languages has the same address: it keeps nothing either.
    elsewhere = [way for way in ways if urlsplit(way).path[3:] != "/sign-in"]
    assert [way for way in elsewhere if "next=" in way] == []
    answer = browser.send(
        f"{SIGN_IN}?next={target}", {"email": "ana@example.org", "password": PASSWORD}
    )
    assert (answer.status_code, answer.location) == (303, "/en/my")


def test_the_language_of_the_page_is_kept(browser: Browser) -> None:
    answer = browser.send("/ar/sign-in", {"email": "ana@example.org", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/ar/my")
    assert browser.get("/th/my/account").status_code == 200
