"""No form of any page works without the token that its page gave."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.browsing import ACCOUNT, EVERYWHERE, SIGN_IN, SIGN_OUT, SIGN_UP, Browser
from tests.making import PASSWORD

HEADING = re.compile(
    "<h1[^>]*>(This request could not be read|This form was open for a long time)<"
)
BY_SECRET = "/unsubscribe/"
"""Mail programs press this button for their readers: the secret of the address is the proof."""

BLANKS = {"lang": "en", "slug": "water", "institution": "river-school", "number": 1}


def addresses(app: Flask, *, api: bool = False) -> Iterator[str]:
    """Give an address for every rule that takes a form, or for every one that programs write to."""
    for rule in app.url_map.iter_rules():
        for_programs = rule.rule.startswith("/api/")
        takes = "POST" in (rule.methods or ()) and BY_SECRET not in rule.rule
        if takes and for_programs == api:
            blanks = {name: BLANKS.get(name, "AAAAAAAAAAAAAAAA") for name in rule.arguments}
            with app.test_request_context():
                built = rule.build(blanks, append_unknown=False)
            assert built is not None
            yield built[1]


def test_the_walk_finds_the_forms_there_are(place: Flask) -> None:
    found = set(addresses(place))
    assert found >= {SIGN_IN, SIGN_UP, SIGN_OUT, EVERYWHERE, "/en/runs/AAAAAAAAAAAAAAAA/enrolment"}


@pytest.mark.parametrize("fields", [{}, {"csrf_token": ""}, {"csrf_token": "forged"}])
def test_no_form_works_without_its_token(
    place: Flask, ana: Browser, browser: Browser, fields: dict[str, str]
) -> None:
    for who in (ana, browser):
        answers = {path: who.post(path, fields) for path in addresses(place)}
        statuses = {path: answer.status_code for path, answer in answers.items()}
        assert statuses == dict.fromkeys(statuses, 400)
        pages = {path: len(HEADING.findall(answer.text)) for path, answer in answers.items()}
        assert pages == dict.fromkeys(pages, 1)
    assert ana.get(ACCOUNT).status_code == 200


def test_what_programs_write_to_looks_at_no_cookie(place: Flask, ana: Browser) -> None:
    answers = {path: ana.post(path, {"csrf_token": "x"}) for path in addresses(place, api=True)}
    assert answers != {}
    statuses = {path: answer.status_code for path, answer in answers.items()}
    # Messages are signed with the secret of a source, and there is no such source.
    asked = {path: 404 if path.endswith("/messages") else 401 for path in statuses}
    assert statuses == asked


def test_somebody_elses_token_does_not_fit(ana: Browser, browser: Browser) -> None:
    assert ana.post(SIGN_OUT, {"csrf_token": browser.token()}).status_code == 400
    assert ana.get(ACCOUNT).status_code == 200


def test_nobody_is_signed_in_from_outside(browser: Browser) -> None:
    right = {"email": "ana@example.org", "password": PASSWORD}
    assert browser.post(SIGN_IN, right).status_code == 400
    assert browser.cookie("academy") is None


def test_a_token_from_before_signing_in_is_worth_nothing_after(browser: Browser) -> None:
    token = browser.token()
    browser.sign_in()
    assert browser.post(SIGN_OUT, {"csrf_token": token}).status_code == 400


def test_over_https_a_form_from_another_site_does_not_work(place: Flask) -> None:
    browser = Browser(place, address="https://localhost")
    token = browser.token()
    answer = browser.post(SIGN_OUT, {"csrf_token": token}, Referer="https://evil.example/")
    assert answer.status_code == 400
    assert browser.post(SIGN_OUT, {"csrf_token": token}).status_code == 303
