"""Asking for pages changes nothing: not a row, not a file, whoever asks."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask

from academy.access import PUBLIC, SIGNED_IN
from tests.web.conftest import Walk
from tests.web.crawling import endpoint

SHORTCUTS = {"courses.webinars"}
ON_THE_WAY = {"accounts.prove", "privacy.erased"}
"""Pages that a button leads to, and no link."""

OF_A_SCRIPT = {"courses.suggestions", "bridges.moochub_courses"}
"""What the search box asks while somebody types, and other catalogues; other tests go there."""

OF_WORK = {"courses.my_institutions", "courses.my_webinars"}
"""Pages to which the menu leads those who work for an institution, and nobody else."""

OF_A_MEETING = {"courses.join", "courses.go_to_meeting", "courses.enrolment_calendar"}
"""Pages of who is enrolled in a webinar; tests/webinars go there."""

APART = ("/api/", "/static/", "/healthz", "/readyz", "/mails")
"""Addresses for programs, and for who develops the academy."""

NO_WORKER = {"/readyz": 503}
"""Nobody keeps the index here, and the academy says so."""


@pytest.fixture(params=["as_visitor", "as_learner"])
def walk(request: pytest.FixtureRequest) -> Walk:
    """Each of the two who walked."""
    found: Walk = request.getfixturevalue(request.param)
    return found


def pages(app: Flask, *labels: object) -> set[str]:
    """Name every route that shows a page to whom these labels let in; not those of mails."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.rule.startswith(APART)
        and label_of(app, rule.endpoint) in labels
        and not rule.arguments & {"secret", "token"}
    }


def label_of(app: Flask, endpoint: str) -> object:
    """Tell whom a view lets in."""
    return getattr(app.view_functions.get(endpoint), "access", None)


def reached(walk: Walk) -> set[str]:
    """Name every route that was reached by following ways, with an answer of its own."""
    return {
        endpoint(walk.app, urlsplit(address).path)
        for address, answer in walk.followed.items()
        if answer.status_code == 200 or endpoint(walk.app, urlsplit(address).path) == "site.root"
    }


def test_every_page_can_be_reached_by_following_ways(as_visitor: Walk, as_learner: Walk) -> None:
    app = as_visitor.app
    public, own = pages(app, PUBLIC) - SHORTCUTS - ON_THE_WAY, pages(app, SIGNED_IN) - ON_THE_WAY
    assert public - OF_A_SCRIPT - reached(as_visitor) == set()
    entered = {name for name in reached(as_visitor) if label_of(app, name) not in {None, PUBLIC}}
    assert entered == set()
    assert own - OF_WORK - OF_A_MEETING - reached(as_learner) == set()


def test_programs_ask_too(as_visitor: Walk) -> None:
    asked = {address for address in as_visitor.met if address.startswith("/api/v1/")}
    assert asked >= {"/api/v1/offers", "/api/v1/vocabularies", "/api/v1/openapi.json"}


def test_no_way_leads_nowhere(walk: Walk) -> None:
    answers = {address: answer.status_code for address, answer in walk.followed.items()}
    assert {address: status for address, status in answers.items() if status >= 400} == {}


def test_every_page_answers_whom_it_lets_in_and_nobody_else(walk: Walk) -> None:
    lets_in = {None, PUBLIC} | ({SIGNED_IN} if walk.browser.cookie("academy") else set())
    wrong = {}
    for address, answer in walk.met.items():
        path = urlsplit(address).path
        asked_to_sign_in = urlsplit(answer.location or "").path.endswith("/sign-in")
        entered = answer.status_code < 400 and not asked_to_sign_in
        label = label_of(walk.app, endpoint(walk.app, path))
        # The API does not look at cookies.
        whom = {PUBLIC} if path.startswith("/api/") else lets_in
        if entered != (label in whom):
            wrong[address] = answer.status_code
    assert wrong == NO_WORKER


def test_reading_changes_nothing(walk: Walk) -> None:
    assert len(walk.met) > 60
    changed = {name for name in walk.before if walk.before[name] != walk.after.get(name)}
    assert (changed, walk.before.keys() ^ walk.after.keys()) == (set(), set())


def test_there_is_something_that_could_have_changed(as_learner: Walk) -> None:
    tables = {name for name in as_learner.before if name.startswith("table ")}
    assert {"table sessions", "table enrolments", "table stale_offers"} <= tables
    assert as_learner.before["table sessions"] != as_learner.before["table enrolments"]
    assert [name for name in as_learner.before if name.startswith("index")] != []
