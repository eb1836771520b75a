"""Sources at the desk: asked for, changed, read now, stopped, their reports."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db
from academy.institutions.models import MemberRole
from courses.harvesting.models import Harvest, HarvestState
from courses.sources.models import Schedule, Source, SourceState
from tests.invited import make_steward
from tests.read_sources import FEED, make_harvest, make_source, source
from tests.staff import make_member
from tests.visiting import Visitor

DESK = "/en/institutions/river-school/desk"
TYPED = {
    "name": "Our courses",
    "adapter": "csv",
    "address": FEED,
    "schedule": "daily",
    "zone": "Africa/Nairobi",
    "default_language": "fr",
    "default_licence": "CC BY 4.0",
    "columns": "title = Intitulé\nsubjects = Thème\nsubjects = Mot = clé\n",
    "zone_names": "CEST = Europe/Paris\n\nIST=Asia/Kolkata\n",
    "credentials": "none",
}


@pytest.fixture
def editor(app: Flask) -> Person:
    """Somebody who edits for the river school."""
    assert app.name
    return make_member()


@pytest.fixture
def desk(app: Flask, editor: Person) -> Visitor:
    """An editor at the browser."""
    return Visitor(app, editor)


@pytest.fixture
def steward(app: Flask) -> Person:
    """A steward of all."""
    assert app.name
    return make_steward()


def errors(page: str) -> dict[str, str]:
    """Give what a form says is wrong, by field."""
    found = re.findall(r'<p class="error" id="error-([\w]+)">([^<]+)</p>', page)
    return {name: html.unescape(text) for name, text in found}


def sources_kept() -> list[Source]:
    return list(db.session.scalars(select(Source)))


def test_an_editor_asks_that_a_source_is_read(desk: Visitor) -> None:
    form = desk.page(f"{DESK}/sources/new")
    answer = desk.post(f"{DESK}/sources/new", **TYPED)
    [made] = sources_kept()

    assert "Your website, with schema.org in its pages" in form
    assert (answer.status_code, answer.location) == (303, f"{DESK}/sources/{made.reference}")
    assert (made.name, made.adapter, made.address) == ("Our courses", "csv", FEED)
    assert (made.schedule, made.zone) == (Schedule.DAILY, "Africa/Nairobi")
    assert (made.default_language, made.default_licence) == ("fr", "CC-BY-4.0")
    assert made.columns == {"title": ["Intitulé"], "subjects": ["Thème", "Mot = clé"]}
    assert made.zone_names == {"CEST": "Europe/Paris", "IST": "Asia/Kolkata"}
    assert (made.state, made.secret) == (SourceState.REQUESTED, None)
    page = desk.page(answer.location or "")
    assert "A steward looks at it. Nothing is read before they approve it." in page
    assert "Read it now" not in page
    assert "Our courses" in desk.page(f"{DESK}/sources")


def test_a_form_that_is_sent_twice_asks_once(desk: Visitor) -> None:
    mark = re.findall(r'name="once" value="([^"]+)"', desk.page(f"{DESK}/sources/new"))[0]
    for _twice in range(2):
        assert desk.post(f"{DESK}/sources/new", **TYPED, once=mark).status_code == 303
    assert len(sources_kept()) == 1


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"adapter": "gopher"}, "adapter"),
        ({"address": "school.example.org"}, "address"),
        ({"address": "javascript:act()"}, "address"),
        ({"address": "https://ana:open@school.example.org/"}, "address"),
        ({"address": "http://10.0.0.1/courses"}, "address"),
        ({"address": "http://[::1]/courses"}, "address"),
        ({"address": "http://localhost/courses"}, "address"),
        ({"encoding": "rot13"}, "encoding"),
        ({"address": f"{FEED}?wstoken=0123"}, "address"),
        ({"address": f"{FEED}?page=1&Access%5Ftoken=0123"}, "address"),
        ({"address": f"{FEED}?key=0123"}, "address"),
        ({"address": ""}, "address"),
        ({"zone": "CEST"}, "zone"),
        ({"default_language": "klingon"}, "default_language"),
        ({"columns": "Intitulé"}, "columns"),
        ({"columns": "headline = Intitulé"}, "columns"),
        ({"zone_names": "CEST"}, "zone_names"),
        ({"zone_names": "CEST = Paris"}, "zone_names"),
        ({"zone_names": "Europe/Rome = Europe/Paris"}, "zone_names"),
        ({"credentials": "moodle", "secret": "abc"}, "credentials"),
        ({"credentials": "bearer"}, "secret"),
        ({"credentials": "basic", "secret": "abc"}, "user"),
        ({"credentials": "bearer", "secret": "a\nb"}, "secret"),
        ({"credentials": "argument", "secret": "abc"}, "user"),
        ({"credentials": "argument", "secret": "abc", "user": "?token="}, "user"),
        ({"secret": "abc"}, "credentials"),
        ({"user": "ana"}, "credentials"),
        ({"credentials": "keep", "secret": "abc"}, "credentials"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    desk: Visitor, typed: dict[str, str], wrong: str
) -> None:
    answer = desk.post(f"{DESK}/sources/new", **(TYPED | typed))
    assert answer.status_code == 422
    assert list(errors(answer.text)) == [wrong]
    assert sources_kept() == []
    assert "abc" not in answer.text


def test_how_a_text_is_encoded_can_be_said(desk: Visitor) -> None:
    answer = desk.post(f"{DESK}/sources/new", **(TYPED | {"encoding": "KOI8-R"}))
    [made] = sources_kept()
    form = desk.page(f"{DESK}/sources/{made.reference}/edit")
    assert (made.encoding, '<option value="KOI8-R" selected>' in form) == ("KOI8-R", True)
    assert "KOI8-R" in desk.page(answer.location or "")
    desk.post(f"{DESK}/sources/{made.reference}/edit", **TYPED)
    assert source(made.reference).encoding == ""


def test_a_calendar_is_taken_as_it_is_told(desk: Visitor) -> None:
    typed = TYPED | {"adapter": "ical", "address": "webcal://school.example.org/events.ics"}
    desk.post(f"{DESK}/sources/new", **typed)
    assert [one.address for one in sources_kept()] == ["https://school.example.org/events.ics"]


def test_a_changed_address_waits_for_a_steward_and_says_so(
    desk: Visitor, editor: Person, steward: Person
) -> None:
    reference = make_source(editor, approved_by=steward)
    path = f"{DESK}/sources/{reference}/edit"
    assert FEED in desk.page(path)

    desk.post(path, **(TYPED | {"credentials": "keep"}))
    assert source(reference).state is SourceState.APPROVED
    answer = desk.post(path, **(TYPED | {"address": f"{FEED}?page=2"}))

    assert answer.status_code == 303
    assert source(reference).state is SourceState.REQUESTED
    assert "A steward approves it before it is read." in desk.page(answer.location or "")


def test_a_source_is_read_now_once_it_is_approved(
    desk: Visitor, editor: Person, steward: Person
) -> None:
    waiting = make_source(editor, name="Waiting")
    reference = make_source(editor, approved_by=steward)
    page = f"{DESK}/sources/{reference}"

    refused = desk.post(f"{DESK}/sources/{waiting}/read")
    answers = [desk.post(f"{page}/read").status_code for _twice in range(2)]

    assert (refused.status_code, answers) == (403, [303, 303])
    [harvest] = db.session.scalars(select(Harvest)).all()
    assert (harvest.state, harvest.asked_by_id) == (HarvestState.QUEUED, editor.id)
    assert "Waits in line" in desk.page(page)

    assert desk.post(f"{page}/stop").status_code == 303
    [harvest] = db.session.scalars(select(Harvest)).all()
    assert harvest.state is HarvestState.ABORTED
    assert "Stop reading" not in desk.page(page)


def test_a_reading_that_runs_is_asked_to_stop(
    desk: Visitor, editor: Person, steward: Person
) -> None:
    reference = make_source(editor, approved_by=steward)
    make_harvest(reference, HarvestState.RUNNING)
    desk.post(f"{DESK}/sources/{reference}/stop")
    [harvest] = db.session.scalars(select(Harvest)).all()
    assert harvest.stop_asked
    assert "It stops before the next records." in desk.page(f"{DESK}/sources/{reference}")


def test_an_editor_pauses_a_source_and_asks_for_it_again(
    desk: Visitor, editor: Person, steward: Person
) -> None:
    reference = make_source(editor, approved_by=steward)
    page = f"{DESK}/sources/{reference}"
    desk.post(f"{page}/pause")
    assert source(reference).state is SourceState.PAUSED
    assert "It is not read. What was read before stays as it is." in desk.page(page)
    desk.post(f"{page}/resume")
    assert source(reference).state is SourceState.REQUESTED


@pytest.mark.parametrize("role", [MemberRole.FACILITATOR, MemberRole.REPORTER])
def test_others_who_work_there_do_not_see_sources(
    app: Flask, editor: Person, role: MemberRole
) -> None:
    reference = make_source(editor)
    other = Visitor(app, make_member(role, email="other@example.org"))
    for path in ("sources", f"sources/{reference}", f"sources/{reference}/trial"):
        assert other.get(f"{DESK}/{path}").status_code == 403


def test_a_source_of_another_institution_is_not_found(app: Flask, editor: Person) -> None:
    reference = make_source(editor)
    elsewhere = make_member(institution="hill-school", email="hill@example.org")
    hill = Visitor(app, elsewhere)
    path = f"/en/institutions/hill-school/desk/sources/{reference}"
    for page in (path, f"{path}/edit", f"{path}/trial"):
        assert hill.get(page).status_code == 404
    for act in ("read", "stop", "pause", "resume", "edit", "trial", "push-secret"):
        assert hill.post(f"{path}/{act}").status_code == 404
    assert source(reference).state is SourceState.REQUESTED
