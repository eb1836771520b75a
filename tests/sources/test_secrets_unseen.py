"""What a source was entrusted with is in no page, no log line and no answer of the API."""

from __future__ import annotations

import logging
import re
import sqlite3
from datetime import timedelta

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.audit import AuditEntry
from academy.config import Settings
from academy.db import db, unit_of_work, utcnow
from academy.tokens.operations import make_api_token
from courses.sources.credentials import CredentialKind, Credentials, credentials_of, push_secret_of
from courses.sources.models import Source, SourceState
from tests.invited import make_steward
from tests.read_sources import FEED, make_source, source
from tests.staff import make_member
from tests.visiting import Visitor

DESK = "/en/institutions/river-school/desk/sources"
SECRET, USER = "sesame-7c1f-open", "ana-of-the-river"
TYPED = {"name": "Our courses", "adapter": "csv", "address": FEED, "schedule": "daily"}
ENTERED = {"credentials": "basic", "user": USER, "secret": SECRET}


@pytest.fixture
def editor(app: Flask) -> Person:
    """Somebody who edits for the river school."""
    assert app.name
    return make_member()


@pytest.fixture
def desk(app: Flask, editor: Person) -> Visitor:
    """An editor at the browser."""
    return Visitor(app, editor)


def kept(app: Flask) -> Source:
    """Give the one source there is."""
    assert app.name
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(Source).one()


def test_credentials_are_kept_sealed_and_shown_to_nobody(
    app: Flask, desk: Visitor, editor: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    settings: Settings = app.config["SETTINGS"]
    steward = Visitor(app, make_steward())

    wrong = desk.post(f"{DESK}/new", **TYPED, **(ENTERED | {"user": "ana:of"}))
    made = desk.post(f"{DESK}/new", **TYPED, zone="UTC", **ENTERED)
    page = made.location or ""
    changed = desk.post(f"{page}/edit", **TYPED, zone="Africa/Nairobi", credentials="keep")

    found = kept(app)
    assert credentials_of(found, settings) == Credentials(CredentialKind.BASIC, SECRET, USER)
    assert (wrong.status_code, made.status_code, changed.status_code) == (422, 303, 303)
    seen = [
        wrong.text,
        made.text,
        *(desk.page(one) for one in (DESK, page, f"{page}/edit", f"{page}/trial")),
        steward.page("/en/secretariat/sources"),
        steward.page("/en/secretariat/log"),
        api_told(app, editor),
        caplog.text,
        repr(found),
        *(str(vars(entry)) for entry in db.session.query(AuditEntry)),
    ]
    assert [SECRET in one for one in seen] == [False] * len(seen)
    assert [USER in one for one in seen[1:]] == [False] * (len(seen) - 1)
    path = settings.home / "academy.sqlite"
    assert SECRET not in "\n".join(sqlite3.connect(path).iterdump())


def api_told(app: Flask, person: Person) -> str:
    """Give what the API tells of the sources."""
    with unit_of_work():
        who = db.session.get_one(Person, person.id)
        lasts, scopes = timedelta(days=1), ["publishing"]
        secret = make_api_token(who, "A program", scopes=scopes, lasts=lasts, now=utcnow())
    address = "/api/v1/institutions/river-school/sources"
    answer = app.test_client().get(address, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    return answer.text


def test_credentials_are_kept_replaced_and_removed(
    app: Flask, desk: Visitor, editor: Person
) -> None:
    settings: Settings = app.config["SETTINGS"]
    steward = make_steward()
    path = f"{DESK}/{make_source(editor, approved_by=steward)}/edit"

    desk.post(path, **TYPED, credentials="bearer", secret=SECRET)
    first = kept(app)
    assert (first.state, first.secret is None) == (SourceState.REQUESTED, False)
    form = desk.page(path)
    assert "Keep those that are kept" in form
    assert re.findall(r'name="secret"[^>]* value="([^"]*)"', form) == [""]

    desk.post(path, **TYPED, credentials="bearer", secret="another")
    second = credentials_of(kept(app), settings)
    assert second is not None
    assert second.secret == "another"

    desk.post(path, **TYPED, credentials="none")
    assert kept(app).secret is None


def test_an_address_elsewhere_asks_for_the_credentials_again(desk: Visitor, app: Flask) -> None:
    desk.post(f"{DESK}/new", **TYPED, **ENTERED)
    path = f"{DESK}/{kept(app).reference}/edit"
    moved = TYPED | {"address": "https://elsewhere.example.org/courses.csv"}

    refused = desk.post(path, **moved, credentials="keep")

    assert refused.status_code == 422
    assert "The address leads to another server." in refused.text
    assert kept(app).address == FEED
    assert desk.post(path, **moved, credentials="none").status_code == 303


def test_a_push_secret_is_shown_once_and_can_be_renewed(
    app: Flask, desk: Visitor, editor: Person
) -> None:
    settings: Settings = app.config["SETTINGS"]
    reference = make_source(editor)
    path = f"{DESK}/{reference}"

    shown = []
    for _twice in range(2):
        answer = desk.post(f"{path}/push-secret")
        assert answer.status_code == 200
        [made] = re.findall(r"whsec_[A-Za-z0-9+/=]{32}", answer.text)
        assert push_secret_of(source(reference), settings) == made
        shown.append(made)

    assert shown[0] != shown[1]
    page = desk.page(path)
    assert "whsec_" not in page
    assert "Make a new secret" in page
