"""The addresses of calendar files: what strangers get, and what those who take part get."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from academy.accounts.models import Person
from academy.db import utcnow
from tests.making import NOW, make_offer, make_person
from tests.meeting import LINK, events_of, meeting, meetings_of, rewrite, webinar
from tests.taking_part import enrol, withdraw
from tests.visiting import Visitor

SOON = utcnow().replace(microsecond=0) + timedelta(days=7)
LATER = SOON + timedelta(days=1)


def test_everybody_gets_the_hours_of_a_webinar_and_no_way_in(app: Flask) -> None:
    run = webinar(SOON, LATER)
    answer = Visitor(app).get("/en/learn/water-live.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="water-live.ics"'
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    first, second = events_of(answer.data)
    assert [first["uid"], second["uid"]] == [one.uid for one in meetings_of(run)]
    assert (first["dtstart"].dt, second["dtstart"].dt) == (SOON, LATER)
    assert first["url"] == "http://localhost/en/learn/water-live"
    assert LINK.encode() not in answer.data


def test_the_same_meeting_keeps_its_uid_and_raises_its_sequence(app: Flask) -> None:
    run = webinar(SOON)
    [before] = events_of(Visitor(app).get("/en/learn/water-live.ics").data)
    rewrite(run, meeting(LATER), now=NOW + timedelta(days=1))
    [after] = events_of(Visitor(app).get("/en/learn/water-live.ics").data)
    assert (before["uid"], before["sequence"]) == (after["uid"], after["sequence"] - 1)
    assert after["dtstamp"].dt - before["dtstamp"].dt == timedelta(days=1)


def test_who_takes_part_gets_the_page_to_join_from(visitor: Visitor, ana: Person) -> None:
    reference = enrol(ana, webinar(SOON), now=utcnow()).reference
    answer = visitor.get(f"/fr/my/enrolments/{reference}.ics")
    assert answer.headers["Cache-Control"] == "private, no-store"
    [event] = events_of(answer.data)
    assert event["url"] == f"http://localhost/fr/my/enrolments/{reference}/join"
    assert LINK.encode() not in answer.data


def test_who_withdrew_or_waits_gets_no_file(app: Flask, ana: Person) -> None:
    run, ben = webinar(SOON, capacity=1), make_person("ben@example.org")
    first, second = (enrol(person, run, now=utcnow()).reference for person in (ana, ben))
    assert Visitor(app, ben).get(f"/en/my/enrolments/{second}.ics").status_code == 409
    withdraw(ana, run, now=utcnow())
    assert Visitor(app, ana).get(f"/en/my/enrolments/{first}.ics").status_code == 409


def test_an_offer_without_meetings_has_no_calendar(app: Flask) -> None:
    make_offer()
    assert Visitor(app).get("/en/learn/water-for-all.ics").status_code == 404
    assert Visitor(app).get("/en/learn/nothing-here.ics").status_code == 404
    assert ".ics" not in Visitor(app).page("/en/learn/water-for-all")


def test_the_page_of_a_webinar_leads_to_its_calendar(app: Flask) -> None:
    webinar(SOON)
    assert 'href="/en/learn/water-live.ics"' in Visitor(app).page("/en/learn/water-live")
