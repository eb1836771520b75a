"""Who may ask what: each address, by each method, as everybody, with a cookie and with tokens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from academy.access import PUBLIC, SIGNED_IN
from tests.conftest import academy_of
from tests.house.everyone import HERE, THERE, Everybody
from tests.house.permissions import PAGE, PRINCIPALS, Entry, entries, page

pytestmark = pytest.mark.slow
DOORS = ("cookie", "token with all scopes", "token without scopes")
STRONGEST = ("steward of all", "owner")
"""Where a page does not look at their tokens, it looks at nobody's."""

ENOUGH = ("visitor", "learner", "steward of all")
"""Who asks what makes no difference between people."""


@pytest.fixture(scope="module")
def academy_peopled(
    bare_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Everybody]:
    """Everybody at one academy, asked from the first test of the file to the last."""
    with academy_of(bare_home, tmp_path_factory.mktemp("permissions") / "home") as app:
        yield Everybody(app)


NOT_READY = {"/readyz"}
"""Says that nobody keeps the index here."""


def routes(app: Flask) -> set[tuple[str, str]]:
    """Give every method of every address there is."""
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def answered(answer: TestResponse, entry: Entry, changed: bool) -> str:
    """Tell how a request was met."""
    status, leads_to = answer.status_code, urlsplit(answer.location or "").path
    if status == 303 and leads_to.endswith("/sign-in"):
        return "sign-in"
    if status in {401, 403}:
        return str(status)
    # Doing twice what is done once leads on as the first time did, and so does what is not theirs.
    on = status in {204, 303} and entry.word.by_thing and entry.method != "GET"
    if status in {404, 410} or (on and not changed):
        return "lost"
    return "in" if status < 500 or entry.rule in NOT_READY else str(status)


def ask(everybody: Everybody, entry: Entry, principal: str, door: str, place: str = HERE) -> str:
    """Ask as somebody, and tell how it was met; nothing is changed by who is not let in."""
    asking = (principal, entry.method, entry.rule, place)
    if door == "cookie":
        answer = everybody.by_cookie(*asking)
    else:
        answer = everybody.by_bearer(*asking, scopes=door == "token with all scopes")
    changed = everybody.changed()
    told = answered(answer, entry, changed)
    # What was answered to a key of a program is kept, whatever was answered.
    changed &= not (entry.is_api and told == "lost")
    return told if told == "in" or not changed else f"{told}, and something was changed"


def asked_by(principal: str, door: str) -> list[Entry]:
    """Give the lines that somebody asks through a door."""
    return [
        entry
        for entry in entries()
        if (entry.is_api or door == "cookie" or (principal in STRONGEST and door == DOORS[1]))
        and (entry.word.label != PUBLIC or principal in ENOUGH)
    ]


def test_every_address_is_in_the_table_once(academy_peopled: Everybody) -> None:
    told = [(entry.method, entry.rule) for entry in entries()]
    assert len(told) == len(set(told))
    assert set(told) ^ routes(academy_peopled.app) == set()


def test_every_label_in_the_code_is_that_of_the_table(academy_peopled: Everybody) -> None:
    app, differs = academy_peopled.app, {}
    known = {(entry.method, entry.rule): entry for entry in entries()}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        worn = (getattr(view, "access", "public"), getattr(view, "scope", None))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            entry = known[method, rule.rule]
            if worn != (entry.word.label, entry.scope):
                differs[method, rule.rule] = worn
    assert differs == {}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("principal", PRINCIPALS)
def test_everybody_is_met_as_the_table_says(
    academy_peopled: Everybody, principal: str, door: str
) -> None:
    wrong = {}
    for entry in asked_by(principal, door):
        met, told = ask(academy_peopled, entry, principal, door), entry.answer(principal, door)
        if met != told:
            wrong[entry.method, entry.rule] = f"{met}, not {told}"
    assert wrong == {}


@pytest.mark.parametrize("principal", ["owner elsewhere", "steward of another section"])
def test_a_thing_of_one_institution_is_not_found_below_another(
    academy_peopled: Everybody, principal: str
) -> None:
    within = [
        entry
        for entry in entries()
        if "<institution>" in entry.rule and entry.rule.count("<") > 2 - entry.is_api
    ]
    assert len(within) > 20
    wrong = {}
    for entry in within:
        door = DOORS[1] if entry.is_api else "cookie"
        met = ask(academy_peopled, entry, principal, door, THERE)
        if met != "lost":
            wrong[entry.method, entry.rule] = met
    assert wrong == {}


def test_who_works_for_one_institution_works_for_no_other(academy_peopled: Everybody) -> None:
    entered = {
        (entry.method, entry.rule, principal): met
        for principal in ("reporter", "facilitator", "editor", "owner", "steward of the section")
        for entry in entries()
        if "<institution>" in entry.rule and entry.word.label != SIGNED_IN
        for door in [DOORS[1] if entry.is_api else "cookie"]
        if (met := ask(academy_peopled, entry, principal, door, THERE)) != "403"
    }
    assert entered == {}


def test_the_api_does_not_look_at_cookies(academy_peopled: Everybody) -> None:
    met = {
        ask(academy_peopled, entry, "steward of all", "cookie")
        for entry in entries()
        if entry.is_api and entry.word.label != PUBLIC
    }
    assert met == {"401"}


def test_the_page_for_people_is_that_of_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
