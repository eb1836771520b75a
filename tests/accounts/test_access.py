"""Labels hold: whom a view lets in, and what the others are told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from academy.access import public, signed_in, steward
from academy.accounts.models import Person, Steward
from academy.db import db, unit_of_work
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
        labelled = label(a_view())
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


def test_programs_are_not_led_to_a_form(browser: Browser, ana: Browser) -> None:
    for page in ("/api/signed-in", "/api/steward"):
        answer = browser.get(page)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert ana.get("/api/steward").status_code == 403


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
