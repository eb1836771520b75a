"""Joining a meeting: from 15 minutes before until the end, by those who take part, noted once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from courses.catalogue.content import MeetingContent
from courses.catalogue.runs import Run
from courses.enrolment.models import Enrolment
from courses.enrolment.queries import enrolment_by_reference
from courses.webinars import operations
from courses.webinars.rules import DoorsClosed
from tests.making import NOW, make_person
from tests.meeting import HOUR, LINK, meeting, webinar, withdraw_offer
from tests.taking_part import enrol, withdraw
from tests.visiting import Visitor

MINUTE = timedelta(minutes=1)
DOOR = re.compile(r'<form action="/en/my/enrolments/[^"]*/join" method="post">')


def mine(person: Person, run: str) -> str:
    """Enrol somebody a day ago, and give the reference."""
    return enrol(person, run, now=utcnow() - 24 * HOUR).reference


def joined() -> list[object]:
    """Tell when people joined."""
    db.session.rollback()
    return list(db.session.scalars(select(Enrolment.joined_at)))


@pytest.mark.parametrize(
    ("minutes", "opens"),
    [(-16, False), (-15, True), (0, True), (60, True), (61, False)],
)
def test_the_doors_are_open_from_15_minutes_before_until_the_end(
    app: Flask, ana: Person, minutes: int, opens: bool
) -> None:
    reference = enrol(ana, webinar(NOW + HOUR), now=NOW - HOUR).reference
    now = NOW + HOUR + minutes * MINUTE
    with unit_of_work():
        found = enrolment_by_reference(reference, ana)
        if not opens:
            with pytest.raises(DoorsClosed):
                operations.join(found, found.run, now=now)
        else:
            assert operations.join(found, found.run, now=now).join_link == LINK
    assert joined() == [now if opens else None]


def test_coming_back_in_keeps_the_first_time(app: Flask, ana: Person) -> None:
    reference = enrol(ana, webinar(NOW), now=NOW - HOUR).reference
    for minutes in (1, 20):
        with unit_of_work():
            found = enrolment_by_reference(reference, ana)
            operations.join(found, found.run, now=NOW + minutes * MINUTE)
    assert joined() == [NOW + MINUTE]


def test_before_the_doors_open_the_page_says_when_and_has_no_button(
    visitor: Visitor, ana: Person
) -> None:
    reference = mine(ana, webinar(utcnow() + 2 * HOUR))
    page = visitor.page(f"/en/my/enrolments/{reference}/join")
    assert (DOOR.findall(page), "The doors are closed." in page, LINK in page) == ([], True, False)
    for method in (visitor.post, visitor.get):
        place = "join" if method == visitor.post else "meeting"
        answer = method(f"/en/my/enrolments/{reference}/{place}")
        assert (answer.status_code, LINK in answer.text) == (409, False)
    assert joined() == [None]


def test_the_button_notes_who_joins_and_leads_by_our_own_page_to_the_meeting(
    visitor: Visitor, ana: Person
) -> None:
    reference = mine(ana, webinar(utcnow() + 10 * MINUTE))
    page = visitor.page(f"/en/my/enrolments/{reference}/join")
    assert (len(DOOR.findall(page)), LINK in page) == (1, False)
    answer = visitor.post(f"/en/my/enrolments/{reference}/join")
    way = f"/en/my/enrolments/{reference}/meeting"
    assert (answer.status_code, answer.headers["Location"]) == (303, way)
    assert [one is not None for one in joined()] == [True]
    leaving = visitor.get(way)
    assert leaving.headers["Refresh"] == f"5; url={LINK}"
    assert leaving.headers["Cache-Control"] == "private, no-store"
    assert f'href="{LINK}" rel="external nofollow"' in leaving.text


def test_asking_for_the_pages_notes_nothing(visitor: Visitor, ana: Person) -> None:
    reference = mine(ana, webinar(utcnow() + 10 * MINUTE))
    for place in ("", "/join", "/meeting"):
        assert visitor.get(f"/en/my/enrolments/{reference}{place}").status_code == 200
    assert joined() == [None]


def test_the_meeting_of_an_institution_with_a_page_of_its_own_is_there(
    visitor: Visitor, ana: Person
) -> None:
    hours = [meeting(utcnow() + 10 * MINUTE, join_link="")]
    reference = mine(ana, webinar(meetings=hours, address="https://school.example/live"))
    assert visitor.post(f"/en/my/enrolments/{reference}/join").status_code == 303
    leaving = visitor.get(f"/en/my/enrolments/{reference}/meeting")
    assert leaving.headers["Refresh"] == "5; url=https://school.example/live"


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "meet.example/j/1"])
def test_without_a_link_one_can_follow_nobody_is_led_anywhere(
    visitor: Visitor, ana: Person, link: str
) -> None:
    reference = mine(ana, webinar(meetings=[meeting(utcnow() + 10 * MINUTE, join_link=link)]))
    page = visitor.page(f"/en/my/enrolments/{reference}/join")
    assert (DOOR.findall(page), "has not given the link yet" in page) == ([], True)
    assert visitor.post(f"/en/my/enrolments/{reference}/join").status_code == 409
    assert joined() == [None]


def test_who_waits_or_withdrew_does_not_get_in(app: Flask, ana: Person) -> None:
    run = webinar(utcnow() + 10 * MINUTE, capacity=1)
    ben = make_person("ben@example.org")
    first, second = mine(ana, run), mine(ben, run)
    assert Visitor(app, ben).get(f"/en/my/enrolments/{second}/meeting").status_code == 409
    withdraw(ana, run, now=utcnow())
    assert Visitor(app, ana).get(f"/en/my/enrolments/{first}/meeting").status_code == 409
    assert Visitor(app, ben).get(f"/en/my/enrolments/{second}/meeting").status_code == 200


def test_the_door_of_somebody_else_is_not_to_be_found(app: Flask, ana: Person) -> None:
    reference = mine(ana, webinar(utcnow() + 10 * MINUTE))
    ben = Visitor(app, make_person("ben@example.org"))
    places = ("", "/join", "/meeting", ".ics")
    answers = [ben.get(f"/en/my/enrolments/{reference}{place}").status_code for place in places]
    assert answers == [404, 404, 404, 404]
    assert ben.post(f"/en/my/enrolments/{reference}/join").status_code == 404
    assert Visitor(app).get(f"/en/my/enrolments/{reference}/join").status_code == 303


def test_nobody_joins_what_was_cancelled_or_withdrawn(visitor: Visitor, ana: Person) -> None:
    hours = [meeting(utcnow() + 10 * MINUTE, cancelled=True)]
    reference = mine(ana, webinar(meetings=hours))
    assert visitor.post(f"/en/my/enrolments/{reference}/join").status_code == 409
    run = webinar(utcnow() + 10 * MINUTE, title="Heat live")
    other = mine(ana, run)
    withdraw_offer(run, now=utcnow())
    assert visitor.post(f"/en/my/enrolments/{other}/join").status_code == 409


def test_of_two_meetings_the_one_with_open_doors_is_joined(visitor: Visitor, ana: Person) -> None:
    now = utcnow()
    before = MeetingContent(now - 3 * HOUR, now - 2 * HOUR, join_link=f"{LINK}-1")
    hours = [before, meeting(now + 10 * MINUTE), meeting(now + 24 * HOUR)]
    reference = mine(ana, webinar(meetings=hours))
    leaving = visitor.get(f"/en/my/enrolments/{reference}/meeting")
    assert leaving.headers["Refresh"] == f"5; url={LINK}"


def test_afterwards_the_recording_stands_there(visitor: Visitor, ana: Person) -> None:
    start = utcnow() - 3 * HOUR
    films = "https://films.example/water"
    run = webinar(meetings=[meeting(start, recording=films)])
    reference = enrol(ana, run, now=start).reference
    for place in ("", "/join"):
        page = visitor.page(f"/en/my/enrolments/{reference}{place}")
        assert (page.count(f'href="{films}"'), LINK in page) == (1, False)
    assert db.session.scalar(select(Run.taken).where(Run.reference == run)) == 1
