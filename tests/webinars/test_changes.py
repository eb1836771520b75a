"""What institutions change about a webinar: told once, with a calendar file that says it too."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from academy.accounts.models import Person
from academy.notices.composing import Mail
from academy.notices.rules import Dropped
from courses.jobs import EACH_MINUTE, work_off
from tests.making import NOW, make_person
from tests.meeting import (
    HOUR,
    LINK,
    events_of,
    meeting,
    meetings_of,
    rewrite,
    set_zone,
    webinar,
    withdraw_offer,
)
from tests.taking_part import enrol, withdraw
from tests.told import Told, told

START = NOW + timedelta(days=7)
LATER = START + timedelta(days=1)


def changes(app: Flask, kind: str = "meeting-changed") -> list[Told]:
    """Let the worker look, and give what it tells of changes."""
    work_off(EACH_MINUTE, now=NOW)
    return told(app, now=NOW, kind=kind)


def event(mail: Mail) -> dict[str, object]:
    """Read the first event of the calendar file that travels with a mail."""
    [file] = mail.attachments
    assert (file.media_type, file.parameters["method"]) == ("text/calendar", "PUBLISH")
    [first, *_] = events_of(file.body)
    names = ("uid", "sequence", "status")
    return {name: first[name] for name in names} | {"start": first["dtstart"].dt}


def test_nothing_is_told_while_nothing_changes(app: Flask, ana: Person) -> None:
    enrol(ana, webinar(START), now=NOW)
    assert changes(app) == []


def test_a_meeting_that_moves_is_told_once_with_a_raised_sequence(app: Flask, ana: Person) -> None:
    set_zone(ana, "Africa/Nairobi")
    run = webinar(START)
    enrol(ana, run, now=NOW)
    [before] = [(one.uid, one.sequence) for one in meetings_of(run)]
    rewrite(run, meeting(LATER), now=NOW)
    [one] = changes(app)
    assert [len(changes(app)) for _round in range(2)] == [1, 1]
    assert one.mail.subject == "New date: Water live"
    assert one.mail.facts[0] == ("Now", "30 November 2026, 15:00 (Africa/Nairobi) – 12:00 UTC")
    assert event(one.mail) == {
        "uid": before[0],
        "sequence": before[1] + 1,
        "status": "CONFIRMED",
        "start": LATER,
    }


def test_a_meeting_that_is_cancelled_is_taken_out_of_the_calendar(app: Flask, ana: Person) -> None:
    run = webinar(START)
    enrol(ana, run, now=NOW)
    rewrite(run, meeting(START, cancelled=True), now=NOW)
    [one] = changes(app)
    found = event(one.mail)
    assert (one.mail.subject, found["status"], found["sequence"]) == (
        "Cancelled: Water live",
        "CANCELLED",
        1,
    )


def test_two_changes_before_anybody_was_told_are_told_as_one(app: Flask, ana: Person) -> None:
    run = webinar(START)
    enrol(ana, run, now=NOW)
    rewrite(run, meeting(LATER), now=NOW)
    rewrite(run, meeting(LATER + HOUR), now=NOW)
    [one] = changes(app)
    assert event(one.mail)["sequence"] == 2


def test_a_change_that_changed_again_before_it_was_sent_is_told_as_it_now_is(
    app: Flask, ana: Person
) -> None:
    run = webinar(START)
    enrol(ana, run, now=NOW)
    rewrite(run, meeting(LATER), now=NOW)
    changes(app)
    rewrite(run, meeting(LATER + HOUR), now=NOW)
    first, second = changes(app)
    assert first.said is Dropped.UNTRUE
    assert event(second.mail)["sequence"] == 2


def test_only_those_who_take_part_hear_of_it(app: Flask, ana: Person) -> None:
    run = webinar(START, capacity=2)
    ben, cleo, dan = (make_person(f"{name}@example.org") for name in ("ben", "cleo", "dan"))
    for person in (ana, ben, cleo, dan):
        enrol(person, run, now=NOW)
    withdraw(ana, run, now=NOW)
    rewrite(run, meeting(LATER), now=NOW)
    assert {one.to for one in changes(app)} >= {"ben@example.org", "cleo@example.org"}
    assert "ana@example.org" not in {one.to for one in changes(app)}


def test_what_lies_in_the_past_is_corrected_in_silence(app: Flask, ana: Person) -> None:
    run = webinar(START)
    enrol(ana, run, now=NOW)
    rewrite(run, meeting(NOW - HOUR), now=NOW)
    assert changes(app) == []
    assert [one.told_sequence for one in meetings_of(run)] == [1]


def test_who_comes_after_the_change_was_told_hears_nothing_of_it(app: Flask, ana: Person) -> None:
    run = webinar(START)
    rewrite(run, meeting(LATER), now=NOW)
    changes(app)
    enrol(ana, run, now=NOW)
    assert changes(app) == []


def test_a_withdrawn_offer_is_told_once_to_those_who_wait_too(app: Flask, ana: Person) -> None:
    run = webinar(START, capacity=1)
    for person in (ana, make_person("ben@example.org")):
        enrol(person, run, now=NOW)
    withdraw_offer(run, now=NOW)
    for _round in range(2):
        first, second = changes(app, "called-off")
        assert (first.to, second.to) == ("ana@example.org", "ben@example.org")
    assert first.mail.subject == "It will not take place: Water live"
    assert (event(first.mail)["status"], event(first.mail)["sequence"]) == ("CANCELLED", 1)
    assert second.mail.attachments == []
    kinds = [one.kind for one in told(app, now=NOW) if isinstance(one.said, Dropped)]
    assert kinds == ["enrolled", "waiting"]


def test_no_mail_carries_the_link(app: Flask, ana: Person) -> None:
    run = webinar(START)
    enrol(ana, run, now=NOW)
    rewrite(run, meeting(LATER), now=NOW)
    for minutes in (0, 60 * 24 * 7, 60 * 24 * 8 - 30):
        work_off(EACH_MINUTE, now=NOW + timedelta(minutes=minutes))
    mails = [one.said for one in told(app, now=LATER)]
    assert len(mails) == 4
    assert [one for one in mails if LINK in repr(one)] == []
