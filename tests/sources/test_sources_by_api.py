"""The sources of an institution for programs: figures, and nothing that is secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from academy.tokens.operations import make_api_token
from tests.invited import make_steward
from tests.making import NOW, make_institution
from tests.questions import statements
from tests.read_sources import make_harvest, make_source
from tests.staff import make_member

ADDRESS = "/api/v1/institutions/river-school/sources"


@pytest.fixture
def editor(app: Flask) -> Person:
    """Somebody who edits for the river school."""
    assert app.name
    return make_member()


def bearer(person: Person, scope: str = "publishing") -> dict[str, str]:
    """Make the header of a program that acts for somebody."""
    with unit_of_work():
        who, day = db.session.get_one(Person, person.id), timedelta(days=1)
        secret = make_api_token(who, "A program", scopes=[scope], lasts=day, now=utcnow())
    return {"Authorization": f"Bearer {secret}"}


READ = {
    "state": "done",
    "sentence": "",
    "record": "",
    "started": None,
    "vanished": 1,
    "held": 2,
    "locked": 4,
}


def test_sources_are_told_with_their_last_reading(client: FlaskClient, editor: Person) -> None:
    reference = make_source(editor, approved_by=make_steward(), secret=b"sealed", now=NOW)
    make_source(editor, name="Waiting")
    figures: dict[str, Any] = {"read": 9, "added": 2, "updated": 3, "unchanged": 3, "rejected": 1}
    harvest = make_harvest(reference, vanished=1, held=2, locked=4, **figures)

    answer = client.get(ADDRESS, headers=bearer(editor))

    ours, waiting = answer.get_json()
    last = ours.pop("last")
    assert answer.status_code == 200
    assert ours == {
        "reference": reference,
        "name": "Our courses",
        "format": "csv",
        "coverage": None,
        "state": "approved",
        "schedule": "daily",
        "next": NOW.isoformat(),
    }
    at = NOW.isoformat()
    assert last == {"reference": harvest, "code": "", "asked": at, "ended": at, **READ, **figures}
    assert (waiting["state"], waiting["next"], waiting["last"]) == ("requested", None, None)


def test_many_sources_are_told_with_as_many_questions_as_one(
    client: FlaskClient, editor: Person
) -> None:
    headers, counted = bearer(editor), []
    tables = ("harvests", "source_records", "word_mappings")
    for names in (["A"], ["B", "C", "D", "E"]):
        for name in names:
            make_harvest(make_source(editor, name=name))
        with statements() as asked:
            told = client.get(ADDRESS, headers=headers).get_json()
        found = [one for one in asked if any(f"FROM {name}" in one for name in tables)]
        counted.append((len(told), len(found)))
    assert counted == [(1, 1), (5, 1)]


@pytest.mark.parametrize(
    ("place", "scope", "status"),
    [("river-school", "reviews", 403), ("hill-school", "publishing", 403)],
)
def test_only_editors_with_the_scope_are_told(
    client: FlaskClient, editor: Person, place: str, scope: str, status: int
) -> None:
    make_institution("river-school")
    who = (
        editor if place == "river-school" else make_member(institution=place, email="h@example.org")
    )
    assert client.get(ADDRESS, headers=bearer(who, scope)).status_code == status


def test_nobody_is_told_without_a_token(client: FlaskClient, editor: Person) -> None:
    make_source(editor)
    assert client.get(ADDRESS).status_code == 401


def test_it_is_described(client: FlaskClient) -> None:
    told = client.get("/api/v1/openapi.json").get_json()
    described = told["paths"]["/api/v1/institutions/{institution}/sources"]["get"]
    assert described["security"] == [{"token": []}]
    assert "Source" in str(described["responses"]["200"])
