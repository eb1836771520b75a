"""Labels hold: whom a view lets in, and what the others are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.access import public, scope, signed_in, steward
from academy.accounts.models import Person, Steward
from academy.db import db, unit_of_work, utcnow
from academy.tokens.models import ApiToken
from academy.tokens.operations import make_api_token
from tests.browsing import ACCOUNT, EVERYWHERE, Browser
from tests.making import make_person


def a_view() -> Callable[[], str]:
    """Make a page that anybody could read who is let in."""

    def view() -> str:
        return "Let in."

    return view


@pytest.fixture
def place(place: Flask) -> Flask:
    """An academy with four more pages, and with Stella who keeps order in it."""
    for name, label in (("public", public), ("signed-in", signed_in), ("steward", steward)):
        labelled = label(scope("reviews")(a_view()))
        place.add_url_rule(f"/api/{name}", f"api-{name}", labelled, methods=["GET"])
        place.add_url_rule(f"/{name}", name, labelled, methods=["GET"])
    place.add_url_rule("/bare", "bare", a_view())
    misspelt = a_view()
    misspelt.__dict__["access"] = "signedin"
    place.add_url_rule("/misspelt", "misspelt", misspelt)
    with place.app_context():
        make_person("stella@example.org", name="Stella")
        with unit_of_work():
            stella = select(Person).where(Person.email == "stella@example.org")
            db.session.scalars(stella).one().steward = Steward.ALL
    return place


def api_token(app: Flask, email: str = "ana@example.org", scope: str = "reviews") -> str:
    """Make an API token for somebody."""
    with app.app_context(), unit_of_work():
        person = db.session.scalars(select(Person).where(Person.email == email)).one()
        lasts = timedelta(days=30)
        return make_api_token(person, "A test", scopes=[scope], lasts=lasts, now=utcnow())


@pytest.fixture
def stella(place: Flask) -> Browser:
    """The browser of a steward."""
    hers = Browser(place)
    hers.sign_in("stella@example.org")
    return hers


PAGES = ("/public", "/signed-in", "/steward", "/bare", "/misspelt")


def test_a_label_lets_in_whom_it_names_and_no_label_lets_in_nobody(
    browser: Browser, ana: Browser, stella: Browser
) -> None:
    statuses = {
        name: [who.get(page).status_code for page in PAGES]
        for name, who in (("visitor", browser), ("Ana", ana), ("Stella", stella))
    }
    assert statuses == {
        "visitor": [200, 303, 303, 403, 303],
        "Ana": [200, 200, 403, 403, 403],
        "Stella": [200, 200, 200, 403, 403],
    }


def test_programs_are_not_led_to_a_form(browser: Browser) -> None:
    for page in ("/api/signed-in", "/api/steward"):
        answer = browser.get(page)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_programs_bring_a_token_and_cookies_are_not_looked_at(place: Flask, ana: Browser) -> None:
    hers = {"Authorization": f"Bearer {api_token(place)}"}
    pages = ("/api/signed-in", "/api/steward")
    assert [ana.get(page).status_code for page in pages] == [401, 401]
    assert [Browser(place).get(page, **hers).status_code for page in pages] == [200, 403]
    assert Browser(place).get("/signed-in", **hers).status_code == 303


def test_when_a_token_was_last_used_is_kept_to_five_minutes(place: Flask) -> None:
    hers = {"Authorization": f"Bearer {api_token(place)}"}
    used = []
    for ago in (None, timedelta(minutes=4), timedelta(minutes=6)):
        with place.app_context(), unit_of_work():
            token = db.session.scalars(select(ApiToken)).one()
            token.last_used_at = before = utcnow() - ago if ago else None
        assert Browser(place).get("/api/signed-in", **hers).status_code == 200
        with place.app_context():
            used.append(db.session.scalars(select(ApiToken.last_used_at)).one() != before)
    assert used == [True, False, True]


def test_who_may_not_is_told_so_and_nothing_else(ana: Browser) -> None:
    page = ana.get("/steward").text
    assert page.count("<h1>Not for this account</h1>") == 1
    assert page.count("Let in.") == 0


def test_a_form_sent_when_the_session_is_over_leads_to_the_sign_in_page(browser: Browser) -> None:
    answer = browser.post(EVERYWHERE, {"csrf_token": browser.token()})
    assert (answer.status_code, answer.location) == (303, "/en/sign-in")
    asked = browser.get(ACCOUNT)
    assert (asked.status_code, asked.location) == (303, "/en/sign-in?next=/en/my/account")


def test_an_office_that_was_taken_back_opens_nothing(place: Flask, stella: Browser) -> None:
    assert stella.get("/steward").status_code == 200
    with place.app_context(), unit_of_work():
        office = select(Person).where(Person.email == "stella@example.org")
        db.session.scalars(office).one().steward = Steward.NONE
    assert stella.get("/steward").status_code == 403
