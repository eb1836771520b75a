"""Asking how it was, and how far people got: in time, once, by a link that needs no sign-in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import unit_of_work
from academy.notices.rules import Dropped
from courses.catalogue.content import RunContent
from courses.catalogue.queries import run_by_reference
from courses.enrolment import operations as enrolment
from courses.enrolment.models import Progress
from courses.jobs import EACH_QUARTER, work_off
from tests.making import NOW, make_person
from tests.meeting import HOUR, meeting, webinar
from tests.taking_part import BEGUN, OPEN, declare, enrol, make_run, review, withdraw
from tests.told import Told, told
from tests.visiting import Visitor

DAY = timedelta(days=1)
END = NOW + 3 * DAY
COURSE = RunContent(NOW - DAY, END)
PARTNER = "https://school.example/water"
SIX_WEEKS = timedelta(weeks=6)


def asked(app: Flask, now: datetime, kind: str = "review-asked") -> list[Told]:
    """Let the worker ask, and give what it asks."""
    work_off(EACH_QUARTER, now=now)
    return told(app, now=now, kind=kind)


def left(person: Person, run: str, *, now: datetime = NOW) -> str:
    """Let somebody leave for the partner; give the enrolment's reference."""
    with unit_of_work():
        return enrolment.leave_for_partner(person, run_by_reference(run), now=now).reference


@pytest.mark.parametrize(("minutes", "count"), [(59, 0), (60, 1)])
def test_a_webinar_is_asked_about_an_hour_after_its_end(
    app: Flask, ana: Person, minutes: int, count: int
) -> None:
    enrol(ana, webinar(NOW + HOUR), now=NOW)
    assert len(asked(app, NOW + 2 * HOUR + timedelta(minutes=minutes))) == count


@pytest.mark.parametrize(("hours", "count"), [(23.9, 0), (24, 1)])
def test_a_course_is_asked_about_the_day_after_its_end(
    app: Flask, ana: Person, hours: float, count: int
) -> None:
    enrol(ana, make_run(COURSE), now=NOW)
    assert len(asked(app, END + hours * HOUR)) == count


def test_people_are_asked_once(app: Flask, ana: Person) -> None:
    enrol(ana, make_run(COURSE), now=NOW)
    counts = [len(asked(app, END + days * DAY)) for days in (1, 2, 3, 9)]
    assert counts == [1, 1, 1, 1]


def test_what_ended_long_ago_is_not_asked_about(app: Flask, ana: Person) -> None:
    enrol(ana, make_run(COURSE), now=NOW)
    assert asked(app, END + 9 * DAY) == []


def test_the_link_of_the_mail_opens_the_form_without_signing_in(app: Flask, ana: Person) -> None:
    enrol(ana, make_run(BEGUN), now=NOW)
    [one] = asked(app, NOW + 8 * DAY)
    assert one.mail.subject == "How was it? Water for all"
    assert one.mail.action is not None
    way = urlsplit(one.mail.action.url).path
    assert "Would you send a colleague?" in Visitor(app).page(way)


def test_who_withdrew_waited_or_has_said_it_is_not_asked(app: Flask, ana: Person) -> None:
    run = make_run(replace(COURSE, capacity=2))
    ben, cleo = make_person("ben@example.org"), make_person("cleo@example.org")
    for person in (ana, ben, cleo):
        enrol(person, run, now=NOW)
    withdraw(ana, run, now=END)
    review(ben, run, now=END)
    assert [one.to for one in asked(app, END + DAY)] == ["cleo@example.org"]


def test_who_said_it_before_the_mail_was_sent_is_not_asked(app: Flask, ana: Person) -> None:
    run = make_run(COURSE)
    enrol(ana, run, now=NOW)
    asked(app, END + DAY)
    review(ana, run, now=END + DAY)
    assert [one.said for one in asked(app, END + DAY)] == [Dropped.UNTRUE]


def test_nobody_is_asked_about_what_was_cancelled(app: Flask, ana: Person) -> None:
    enrol(ana, webinar(meetings=[meeting(NOW + HOUR, cancelled=True)]), now=NOW)
    assert [one.said for one in asked(app, NOW + 3 * HOUR)] == [Dropped.UNTRUE]


def test_who_left_for_a_partner_is_asked_after_six_weeks_how_far_they_got(
    app: Flask, ana: Person
) -> None:
    run = make_run(OPEN, address=PARTNER)
    left(ana, run)
    kind = "progress-asked"
    assert asked(app, NOW + SIX_WEEKS - HOUR, kind) == []
    [one] = asked(app, NOW + SIX_WEEKS, kind)
    assert len(asked(app, NOW + SIX_WEEKS + DAY, kind)) == 1
    assert one.mail.action is not None
    page = Visitor(app).page(urlsplit(one.mail.action.url).path)
    assert all(words in page for words in ("I finished", "I am still at it", "I stopped"))


@pytest.mark.parametrize(("said", "count"), [(Progress.STARTED, 1), (Progress.FINISHED, 0)])
def test_who_told_that_they_finished_is_not_asked_how_far_they_got(
    app: Flask, ana: Person, said: Progress, count: int
) -> None:
    reference = left(ana, make_run(OPEN, address=PARTNER))
    declare(ana, reference, said)
    assert len(asked(app, NOW + SIX_WEEKS, "progress-asked")) == count


def test_a_course_that_names_its_end_is_asked_about_then_and_not_after_six_weeks(
    app: Flask, ana: Person
) -> None:
    run = make_run(replace(COURSE, ends_at=NOW + 2 * SIX_WEEKS), address=PARTNER)
    left(ana, run)
    assert asked(app, NOW + SIX_WEEKS, "progress-asked") == []
    assert len(asked(app, NOW + 2 * SIX_WEEKS + DAY)) == 1


def test_who_was_blocked_is_asked_nothing(app: Flask, ana: Person) -> None:
    enrol(ana, make_run(COURSE), now=NOW)
    left(ana, make_run(OPEN, address=PARTNER, title="Heat"))
    with unit_of_work():
        ana.blocked_at = NOW
    assert (asked(app, END + DAY), asked(app, NOW + SIX_WEEKS, "progress-asked")) == ([], [])
