"""Reminders: a day and an hour before, moved with the meeting, never after it, not to who left."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.notices.models import Notice
from academy.notices.rules import Dropped
from courses.jobs import EACH_MINUTE, work_off
from courses.webinars.operations import remind
from tests.making import NOW, make_person
from tests.meeting import HOUR, LINK, meeting, meetings_of, rewrite, set_zone, webinar
from tests.taking_part import enrol, withdraw
from tests.told import Told, told

START = NOW + 48 * HOUR
MINUTE = timedelta(minutes=1)
KINDS = ("reminder-day", "reminder-hour")


def worked(app: Flask, until: datetime, *, step: timedelta = 30 * MINUTE) -> None:
    """Let the worker look ahead every half hour, from NOW until an instant."""
    now = NOW
    while now <= until:
        work_off(EACH_MINUTE, now=now)
        now += step


def reminders(app: Flask, now: datetime) -> list[Told]:
    """Give the reminders that are due."""
    return [one for one in told(app, now=now) if one.kind in KINDS]


def written() -> list[tuple[str, datetime, datetime | None]]:
    """Give the reminders that were written down: kind, when due, and when worth nothing."""
    db.session.rollback()
    rows = db.session.scalars(select(Notice).where(Notice.kind.in_(KINDS)).order_by(Notice.id))
    return [(row.kind, row.due_at, row.expires_at) for row in rows]


def test_people_are_reminded_a_day_and_an_hour_before_and_not_twice(
    app: Flask, ana: Person
) -> None:
    enrol(ana, webinar(START), now=NOW)
    worked(app, START + HOUR)
    assert written() == [
        ("reminder-day", START - 24 * HOUR, START),
        ("reminder-hour", START - HOUR, START),
    ]


def test_a_reminder_tells_when_it_is_in_the_zone_of_the_reader_and_leads_to_the_door(
    app: Flask, ana: Person
) -> None:
    set_zone(ana, "America/Bogota")
    reference = enrol(ana, webinar(START), now=NOW).reference
    worked(app, START - 24 * HOUR)
    [one] = reminders(app, START - 24 * HOUR)
    assert one.mail.subject == "Reminder: Water live"
    assert one.mail.facts[0] == (
        "When",
        "24 November 2026, 07:00 (America/Bogota) – 12:00 UTC",
    )
    assert one.mail.action is not None
    assert one.mail.action.url == f"http://localhost/en/my/enrolments/{reference}/join"
    assert LINK not in repr(one.mail)


def test_reminders_are_due_in_time_and_not_before(app: Flask, ana: Person) -> None:
    enrol(ana, webinar(START), now=NOW)
    worked(app, START)
    times = [START - 24 * HOUR - MINUTE, START - 24 * HOUR, START - HOUR - MINUTE, START - HOUR]
    assert [len(reminders(app, now)) for now in times] == [0, 1, 1, 2]


def test_who_withdrew_is_not_reminded(app: Flask, ana: Person) -> None:
    run = webinar(START)
    enrol(ana, run, now=NOW)
    worked(app, START - 24 * HOUR)
    withdraw(ana, run, now=START - 24 * HOUR)
    assert [one.said for one in reminders(app, START - 24 * HOUR)] == [Dropped.UNTRUE]


def test_who_waits_is_not_reminded(app: Flask, ana: Person) -> None:
    run = webinar(START, capacity=1)
    for person in (ana, make_person("ben@example.org")):
        enrol(person, run, now=NOW)
    worked(app, START)
    assert {one.to for one in reminders(app, START)} == {"ana@example.org"}


def test_a_reminder_is_never_sent_once_the_meeting_has_begun(app: Flask, ana: Person) -> None:
    enrol(ana, webinar(START), now=NOW)
    worked(app, START)
    after = reminders(app, START + MINUTE)
    assert [isinstance(one.said, Dropped) for one in after] == [True, True]


def test_reminders_move_with_the_meeting(app: Flask, ana: Person) -> None:
    run = webinar(START)
    enrol(ana, run, now=NOW)
    worked(app, START - 24 * HOUR)
    later = START + 24 * HOUR
    rewrite(run, meeting(later), now=START - 24 * HOUR)
    worked(app, later)
    assert [(kind, due) for kind, due, _ in written()] == [
        ("reminder-day", START - 24 * HOUR),
        ("reminder-day", later - 24 * HOUR),
        ("reminder-hour", later - HOUR),
    ]
    said = [one.said for one in reminders(app, later - HOUR)]
    assert [isinstance(one, Dropped) for one in said] == [True, False, False]


def test_a_meeting_whose_end_alone_changes_is_reminded_of_once(app: Flask, ana: Person) -> None:
    run = webinar(START)
    enrol(ana, run, now=NOW)
    worked(app, START - 24 * HOUR)
    longer = replace(meeting(START), ends_at=START + 2 * HOUR)
    rewrite(run, longer, now=START - 24 * HOUR)
    worked(app, START)
    assert [kind for kind, _, _ in written()] == ["reminder-day", "reminder-hour"]


@pytest.mark.parametrize(("hours", "kinds"), [(25, list(KINDS)), (3, ["reminder-hour"]), (0.5, [])])
def test_who_comes_late_is_reminded_of_what_is_still_to_come(
    app: Flask, ana: Person, hours: float, kinds: list[str]
) -> None:
    enrol(ana, webinar(START), now=START - hours * HOUR)
    worked(app, START)
    assert [kind for kind, _, _ in written()] == kinds


def test_after_a_pause_the_worker_makes_up_for_what_is_still_worth_it(
    app: Flask, ana: Person
) -> None:
    enrol(ana, webinar(START), now=NOW)
    work_off(EACH_MINUTE, now=START - 23 * HOUR)
    work_off(EACH_MINUTE, now=START - 30 * MINUTE)
    assert [kind for kind, _, _ in written()] == list(KINDS)


def test_a_cancelled_meeting_is_not_reminded_of(app: Flask, ana: Person) -> None:
    run = webinar(START)
    enrol(ana, run, now=NOW)
    worked(app, START - 24 * HOUR)
    rewrite(run, meeting(START, cancelled=True), now=START - 24 * HOUR)
    worked(app, START)
    assert [kind for kind, _, _ in written()] == ["reminder-day"]
    assert [one.said for one in reminders(app, START - 23 * HOUR)] == [Dropped.UNTRUE]
    assert [one.sequence for one in meetings_of(run)] == [1]


def test_hundreds_are_reminded_in_several_transactions(app: Flask, ana: Person) -> None:
    run = webinar(START)
    for number in range(7):
        enrol(make_person(f"peer{number}@example.org"), run, now=NOW)
    counts = []
    for _round in range(3):
        with unit_of_work():
            counts.append(remind("reminder-hour", now=START - HOUR, limit=5))
    assert counts == [5, 2, 0]
