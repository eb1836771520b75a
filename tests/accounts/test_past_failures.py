"""What has gone wrong in systems like this one, by its number in the list of past failures."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import event, select

from academy.accounts.models import Person, Steward
from academy.db import db, unit_of_work, utcnow
from academy.notices.models import Notice
from academy.tokens.models import ApiToken
from academy.tokens.operations import make_api_token
from academy.tokens.queries import api_token_of
from tests.accounts.test_next import HOSTILE
from tests.browsing import ACCOUNT, SIGN_IN, SIGN_UP, Browser
from tests.letters import letter, way_in
from tests.making import PASSWORD, make_person

FORGOTTEN, LINK, CODE = "/en/password/forgotten", "/en/sign-in/link", "/en/sign-in/code"
ADDRESS = "/en/my/account/address"
ANA, BEN, NEW = "ana@example.org", "ben@example.org", "new@example.org"
TOKEN = re.compile(r'name="(csrf_token|stamp)" value="[^"]+"')
PEOPLE = ("ana@example.org", "nobody@example.org", "blocked@example.org", "steward@example.org")


@pytest.fixture
def peopled(place: Flask) -> Flask:
    """An academy with somebody blocked and a steward too."""
    with place.app_context():
        for email in PEOPLE[2:]:
            make_person(email)
        with unit_of_work():
            for person in db.session.scalars(select(Person)):
                if person.email == PEOPLE[2]:
                    person.blocked_at = utcnow()
                if person.email == PEOPLE[3]:
                    person.steward = Steward.ALL
    return place


def held(app: Flask) -> str:
    """Give a digest of every row of every table."""
    with app.app_context():
        tables = db.metadata.sorted_tables
        rows = [db.session.execute(select(one).order_by(*one.primary_key)).all() for one in tables]
        return hashlib.sha256(repr(rows).encode()).hexdigest()


def bearer(app: Flask) -> str:
    """Make Ana an API token."""
    with app.app_context(), unit_of_work():
        ana = db.session.scalars(select(Person).where(Person.email == ANA)).one()
        lasts = timedelta(days=30)
        return make_api_token(ana, "A test", scopes=["reviews"], lasts=lasts, now=utcnow())


def test_failure_12_reset_links_come_from_the_configured_host(place: Flask) -> None:
    for named in ("evil.example", "localhost.evil.example", "localhost:80@evil.example"):
        poisoned = Browser(place, address="http://localhost")
        token = poisoned.token(FORGOTTEN)
        fields = {"csrf_token": token, "email": ANA}
        assert poisoned.post(FORGOTTEN, fields, Host=named).status_code == 400
    with place.app_context():
        assert db.session.scalars(select(Notice)).all() == []
    browser = Browser(place)
    fields = {"csrf_token": browser.token(FORGOTTEN), "email": ANA}
    forged = {"X_Forwarded_Host": "evil.example", "Forwarded": "host=evil.example"}
    assert browser.post(FORGOTTEN, fields, **forged).status_code == 303
    mail = letter(place, "reset-password", ANA)
    assert mail.action is not None
    assert mail.action.url.startswith("http://localhost/en/password/reset/")
    assert "evil" not in repr(mail)


def test_failure_13_no_way_through_an_account_leads_to_another_site(place: Flask) -> None:
    browser, other = Browser(place), Browser(place)
    for target in HOSTILE:
        after = f"?next={quote(target)}"
        fields = {"email": ANA, "password": PASSWORD}
        assert browser.send(f"{SIGN_IN}{after}", fields).location == "/en/my"
        with place.app_context(), unit_of_work():
            for notice in db.session.scalars(select(Notice)):
                notice.made_at -= timedelta(hours=1)
        other.send(f"{SIGN_UP}{after}", {"name": "Ben", "email": BEN, "password": ""})
        assert other.send(way_in(letter(place, "confirm-address", BEN)), {}).location == "/en/my"
        with place.app_context(), unit_of_work():
            ben = db.session.scalars(select(Person).where(Person.email == BEN)).one()
            ben.confirmed_at = None


def test_failure_14_forms_of_people_who_are_not_signed_in_need_their_token_too(
    place: Flask, browser: Browser
) -> None:
    before = held(place)
    person = {"email": ANA, "password": PASSWORD, "name": "Ana", "code": "123456"}
    elsewhere = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}
    for path in (SIGN_IN, SIGN_UP, LINK, CODE, FORGOTTEN, "/en/sign-out"):
        assert browser.post(path, person, **elsewhere).status_code == 400, path
    assert browser.cookie("academy") is None
    assert held(place) == before


def test_failure_15_links_in_mails_change_nothing_before_a_button_is_pressed(
    place: Flask, ana: Browser
) -> None:
    visitor = Browser(place)
    visitor.send(SIGN_UP, {"name": "Ben", "email": BEN, "password": ""})
    visitor.send(LINK, {"email": ANA})
    visitor.send(FORGOTTEN, {"email": ANA})
    ana.send(ADDRESS, {"email": NEW})
    sent = [("confirm-address", BEN), ("sign-in-link", ANA), ("reset-password", ANA)]
    sent += [("old-address", ANA), ("new-address", NEW)]
    ways = [way_in(letter(place, kind, to)) for kind, to in sent]
    before, scanner = held(place), Browser(place)
    for _time in range(2):
        assert [scanner.get(way).status_code for way in ways] == [200] * 5
    assert held(place) == before
    assert scanner.get(ACCOUNT).status_code == 303
    assert Browser(place).send(ways[1], {}).status_code == 303


@pytest.mark.parametrize("path", [LINK, FORGOTTEN, SIGN_UP, SIGN_IN])
def test_failure_31_nobody_can_find_out_who_has_an_account(peopled: Flask, path: str) -> None:
    seen = []
    for email in PEOPLE:
        browser = Browser(peopled)
        fields = {"email": email, "name": "Somebody", "password": "not the right words"}
        answer = browser.send(path, fields)
        next_page = browser.get(answer.location).text if answer.location else ""
        pages = [TOKEN.sub("", page).replace(email, "") for page in (answer.text, next_page)]
        headers = sorted(name for name, _value in answer.headers)
        seen.append((answer.status_code, answer.location, headers, pages))
    assert seen == [seen[0]] * len(PEOPLE)


@pytest.mark.parametrize("path", [LINK, FORGOTTEN])
def test_failure_31_the_same_is_done_for_everybody_so_that_it_takes_as_long(
    peopled: Flask, path: str
) -> None:
    done: list[list[str]] = []
    with peopled.app_context():
        engine = db.engine

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        done[-1].append(statement.partition(" ")[0])

    for email in PEOPLE:
        browser = Browser(peopled)
        done.append([])
        token = browser.token(path)
        done.append([])
        browser.post(path, {"csrf_token": token, "email": email})
    assert "INSERT" in done[1]
    assert done[1::2] == [done[1]] * len(PEOPLE)


@pytest.mark.parametrize("shut", ["blocked_at", "erased_at"])
def test_failure_34_and_37_who_is_shut_out_is_out_at_every_door(
    place: Flask, ana: Browser, shut: str
) -> None:
    secret = bearer(place)
    visitor = Browser(place)
    visitor.send(LINK, {"email": ANA})
    visitor.send(FORGOTTEN, {"email": ANA})
    links = [way_in(letter(place, kind, ANA)) for kind in ("sign-in-link", "reset-password")]

    def doors() -> list[object]:
        with place.app_context():
            program = api_token_of(secret, now=utcnow()) is not None
        return [
            ana.get(ACCOUNT).status_code,
            program,
            *(visitor.get(way).status_code for way in links),
        ]

    assert doors() == [200, True, 200, 200]
    with place.app_context(), unit_of_work():
        setattr(db.session.scalars(select(Person)).one(), shut, utcnow())
    assert doors() == [303, False, 404, 404]
    assert Browser(place).sign_in().status_code == 422


def test_failure_38_what_opens_a_door_is_never_told_and_no_name_opens_one(
    place: Flask, ana: Browser
) -> None:
    document = ana.get("/api/v1/openapi.json").get_json()
    schemas = document.get("components", {}).get("schemas", {})
    named = {name for schema in schemas.values() for name in schema.get("properties", {})}
    assert len(named) > 20
    assert {name for name in named if re.search(r"(token|secret|hash|password)s?$", name)} == set()
    secret = bearer(place)
    assert (secret[:3], len(secret)) == ("ua_", 46)
    with place.app_context():
        token = db.session.scalars(select(ApiToken)).one()
        names = (token.reference, token.token_hash, str(token.id))
        assert [api_token_of(name, now=utcnow()) for name in names] == [None] * 3


def test_failure_39_a_name_cannot_write_a_header_of_a_mail(place: Flask) -> None:
    name = "Ben\r\nBcc: all@example.org"
    Browser(place).send(SIGN_UP, {"name": name, "email": BEN, "password": ""})
    with place.app_context():
        ben = db.session.scalars(select(Person).where(Person.email == BEN)).one()
        assert ben.name == "Ben Bcc: all@example.org"
    broken = {"name": "Ben", "email": f"{BEN}\r\nBcc: all@example.org", "password": ""}
    assert Browser(place).send(SIGN_UP, broken).status_code == 422
