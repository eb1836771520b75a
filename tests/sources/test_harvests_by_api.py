"""Readings of a source for programs: each with its reasons, record by record."""

from __future__ import annotations

from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.accounts.models import Person
from courses.harvesting.draft import Weight
from courses.harvesting.harvests.holding import WOULD_VANISH
from courses.harvesting.models import HarvestState
from tests.invited import make_steward
from tests.making import NOW, make_institution
from tests.programs import Program
from tests.read_sources import make_harvest, make_source
from tests.sources.test_sources_by_api import ADDRESS, bearer
from tests.staff import make_member

NO_TITLE = {"code": "no-title", "weight": Weight.REJECTED, "line": 7, "external_id": "R-7"}
FIGURES: dict[str, Any] = {"read": 3, "added": 1, "updated": 0, "unchanged": 0, "rejected": 2}


@pytest.fixture
def editor(app: Flask) -> Person:
    """Somebody who edits for the river school."""
    assert app.name
    return make_member()


def test_a_reading_is_told_with_every_reason(client: FlaskClient, editor: Person) -> None:
    reference = make_source(editor)
    findings = [NO_TITLE | {"found": "-"}, NO_TITLE | {"line": 2, "field": "title"}]
    more: dict[str, Any] = {"findings": findings, "unmapped": {"Poterie": 2}}
    made = make_harvest(reference, **more, **FIGURES)

    told = client.get(f"{ADDRESS}/{reference}/harvests/{made}", headers=bearer(editor))

    assert told.status_code == 200
    report = told.get_json()
    said = "The record has no title."
    usual = {"code": "no-title", "weight": "rejected", "sentence": said, "id": "R-7"}
    assert {name: report[name] for name in FIGURES} == FIGURES
    assert report["findings"] == [
        {**usual, "line": 2, "field": "title", "found": ""},
        {**usual, "line": 7, "field": "", "found": "-"},
    ]
    assert report["codes"] == [
        {"code": "no-title", "weight": "rejected", "sentence": said, "count": 2}
    ]
    assert (report["unmapped"], report["told_in"]) == ({"Poterie": 2}, made)
    assert (report["asked"], report["page"], report["next"]) == (NOW.isoformat(), 1, None)


def test_a_failed_reading_says_why_and_a_held_one_what_it_would_unlist(
    client: FlaskClient, editor: Person
) -> None:
    reference, headers = make_source(editor), bearer(editor)
    details = {"status": "503", "host": "school.example.org"}
    failed = make_harvest(reference, HarvestState.FAILED, code="http-status", details=details)
    done = make_harvest(reference, code="http-status", details=details)
    gone = {"code": WOULD_VANISH, "weight": Weight.HELD, "line": 0, "external_id": "water"}
    held = make_harvest(reference, HarvestState.HELD, findings=[gone])
    reports = [
        client.get(f"{ADDRESS}/{reference}/harvests/{one}", headers=headers).get_json()
        for one in (failed, done, held)
    ]
    assert [(one["state"], one["code"], one["sentence"]) for one in reports] == [
        (
            *("failed", "http-status"),
            "school.example.org answers with the status 503 instead of a page.",
        ),
        ("done", "", ""),
        ("held", "", ""),
    ]
    assert [(one["id"], one["code"]) for one in reports[2]["findings"]] == [("water", WOULD_VANISH)]


def test_readings_are_listed_newest_first_in_pages(client: FlaskClient, editor: Person) -> None:
    reference, headers = make_source(editor), bearer(editor)
    made = [make_harvest(reference) for _ in range(52)]
    make_harvest(make_source(editor, name="Other"))
    path = f"{ADDRESS}/{reference}/harvests"
    first = client.get(path, headers=headers).get_json()
    second = client.get(first["next"], headers=headers).get_json()
    assert [one["reference"] for one in first["harvests"] + second["harvests"]] == made[::-1]
    assert (first["next"], second["next"]) == (f"{path}?page=2", None)
    assert (first["total"], first["page_size"], second["page"]) == (52, 50, 2)
    assert client.get(f"{path}?page=0", headers=headers).status_code == 422


def test_findings_come_in_pages(client: FlaskClient, editor: Person) -> None:
    reference, headers = make_source(editor), bearer(editor)
    many = [NO_TITLE | {"line": line} for line in range(1, 203)]
    path = f"{ADDRESS}/{reference}/harvests/{make_harvest(reference, findings=many)}"
    first = client.get(path, headers=headers).get_json()
    second = client.get(first["next"], headers=headers).get_json()
    lines = [one["line"] for one in first["findings"] + second["findings"]]
    assert (lines, second["next"]) == (list(range(1, 203)), None)
    assert len(second["findings"]) == 2


def test_readings_are_for_editors_and_stewards_of_the_institution_alone(
    app: Flask, editor: Person
) -> None:
    reference = make_source(editor)
    made = make_harvest(reference)
    make_institution("hill-school")
    other = make_member(institution="hill-school", email="h@example.org")
    paths = [f"{ADDRESS}/{reference}/harvests", f"{ADDRESS}/{reference}/harvests/{made}"]
    who = {
        "editor": Program(app, editor),
        "steward": Program(app, make_steward()),
        "other": Program(app, other),
        "reviewer": Program(app, editor, ["reviews"]),
    }
    given = {
        name: [one.send("GET", path).status_code for path in paths] for name, one in who.items()
    }
    assert given == {
        "editor": [200, 200],
        "steward": [200, 200],
        "other": [403, 403],
        "reviewer": [403, 403],
    }
    client = app.test_client()
    assert [Context().run(client.get, path).status_code for path in paths] == [401, 401]
    there = [path.replace("river-school", "hill-school") for path in paths]
    assert [who["other"].send("GET", path).status_code for path in there] == [404, 404]
