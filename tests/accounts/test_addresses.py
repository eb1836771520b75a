"""Another address counts when both have said so: the one that was, and the one that will be."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.addresses import BOTH
from academy.accounts.models import Person
from academy.audit import AuditEntry
from academy.db import db, unit_of_work, utcnow
from academy.notices.rules import Dropped
from academy.tokens.models import Purpose
from academy.tokens.operations import make_token
from academy.tokens.queries import open_token
from academy.tokens.rules import TokenUsed
from tests.browsing import ACCOUNT, SIGN_UP, Browser
from tests.letters import confirm, kinds_for, letter, way_in, written
from tests.making import make_person

CHANGE, ANA, NEW = "/en/my/account/address", "ana@example.org", "Ana.Maria@example.org"
LENT = "mailinator.com"
TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')
TOLD_THERE = {
    "ben@example.org": "This address has an account already",
    "free@example.org": "Confirm your new address",
}
THANKS = "Thank you. Now confirm the mail at the other address too."
DONE = "Your account has its new address. You sign in with it from now on."
MEANWHILE = (
    "Somebody has made an account with this address in the meantime. Yours keeps its old address."
)


def ask(ana: Browser, email: str = NEW) -> None:
    """Ask for another address."""
    answer = ana.send(CHANGE, {"email": email})
    assert (answer.status_code, answer.location) == (303, ACCOUNT)


def addresses(place: Flask) -> list[str]:
    """The addresses there are."""
    with place.app_context():
        return list(db.session.scalars(select(Person.email).order_by(Person.id)))


@pytest.mark.parametrize("first", ["old-address", "new-address"])
def test_an_address_changes_with_the_second_of_two_confirmations(
    place: Flask, ana: Browser, first: str
) -> None:
    ask(ana)
    to = {"old-address": ANA, "new-address": NEW}
    second = "new-address" if first == "old-address" else "old-address"
    [one, two] = [way_in(letter(place, kind, to[kind])) for kind in (first, second)]
    elsewhere = Browser(place)
    assert elsewhere.send(one, {}).location == "/en/sign-in"
    assert elsewhere.get("/en/sign-in").text.count(THANKS) == 1
    assert addresses(place) == [ANA]
    assert elsewhere.send(two, {}).status_code == 303
    assert elsewhere.get("/en/sign-in").text.count(DONE) == 1
    assert addresses(place) == [NEW]
    assert [Browser(place).sign_in(email).status_code for email in (ANA, NEW)] == [422, 303]
    assert kinds_for(place, ANA)[-1] == kinds_for(place, NEW)[-1] == "address-changed"
    with place.app_context():
        assert list(db.session.scalars(select(AuditEntry.act))) == ["address-changed"]
    assert [elsewhere.get(way).status_code for way in (one, two)] == [410, 410]


def test_one_confirmation_twice_is_not_two(place: Flask, ana: Browser) -> None:
    ask(ana)
    for _time in range(2):
        ana.send(way_in(letter(place, "old-address", ANA)), {})
    assert addresses(place) == [ANA]


def test_asking_anew_makes_what_was_asked_before_void(place: Flask, ana: Browser) -> None:
    ask(ana, "slip@example.org")
    slip = way_in(letter(place, "new-address", "slip@example.org"))
    ana.send(way_in(letter(place, "old-address", ANA)), {})
    ask(ana)
    assert ana.get(slip).status_code == 404
    assert written(place, "new-address", "slip@example.org") is Dropped.UNTRUE
    ana.send(way_in(letter(place, "new-address", NEW)), {})
    assert addresses(place) == [ANA]
    ana.send(way_in(letter(place, "old-address", ANA)), {})
    assert addresses(place) == [NEW]


def test_whether_a_stranger_has_the_address_is_told_at_that_address_alone(
    place: Flask, ana: Browser
) -> None:
    with place.app_context():
        make_person("ben@example.org", name="Ben")
    pages = []
    for email in ("ben@example.org", "free@example.org"):
        ask(ana, email)
        page = ana.get(ACCOUNT).text.partition("<main")[2].partition("h-open")[0]
        pages.append(TOKEN.sub("", page))
        told = letter(place, "new-address", email).subject
        assert told == TOLD_THERE[email]
    assert pages[0] == pages[1]


def test_who_took_the_address_meanwhile_keeps_it_and_nothing_is_used_up(
    place: Flask, ana: Browser
) -> None:
    ask(ana)
    new = way_in(letter(place, "new-address", NEW))
    ana.send(way_in(letter(place, "old-address", ANA)), {})
    with place.app_context():
        make_person(NEW, name="Maria")
    for _time in range(2):
        answer = ana.send(new, {})
        assert (answer.status_code, answer.text.count(MEANWHILE)) == (422, 1)
    assert addresses(place) == [ANA, NEW]


def test_an_account_nobody_confirmed_does_not_keep_an_address_from_who_reads_its_mails(
    place: Flask, ana: Browser
) -> None:
    ask(ana)
    Browser(place).send(SIGN_UP, {"name": "Mallory", "email": NEW, "password": ""})
    for kind, to in (("old-address", ANA), ("new-address", NEW)):
        assert ana.send(way_in(letter(place, kind, to)), {}).status_code == 303
    assert addresses(place) == [NEW]


def test_the_links_are_good_for_two_days(place: Flask, ana: Browser) -> None:
    ask(ana)
    ago = utcnow() - timedelta(days=2)
    assert ana.get(way_in(letter(place, "old-address", ANA, now=ago))).status_code == 410


@pytest.mark.parametrize("email", ["", "no address", ANA, f"x@{LENT}"])
def test_what_cannot_be_the_new_address_is_said(ana: Browser, email: str) -> None:
    assert ana.send(CHANGE, {"email": email}).status_code == 422


def test_a_person_blocked_meanwhile_changes_nothing(place: Flask, ana: Browser) -> None:
    ask(ana)
    ways = [way_in(letter(place, kind, to)) for kind, to in (("old-address", ANA),)]
    with place.app_context(), unit_of_work():
        db.session.scalars(select(Person)).one().blocked_at = utcnow()
    assert [Browser(place).get(way).status_code for way in ways] == [404]
    assert written(place, "new-address", NEW) is Dropped.ACCOUNT_CLOSED


def test_a_new_account_can_have_the_old_address_afterwards(place: Flask, ana: Browser) -> None:
    ask(ana)
    for kind, to in (("old-address", ANA), ("new-address", NEW)):
        ana.send(way_in(letter(place, kind, to)), {})
    other = Browser(place)
    other.send(SIGN_UP, {"name": "Another Ana", "email": ANA, "password": ""})
    confirm(other, place, ANA)
    assert addresses(place) == [NEW, ANA]


@pytest.mark.parametrize("purpose", sorted(set(Purpose) - set(BOTH)))
def test_whatever_was_mailed_to_the_old_address_opens_nothing_any_more(
    place: Flask, ana: Browser, purpose: Purpose
) -> None:
    with place.app_context(), unit_of_work():
        secret = make_token(db.session.scalars(select(Person)).one(), purpose, now=utcnow())
    ask(ana)
    for kind, to in (("old-address", ANA), ("new-address", NEW)):
        with place.app_context():
            assert open_token(secret.token, purpose, now=utcnow()).used_at is None
        ana.send(way_in(letter(place, kind, to)), {})
    with place.app_context(), pytest.raises(TokenUsed):
        open_token(secret.token, purpose, now=utcnow())
