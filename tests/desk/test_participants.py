"""Who takes part, as the institution reads it: numbers for all who work there, names for some."""

from __future__ import annotations

import csv
import html
import io
from datetime import timedelta

import pytest
from flask import Flask

from academy.accounts.models import Person, WorkRole
from academy.audit import latest
from academy.db import db, unit_of_work, utcnow
from academy.institutions.models import MemberRole
from courses.catalogue.content import RunContent
from courses.enrolment.models import Enrolment
from tests.invited import make_steward
from tests.making import make_person
from tests.meeting import webinar
from tests.questions import asked_for
from tests.staff import make_member
from tests.taking_part import enrol, make_run, withdraw
from tests.visiting import Visitor

DAY = timedelta(days=1)
DESK = "/en/institutions/river-school/desk"
RUNS = f"{DESK}/participants"
READS_NAMES = {MemberRole.OWNER, MemberRole.EDITOR, MemberRole.FACILITATOR}
HOSTILE = '=HYPERLINK("http://evil.example")<script>alert(1)</script>'


def told(email: str, **facts: object) -> Person:
    """Make somebody who has told of themselves."""
    person = make_person(email, name="Bea")
    with unit_of_work():
        found = db.session.get_one(Person, person.id)
        for name, value in facts.items():
            setattr(found, name, value)
    return found


def note(reference: str, **facts: object) -> None:
    """Write facts into the only enrolment of a run."""
    with unit_of_work():
        found = db.session.query(Enrolment).join(Enrolment.run).filter_by(reference=reference)
        for name, value in facts.items():
            setattr(found.one(), name, value)


