"""Who may ask what: each address, by each method, as everybody, with a cookie and with tokens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import academy_of
from tests.house.everyone import HERE, Everybody
from tests.house.permissions import PAGE, PRINCIPALS, Entry, entries, page

DOORS = ("cookie", "token with all scopes", "token without scopes")
NOT_THERE = "/healthz"


@pytest.fixture(scope="module")
def academy_peopled(
    bare_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Everybody]:
    """Everybody at one academy, asked from the first test of the file to the last."""
    with academy_of(bare_home, tmp_path_factory.mktemp("permissions") / "home") as app:
        yield Everybody(app)


def routes(app: Flask) -> set[tuple[str, str]]:
    """Give every method of every address there is."""
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def answered(answer: TestResponse, changed: bool) -> str:
    """Tell how a request was met; who changed nothing and saw nothing is lost."""
    if answer.status_code == 303 and urlsplit(answer.location).path.endswith("/sign-in"):
        return "sign-in"
    if answer.status_code in {401, 403}:
        return str(answer.status_code)
    if answer.status_code in {404, 410}:
        return "lost"
    return "in" if changed or answer.status_code < 500 else str(answer.status_code)


def ask(everybody: Everybody, entry: Entry, principal: str, door: str, place: str) -> str:
    """Ask as somebody, and tell how it was met; nothing is changed by who is not let in."""
    path = everybody.address(entry.rule, place)
    if door == "cookie":
        answer = everybody.by_cookie(principal, entry.method, path)
    else:
        scopes = door == "token with all scopes"
        answer = everybody.by_bearer(principal, entry.method, path, scopes=scopes)
    changed = everybody.changed()
    told = answered(answer, changed)
    return told if told == "in" or not changed else f"{told}, and something was changed"


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
    for entry in entries():
        met, told = ask(academy_peopled, entry, principal, door, HERE), entry.answer(principal, door)
        if met != told:
            wrong[entry.method, entry.rule] = f"{met}, not {told}"
    assert wrong == {}


def test_the_page_for_people_is_that_of_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
