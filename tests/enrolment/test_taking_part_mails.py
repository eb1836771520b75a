"""The mails about taking part: what they say in the reader's language and zone, and when not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.notices.composing import Mail
from academy.notices.rules import Dropped
from tests.making import NOW, make_person
from tests.meeting import LINK, events_of, set_zone, webinar
from tests.taking_part import COMING, OPEN, enrol, make_run, withdraw
from tests.told import told, told_of

START = NOW + timedelta(days=2)


def mail(app: Flask, kind: str, to: str = "ana@example.org") -> Mail:
    """Give the one mail of a kind to somebody."""
    [one] = [one for one in told(app, now=NOW, kind=kind) if one.to == to]
    return one.mail


def test_a_webinar_is_confirmed_with_date_way_in_and_calendar_file(app: Flask, ana: Person) -> None:
    set_zone(ana, "Asia/Kathmandu")
    reference = enrol(ana, webinar(START), now=NOW).reference
    said = mail(app, "enrolled")
    page = f"http://localhost/en/my/enrolments/{reference}"
    assert said.subject == "You are enrolled: Water live"
    assert list(said.facts) == [
        ("When", "24 November 2026, 17:45 (Asia/Kathmandu) – 12:00 UTC"),
        ("To join", f"{page}/join"),
        ("Institution", "River School"),
    ]
    assert said.action is not None
    assert said.action.url == page
    [file] = said.attachments
    assert (file.name, file.media_type, file.parameters["method"]) == (
        "meeting.ics",
        "text/calendar",
        "PUBLISH",
    )
    [event] = events_of(file.body)
    assert (event["dtstart"].dt, event["url"]) == (START, f"{page}/join")
    assert LINK not in repr(said)


def test_the_reader_is_written_to_in_their_language(app: Flask, ana: Person) -> None:
    set_zone(ana, "Europe/Paris", "fr")
    reference = enrol(ana, webinar(START), now=NOW).reference
    said = mail(app, "enrolled")
    assert said.facts[0][1].split()[:3] == ["24", "novembre", "2026"]
    assert said.action is not None
    assert said.action.url == f"http://localhost/fr/my/enrolments/{reference}"


def test_a_partners_course_says_that_one_goes_on_there_and_is_asked_later(
    app: Flask, ana: Person
) -> None:
    enrol(ana, make_run(OPEN, address="https://school.example/water"), now=NOW)
    said = mail(app, "enrolled")
    assert said.paragraphs[1] == (
        "The course is at River School, which may ask for an account of its own. "
        "We ask you later how it went."
    )
    assert (list(said.facts), list(said.attachments)) == ([("Institution", "River School")], [])


def test_a_course_with_dates_says_when_it_begins_and_ends(app: Flask, ana: Person) -> None:
    enrol(ana, make_run(COMING), now=NOW)
    assert list(mail(app, "enrolled").facts)[:2] == [
        ("Begins", "29 November 2026"),
        ("Ends", "6 December 2026"),
    ]


def test_who_waits_reads_their_place_as_it_is_when_the_mail_is_sent(
    app: Flask, ana: Person
) -> None:
    run = webinar(START, capacity=1)
    ben, cleo = make_person("ben@example.org"), make_person("cleo@example.org")
    for person in (ben, cleo, ana):
        enrol(person, run, now=NOW)
    assert mail(app, "waiting").paragraphs[1] == "You are number 2 on the waiting list."
    withdraw(cleo, run, now=NOW)
    assert mail(app, "waiting").paragraphs[1] == "You are number 1 on the waiting list."
    assert list(mail(app, "waiting").attachments) == []


def test_who_gets_a_place_hears_it_with_the_way_out(app: Flask, ana: Person) -> None:
    run, ben = webinar(START, capacity=1), make_person("ben@example.org")
    for person in (ben, ana):
        enrol(person, run, now=NOW)
    withdraw(ben, run, now=NOW)
    said = mail(app, "promoted")
    assert said.subject == "You have a place: Water live"
    assert len(said.attachments) == 1
    assert ["/en/withdraw/" in one.url for one in said.further] == [True]


@pytest.mark.parametrize("kind", ["enrolled", "waiting", "promoted"])
def test_what_is_no_longer_true_is_not_sent(app: Flask, ana: Person, kind: str) -> None:
    run, ben = webinar(START, capacity=1), make_person("ben@example.org")
    for person in (ben, ana):
        enrol(person, run, now=NOW)
    withdraw(ben, run, now=NOW)
    withdraw(ana, run, now=NOW)
    assert [one.said for one in told(app, now=NOW, kind=kind)][-1] is Dropped.UNTRUE


def test_who_comes_back_is_told_again_and_who_presses_twice_is_not(app: Flask, ana: Person) -> None:
    run = webinar(START)
    for hours in (0, 0, 1):
        enrol(ana, run, now=NOW + timedelta(hours=hours))
    withdraw(ana, run, now=NOW + timedelta(hours=2))
    enrol(ana, run, now=NOW + timedelta(hours=3))
    to = "ana@example.org"
    assert told_of(app, now=NOW + timedelta(hours=3)) == [("enrolled", to), ("enrolled", to)]
