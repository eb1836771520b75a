"""Passwords: chosen anew by mail, changed and removed by who has just proved who they are."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person, PersonSession
from academy.audit import AuditEntry
from academy.db import db, unit_of_work, utcnow
from academy.tokens.models import ApiToken
from academy.tokens.operations import make_api_token
from tests.browsing import ACCOUNT, Browser
from tests.letters import code_in, kinds_for, letter, way_in
from tests.making import PASSWORD

FORGOTTEN, CHANGE, REMOVE = (
    "/en/password/forgotten",
    "/en/my/account/password",
    "/en/my/account/password/remove",
)
PROVE = "/en/my/account/prove"
ANA, NEW = "ana@example.org", "quite another sentence"


def reset_way(place: Flask, browser: Browser) -> str:
    """Ask for a link to a new password, and read the mail."""
    answer = browser.send(FORGOTTEN, {"email": ANA})
    assert (answer.status_code, answer.location) == (303, "/en/sign-in")
    return way_in(letter(place, "reset-password", ANA))


def a_while_ago(place: Flask, *, minutes: int = 11) -> None:
    """Let time pass since anybody showed who they are."""
    with place.app_context(), unit_of_work():
        for session in db.session.scalars(select(PersonSession)):
            session.proved_at -= timedelta(minutes=minutes)


def deeds(place: Flask) -> list[str]:
    """What the log says was done."""
    with place.app_context():
        return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def test_a_new_password_by_mail_shuts_every_other_door(place: Flask, ana: Browser) -> None:
    with place.app_context(), unit_of_work():
        person = db.session.scalars(select(Person)).one()
        lasts = timedelta(days=30)
        make_api_token(person, "A test", scopes=["reviews"], lasts=lasts, now=utcnow())
    phone = Browser(place)
    way = reset_way(place, phone)
    answer = phone.send(way, {"password": NEW})
    assert (answer.status_code, answer.location) == (303, "/en/my")
    assert [each.get(ACCOUNT).status_code for each in (ana, phone)] == [303, 200]
    assert [Browser(place).sign_in(ANA, each).status_code for each in (PASSWORD, NEW)] == [422, 303]
    with place.app_context():
        assert db.session.scalars(select(ApiToken)).one().revoked_at is not None
    assert kinds_for(place, ANA)[-1] == "password-changed"
    assert letter(place, "password-changed", ANA).subject == "Your password was changed"
    assert deeds(place) == ["api-token-made", "password-reset"]


def test_a_bad_new_password_does_not_use_the_link_up(place: Flask, browser: Browser) -> None:
    way = reset_way(place, browser)
    for bad in ("", "short", ANA, "password"):
        assert browser.send(way, {"password": bad}).status_code == 422
    assert browser.send(way, {"password": NEW}).status_code == 303
    assert browser.get(way).status_code == 410


def test_a_link_to_a_new_password_is_good_for_two_hours(place: Flask, browser: Browser) -> None:
    reset_way(place, browser)
    old = way_in(letter(place, "reset-password", ANA, now=utcnow() - timedelta(hours=2)))
    assert browser.get(old).status_code == 410


def test_one_reset_ends_the_other_links(place: Flask, browser: Browser) -> None:
    first = reset_way(place, browser)
    second = way_in(letter(place, "reset-password", ANA))
    browser.send("/en/sign-in/link", {"email": ANA})
    signing_in = way_in(letter(place, "sign-in-link", ANA))
    assert browser.send(second, {"password": NEW}).status_code == 303
    assert [Browser(place).get(way).status_code for way in (first, signing_in)] == [410, 410]


def test_a_changed_password_ends_other_sessions_and_keeps_this_one(
    place: Flask, ana: Browser
) -> None:
    phone = Browser(place)
    phone.sign_in()
    answer = ana.send(CHANGE, {"password": NEW})
    assert (answer.status_code, answer.location) == (303, ACCOUNT)
    assert [each.get(ACCOUNT).status_code for each in (ana, phone)] == [200, 303]
    assert Browser(place).sign_in(ANA, NEW).status_code == 303
    assert kinds_for(place, ANA) == ["password-changed"]
    assert deeds(place) == ["password-changed"]


def test_a_password_can_be_removed_and_one_signs_in_by_mail(place: Flask, ana: Browser) -> None:
    assert ana.send(REMOVE, {}, page=CHANGE).status_code == 303
    assert Browser(place).sign_in().status_code == 422
    assert ana.get(ACCOUNT).text.count("You have no password, and sign in by mail.") == 1
    assert ana.get(CHANGE).text.count("Remove my password") == 0
    assert letter(place, "password-changed", ANA).subject == "Your password was removed"


def test_what_matters_asks_once_more_who_it_is_after_ten_minutes(
    place: Flask, ana: Browser
) -> None:
    token = ana.token(ACCOUNT)
    a_while_ago(place)
    asked = ana.get(CHANGE)
    assert (asked.status_code, asked.location) == (303, f"{PROVE}?next={CHANGE}")
    sent = ana.post(CHANGE, {"csrf_token": token, "password": NEW})
    assert (sent.status_code, sent.location) == (303, f"{PROVE}?next={CHANGE}")
    assert ana.get(sent.location).text.count("Nothing was changed yet.") == 1
    before = ana.cookie("academy")
    assert ana.send(asked.location, {"password": "not hers"}).status_code == 422
    answer = ana.send(asked.location, {"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, CHANGE)
    assert ana.get(CHANGE).status_code == 200
    assert ana.cookie("academy") != before
    assert Browser(place).sign_in().status_code == 303


def test_who_has_no_password_proves_it_with_a_code(place: Flask, ana: Browser) -> None:
    ana.send(REMOVE, {}, page=CHANGE)
    a_while_ago(place)
    page = f"{PROVE}?next={CHANGE}"
    assert ana.get(page).text.count('type="password"') == 0
    sent = ana.send(f"{PROVE}/mail", {}, page=page)
    assert (sent.status_code, sent.location) == (303, page)
    assert ana.send(page, {"code": "000000"}).status_code == 422
    code = code_in(letter(place, "sign-in-link", ANA))
    answer = ana.send(page, {"code": code})
    assert (answer.status_code, answer.location) == (303, CHANGE)
    assert ana.get(CHANGE).status_code == 200


def test_a_proof_leads_to_no_other_site(place: Flask, ana: Browser) -> None:
    a_while_ago(place)
    answer = ana.send(f"{PROVE}?next=//evil.example", {"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, ACCOUNT)
