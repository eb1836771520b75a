"""Signing in by mail: a link with one button, or a code; each good once, and for one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts import joining
from academy.accounts.models import Person
from academy.accounts.queries import person_by_email
from academy.db import db, unit_of_work, utcnow
from academy.notices.rules import Dropped
from academy.tokens.models import Token
from tests.browsing import ACCOUNT, SIGN_UP, Browser, Reader
from tests.letters import code_in, confirm, kinds_for, letter, way_in, written

ASK, CODE = "/en/sign-in/link", "/en/sign-in/code"
ANA, BEN = "ana@example.org", "ben@example.org"
WRONG = (
    "This code is not right, or no longer good. Follow the link in the mail, or ask for a new one."
)
USED = "This link was used already. Nothing was done twice."
OLD = "This link is too old. Please ask for a new one."
CUT = "This link is not complete, or is not one of ours. Please ask for a new one."


def ask(browser: Browser, email: str = ANA, *, after: str = "") -> None:
    """Ask for a link, on the way to a page."""
    answer = browser.send(f"{ASK}?next={after}" if after else ASK, {"email": email})
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, CODE)


def said(browser: Browser, way: str) -> tuple[int, str]:
    """What the page behind a link that does not open says."""
    answer = browser.get(way)
    lead = answer.text.partition('<p class="lead">')[2].partition("</p>")[0]
    return answer.status_code, lead


def test_a_link_signs_in_on_any_device_with_one_button(place: Flask, browser: Browser) -> None:
    ask(browser)
    way, phone = way_in(letter(place, "sign-in-link", ANA)), Browser(place)
    [form] = [form for form in Reader(phone.get(way).text).posts() if form.action == way]
    answer = phone.post(form.action, form.fields)
    assert (answer.status_code, answer.location) == (303, "/en/my")
    visits = [each.get(ACCOUNT).status_code for each in (phone, browser)]
    assert visits == [200, 303]


@pytest.mark.parametrize("spaced", ["{}", " {} ", "\t{}\n"])
def test_a_code_signs_in_where_it_was_asked_for(
    place: Flask, browser: Browser, spaced: str
) -> None:
    ask(browser)
    [form] = [form for form in Reader(browser.get(CODE).text).posts() if "code" in form.fields]
    assert form.fields["email"] == ANA
    code = code_in(letter(place, "sign-in-link", ANA))
    answer = browser.post(form.action, form.fields | {"code": spaced.format(code)})
    assert (answer.status_code, answer.location) == (303, "/en/my")
    assert browser.get(ACCOUNT).status_code == 200
    again = browser.send(CODE, {"email": ANA, "code": code.replace(" ", "")})
    assert (again.status_code, again.text.count(WRONG)) == (422, 1)


def test_a_code_is_good_for_one_address_and_five_tries(place: Flask, browser: Browser) -> None:
    ask(browser)
    code = code_in(letter(place, "sign-in-link", ANA))
    other = "000000" if code != "000 000" else "111111"
    assert browser.send(CODE, {"email": BEN, "code": code}).status_code == 422
    tried = [browser.send(CODE, {"email": ANA, "code": other}) for _time in range(5)]
    assert [(answer.status_code, answer.text.count(WRONG)) for answer in tried] == [(422, 1)] * 5
    assert browser.send(CODE, {"email": ANA, "code": code}).status_code == 422
    assert browser.get(ACCOUNT).status_code == 303


@pytest.mark.parametrize("by", ["link", "code"])
def test_the_way_one_was_on_is_kept_through_the_mail(
    place: Flask, browser: Browser, by: str
) -> None:
    ask(browser, after="/en/learn?q=water")
    mail = letter(place, "sign-in-link", ANA)
    if by == "link":
        answer = Browser(place).send(way_in(mail), {})
    else:
        answer = browser.send(f"{CODE}?next=/en/learn?q=water", {"code": code_in(mail)})
    assert (answer.status_code, answer.location) == (303, "/en/learn?q=water")


def test_what_the_database_was_made_to_say_still_leads_to_no_other_site(
    place: Flask, browser: Browser
) -> None:
    ask(browser)
    way = way_in(letter(place, "sign-in-link", ANA))
    with place.app_context(), unit_of_work():
        db.session.scalars(select(Token)).one().subject = "//evil.example"
    assert browser.send(way, {}).location == "/en/my"


def test_a_used_an_old_and_a_cut_link_say_so(place: Flask, browser: Browser) -> None:
    ask(browser)
    old = way_in(letter(place, "sign-in-link", ANA, now=utcnow() - timedelta(minutes=31)))
    assert said(browser, old) == (410, OLD)
    way = way_in(letter(place, "sign-in-link", ANA))
    assert said(browser, way[:-1]) == (404, CUT)
    assert browser.send(way, {}).status_code == 303
    assert said(browser, way) == (410, USED)
    token = browser.token(ACCOUNT)
    again = [browser.post(each, {"csrf_token": token}) for each in (way, old, way[:-1])]
    assert [answer.status_code for answer in again] == [410, 410, 404]


def test_a_page_of_a_link_that_is_over_leads_to_another_way_in(
    place: Flask, browser: Browser
) -> None:
    ask(browser)
    old = way_in(letter(place, "sign-in-link", ANA, now=utcnow() - timedelta(hours=1)))
    ways = [link.get("href") for link in Reader(browser.get(old).text).links]
    assert ways.count("/en/sign-in") == 2


@pytest.mark.parametrize("shut", ["blocked_at", "erased_at"])
def test_who_was_shut_out_meanwhile_does_not_come_in(
    place: Flask, browser: Browser, shut: str
) -> None:
    ask(browser)
    mail = letter(place, "sign-in-link", ANA)
    with place.app_context(), unit_of_work():
        setattr(db.session.scalars(select(Person)).one(), shut, utcnow())
    assert said(browser, way_in(mail)) == (404, CUT)
    assert browser.send(CODE, {"email": ANA, "code": code_in(mail)}).status_code == 422
    assert written(place, "sign-in-link", ANA) is Dropped.ACCOUNT_CLOSED


def test_a_link_of_one_purpose_opens_nothing_else(place: Flask, browser: Browser) -> None:
    ask(browser)
    secret = way_in(letter(place, "sign-in-link", ANA)).rpartition("/")[2]
    doors = ("sign-up/confirm", "password/reset", "address/old", "address/new")
    assert [said(browser, f"/en/{door}/{secret}") for door in doors] == [(404, CUT)] * 4


def test_an_account_without_a_password_is_signed_in_by_mail(place: Flask, browser: Browser) -> None:
    browser.send(SIGN_UP, {"name": "Ben", "email": BEN, "password": ""})
    confirm(browser, place, BEN)
    browser.sign_out()
    assert browser.sign_in(BEN, "").status_code == 422
    assert browser.sign_in(BEN, "any words at all").status_code == 422
    ask(browser, BEN)
    assert browser.send(CODE, {"code": code_in(letter(place, "sign-in-link", BEN))}).location == (
        "/en/my"
    )


def test_a_code_confirms_a_new_address_too(place: Flask, browser: Browser) -> None:
    browser.send(f"{SIGN_UP}?next=/en/learn", {"name": "Ben", "email": BEN, "password": ""})
    code = code_in(letter(place, "confirm-address", BEN))
    answer = browser.send(CODE, {"code": code})
    assert (answer.status_code, answer.location) == (303, "/en/learn")
    with place.app_context():
        ben = person_by_email(BEN)
        assert ben is not None
        assert ben.confirmed_at is not None


def test_asking_again_at_once_sends_nothing_more(place: Flask, browser: Browser) -> None:
    for _time in range(3):
        ask(browser)
    ask(Browser(place))
    assert kinds_for(place, ANA) == ["sign-in-link"]
    page = browser.get(CODE).text
    assert page.count("A mail was asked for less than a minute ago.") == 1


def test_nobody_gets_more_than_five_mails_an_hour(place: Flask) -> None:
    begun = utcnow()
    with place.app_context():
        for minute in range(0, 60, 2):
            with unit_of_work():
                joining.mail_way_in(person_by_email(ANA), now=begun + timedelta(minutes=minute))
    assert kinds_for(place, ANA) == ["sign-in-link"] * 5
    assert kinds_for(place, "nobody@nowhere.invalid") == ["sign-in-link"] * 25
    assert written(place, "sign-in-link", "nobody@nowhere.invalid") is Dropped.UNTRUE


def test_who_never_confirmed_gets_that_mail_and_only_who_knows_the_password_is_told(
    place: Flask, browser: Browser
) -> None:
    words = "river stone lamp"
    browser.send(SIGN_UP, {"name": "Ben", "email": BEN, "password": words})
    assert browser.sign_in(BEN, "not his words").status_code == 422
    answer = browser.sign_in(BEN, words)
    assert (answer.status_code, answer.location) == (303, CODE)
    assert browser.get(CODE).text.count("This address is not confirmed yet.") == 1
    assert browser.get(ACCOUNT).status_code == 303
    assert kinds_for(place, BEN) == ["confirm-address"]


def test_mails_speak_the_language_of_the_account(academy: Callable[..., Flask]) -> None:
    place = academy()
    browser = Browser(place)
    browser.send("/fr/sign-up", {"name": "Ben", "email": BEN, "password": ""})
    confirm(browser, place, BEN)
    browser.send("/es/sign-in/link", {"email": BEN})
    mail = letter(place, "sign-in-link", BEN)
    assert way_in(mail).startswith("/fr/sign-in/with/")
