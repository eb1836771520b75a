"""A form whose token is too old: one clear sentence, and nothing that was typed is lost."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.browsing import ACCOUNT, SIGN_IN, SIGN_UP, Browser, Form, Reader
from tests.letters import kinds_for

FIELDS = {"name": 'Béa <b> "Quote"\r\n&', "email": "bea@example.org"}
HEADING = '<h1 class="mt-6">This form was open for a long time</h1>'


def again(answer: TestResponse) -> Form:
    """The form that sends everything once more."""
    assert (answer.status_code, answer.text.count(HEADING)) == (400, 1)
    path = answer.request.path
    [form] = [form for form in Reader(answer.text).posts() if form.action.startswith(path)]
    return form


def test_what_was_typed_is_sent_again_with_one_button(place: Flask, browser: Browser) -> None:
    stale = {"csrf_token": "from yesterday", **FIELDS, "password": ""}
    form = again(browser.post(f"{SIGN_UP}?next=/en/learn", stale))
    assert {name: form.fields[name] for name in FIELDS} == FIELDS
    assert form.action == f"{SIGN_UP}?next=/en/learn"
    assert kinds_for(place, "bea@example.org") == []
    answer = browser.post(form.action, form.fields)
    assert (answer.status_code, answer.location) == (303, "/en/sign-in/code?next=/en/learn")
    assert kinds_for(place, "bea@example.org") == ["confirm-address"]


def test_a_sign_out_in_another_window_loses_no_form(ana: Browser) -> None:
    kept = Reader(ana.get("/en/my/account/address").text).posts()[-1]
    ana.sign_in()
    form = again(ana.post(kept.action, kept.fields | {"email": "new@example.org"}))
    assert ana.post(form.action, form.fields).location == ACCOUNT


def test_passwords_and_codes_are_not_written_into_a_page(browser: Browser) -> None:
    secret = {"email": "ana@example.org", "password": "planted words", "code": "123456"}
    form = again(browser.post(SIGN_IN, secret))
    assert sorted(form.fields) == ["csrf_token", "email"]
    answer = browser.post(form.action, form.fields)
    assert (answer.status_code, answer.text.count("planted words")) == (422, 0)


@pytest.mark.parametrize(
    "told",
    [
        {"Referer": "https://evil.example/"},
        {"Referer": "http://localhost.evil.example/"},
        {"Referer": "http://localhost@evil.example/"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Referer": ""},
    ],
)
def test_a_form_from_elsewhere_gets_no_button(browser: Browser, told: dict[str, str]) -> None:
    answer = browser.post(SIGN_UP, FIELDS, **told)
    assert (answer.status_code, answer.text.count(HEADING)) == (400, 0)
    assert answer.text.count("<h1>This request could not be read</h1>") == 1
    assert answer.text.count("bea@example.org") == 0


def test_everything_that_was_ticked_is_kept(browser: Browser) -> None:
    answer = browser.post(SIGN_UP, {"scopes": ["one", "two"]})  # type: ignore[dict-item]
    assert answer.text.count('name="scopes" value="one"') == 1
    assert answer.text.count('name="scopes" value="two"') == 1