def rows_of(answer_text: str) -> list[list[str]]:
    """Read a sheet as spreadsheet programs do."""
    assert answer_text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(answer_text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("role", list(MemberRole))
def test_every_role_sees_what_it_may_and_nothing_else(app: Flask, role: MemberRole) -> None:
    run = webinar(utcnow() + DAY)
    enrol(told("bea@example.org"), run, now=utcnow())
    visitor, may = Visitor(app, make_member(role)), role in READS_NAMES
    page = visitor.page(RUNS)
    assert "Water live" in page
    assert "Bea" not in page
    assert (f"{RUNS}/{run}" in page) is may
    assert visitor.get(f"{DESK}/departures").status_code == 200
    assert visitor.get(f"{DESK}/reviews").status_code == 200
    expected = 200 if may else 403
    assert visitor.get(f"{RUNS}/{run}").status_code == expected
    assert visitor.get(f"{RUNS}/{run}/message").status_code == expected
    assert visitor.post(f"{RUNS}/{run}/sheet").status_code == expected
    if may:
        page = visitor.page(f"{RUNS}/{run}")
        assert "Bea" in page
        assert "bea@example.org" not in page


def test_nobody_else_sees_anything(app: Flask, visitor: Visitor) -> None:
    run = webinar(utcnow() + DAY)
    asked = (
        RUNS,
        f"{DESK}/departures",
        f"{DESK}/reviews",
        f"{RUNS}/{run}",
        f"{RUNS}/{run}/message",
    )
    sent = ("sheet", "message", "meetings/x", "facilitators", "facilitators/x/remove")
    hill = make_member(MemberRole.OWNER, institution="hill-school", email="hill@example.org")
    for stranger in (visitor, Visitor(app, hill)):
        assert {stranger.get(path).status_code for path in asked} == {403}
        assert {stranger.post(f"{RUNS}/{run}/{act}").status_code for act in sent} == {403}
    theirs = f"/en/institutions/hill-school/desk/participants/{run}"
    owner = Visitor(app, hill)
    assert {owner.get(theirs + way).status_code for way in ("", "/message")} == {404}
    letter = {"subject": "Hello", "text": "There", "do": "send"}
    statuses = {owner.post(f"{theirs}/{act}", **letter).status_code for act in sent[:3]}
    assert statuses == {404}


def test_a_steward_reads_it_too(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    assert Visitor(app, make_steward()).get(f"{RUNS}/{run}").status_code == 200


def test_the_numbers_are_those_of_the_database(app: Flask) -> None:
    run = webinar(utcnow() + DAY, capacity=2)
    people = [make_person(f"p{number}@example.org") for number in range(4)]
    for person in people[:3]:
        enrol(person, run, now=utcnow())
    enrol(people[3], run, now=utcnow())
    withdraw(people[3], run, now=utcnow())
    with unit_of_work():
        first, second, *_others = db.session.query(Enrolment).order_by(Enrolment.id)
        first.joined_at, second.left_at = utcnow(), utcnow()
    page = Visitor(app, make_member()).page(f"{RUNS}/{run}")
    for told_number in (
        "Registered: 2",
        "On the waiting list: 1",
        "Withdrew: 1",
        "Joined a meeting: 1",
        "Left for your site: 1",
    ):
        assert f"<li>{told_number}</li>" in page


def test_who_withdrew_is_counted_and_not_named(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    bea = told("bea@example.org")
    enrol(bea, run, now=utcnow())
    withdraw(bea, run, now=utcnow())
    page = Visitor(app, make_member()).page(f"{RUNS}/{run}")
    assert "<li>Withdrew: 1</li>" in page
    assert "Bea" not in page


def test_what_comes_first_stands_first(app: Flask) -> None:
    now = utcnow()
    make_run(RunContent(starts_at=now - 9 * DAY, ends_at=now - 8 * DAY), title="Long over")
    make_run(RunContent(starts_at=now - 5 * DAY, ends_at=now - 4 * DAY), title="Just over")
    make_run(RunContent(), title="Always open")
    webinar(now + 9 * DAY, title="Later")
    webinar(now + DAY, title="Sooner")
    page = Visitor(app, make_member()).page(RUNS)
    titles = ["Sooner", "Later", "Always open", "Just over", "Long over"]
    assert sorted(titles, key=page.index) == titles


def test_hostile_names_do_nothing_on_the_page_and_in_the_sheet(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    bea = told("bea@example.org", name=HOSTILE, city="+1;cmd|'/c calc'!A0", role=WorkRole.ELECTED)
    enrol(bea, run, now=utcnow())
    editor = Visitor(app, make_member())
    page = editor.page(f"{RUNS}/{run}")
    assert "<script>alert(1)" not in page
    assert html.escape(HOSTILE, quote=False).replace('"', "&#34;") in page
    header, row = rows_of(editor.post(f"{RUNS}/{run}/sheet").get_data(as_text=True))
    assert header == ["Name", "Role", "City", "How it stands", "Since (UTC)", "Joined (UTC)"]
    assert row[:2] == [f"'{HOSTILE}", "Elected member"]
    assert row[2:4] == ["'+1;cmd|'/c calc'!A0", "Registered"]
    assert row[5] == ""


def test_the_sheet_is_private_and_its_taking_is_logged(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    editor = make_member()
    answer = Visitor(app, editor).post(f"{RUNS}/{run}/sheet")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=water-live-{run}.csv"
    assert "@example.org" not in answer.get_data(as_text=True)
    [entry] = [one for one in latest(limit=9) if one.act == "participants-downloaded"]
    assert (entry.thing, entry.person_id) == (f"run:{run}", editor.id)


def test_departures_are_counted_by_offer_and_month(app: Flask) -> None:
    moment = utcnow().replace(year=2026, month=9, day=3)
    runs = [make_run(RunContent(), title=title) for title in ("Alpha", "Beta")]
    for run, when in zip(runs, (moment, moment.replace(month=10)), strict=True):
        enrol(told(f"{run}@example.org".lower()), run, now=utcnow())
        note(run, left_at=when)
    enrol(make_person(), runs[0], now=utcnow())
    page = Visitor(app, make_member(MemberRole.REPORTER)).page(f"{DESK}/departures")
    cells = '<tr><td>{}</td><td>{}</td><td class="num">1</td></tr>'
    wanted = [cells.format("October 2026", "Beta"), cells.format("September 2026", "Alpha")]
    assert [
        row.strip() for row in page.splitlines() if row.strip().startswith("<tr><td>")
    ] == wanted


@pytest.mark.parametrize("path", [RUNS, f"{DESK}/departures", f"{DESK}/reviews", DESK])
def test_three_runs_take_as_many_questions_as_one(app: Flask, path: str) -> None:
    visitor = Visitor(app, make_member())

    def add(number: int) -> None:
        run = webinar(utcnow() + number * DAY, title=f"Water live {number}")
        enrol(told(f"p{number}@example.org"), run, now=utcnow())
        note(run, left_at=utcnow())

    add(1)
    visitor.page(path)
    one = asked_for(visitor, path)
    add(2)
    add(3)
    assert asked_for(visitor, path) == one


def test_three_people_take_as_many_questions_as_one(app: Flask) -> None:
    run, visitor = webinar(utcnow() + DAY), Visitor(app, make_member())
    enrol(told("p1@example.org"), run, now=utcnow())
    visitor.page(f"{RUNS}/{run}")
    one = asked_for(visitor, f"{RUNS}/{run}")
    for number in (2, 3):
        enrol(told(f"p{number}@example.org"), run, now=utcnow())
    assert asked_for(visitor, f"{RUNS}/{run}") == one
