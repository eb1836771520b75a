"""What an offer's page lets one do: signed out, full, closed, several runs, enrolled, over."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, utcnow
from courses.catalogue.content import MeetingContent, RunContent
from courses.catalogue.models import Kind, Offer
from courses.catalogue.queries import offer_by_slug
from courses.catalogue.runs import Run
from courses.enrolment.models import Progress
from courses.web.dates import run_dates
from tests.making import make_offer, make_person
from tests.taking_part import declare, enrol, make_run
from tests.visiting import Visitor

DAY = timedelta(days=1)
NOW = utcnow()
COMING = RunContent(starts_at=NOW + 7 * DAY, ends_at=NOW + 9 * DAY, capacity=5)
GOING = RunContent(starts_at=NOW - 7 * DAY, ends_at=NOW + 9 * DAY)
PAST = RunContent(starts_at=NOW - 9 * DAY, ends_at=NOW - 7 * DAY)
PAGE, PARTNER = "/en/learn/water-for-all", "https://school.example/water"
TICKET = re.compile(r'<div class="ticket__body">(.*?)<dl>', re.DOTALL)
FORM = re.compile(r'<form action="(?:/en/)?([^"]*)".*?<button[^>]*>(.*?)</button>', re.DOTALL)
VIEW = re.compile(r"[A-Za-z0-9_-]{16}")


@pytest.fixture
def ana(app: Flask) -> Person:
    """Somebody with an account."""
    return make_person()


def ticket(visitor: Visitor) -> str:
    """Give the part of the page in which one can do something."""
    found = TICKET.search(visitor.page(PAGE))
    assert found is not None
    return found.group(1)


def doors(visitor: Visitor) -> list[tuple[str, str]]:
    """Give what each button says and where it leads, references left out."""
    plain = (
        (VIEW.sub("_", path), re.sub("<[^>]*>", "", text))
        for path, text in FORM.findall(ticket(visitor))
    )
    return [(text, path) for path, text in plain]


def notes(visitor: Visitor) -> list[str]:
    """Give the sentences beside the buttons."""
    found = re.findall(r'<p class="(?:note|muted|sm)[^"]*">(.*?)</p>', ticket(visitor), re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", text).split()) for text in found]


def test_who_is_not_signed_in_is_led_to_an_account(app: Flask) -> None:
    make_run(COMING)
    shown = ticket(Visitor(app))
    assert 'href="/en/sign-up?next=/en/learn/water-for-all"' in shown
    assert (doors(Visitor(app)), "Choose your dates" in shown) == ([], False)


def test_one_run_has_one_button_and_says_how_many_places_are_left(app: Flask, ana: Person) -> None:
    make_run(COMING)
    visitor = Visitor(app, ana)
    assert doors(visitor) == [("Enrol", "runs/_/enrolment")]
    assert notes(visitor) == ["5 places left"]


def test_the_button_of_a_partners_offer_leads_by_the_leaving_page(app: Flask, ana: Person) -> None:
    make_run(COMING, address=PARTNER)
    assert doors(Visitor(app, ana)) == [("Enrol at River School", "runs/_/leave")]


def test_several_runs_are_chosen_from_and_each_says_how_it_stands(app: Flask, ana: Person) -> None:
    full, closed = replace(COMING, capacity=0), replace(COMING, enrol_until=NOW - DAY)
    make_offer(runs=[PAST, COMING, full, closed])
    visitor = Visitor(app, ana)
    day = COMING.starts_at
    assert day is not None
    assert [(label.partition(f"{day.day} ")[0], door) for label, door in doors(visitor)] == [
        ("Enrol ", "runs/_/enrolment"),
        ("Join the waiting list ", "runs/_/enrolment"),
    ]
    shown = ticket(visitor)
    assert shown.count("<li>") == 3
    assert notes(visitor) == ["Enrolment is closed"]
    assert re.findall(r'<bdi class="sm muted">([^<]*)</bdi>', shown) == [
        "5 places left",
        "No place left",
    ]


def test_several_runs_of_a_partner_all_lead_by_the_leaving_page(app: Flask, ana: Person) -> None:
    make_offer(runs=[COMING, GOING], address=PARTNER)
    assert {door for _label, door in doors(Visitor(app, ana))} == {"runs/_/leave"}


def test_several_runs_are_shown_to_who_is_not_signed_in_too(app: Flask) -> None:
    make_offer(runs=[COMING, GOING])
    shown = ticket(Visitor(app))
    assert (shown.count("<li>"), "<form" in shown) == (2, False)


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        (replace(COMING, enrol_until=NOW - DAY), "Enrolment is closed."),
        (PAST, "This is over. The institution may offer it again."),
        (None, "The institution names no dates yet."),
    ],
)
def test_where_nobody_can_enrol_the_reason_stands_there(
    app: Flask, ana: Person, run: RunContent | None, sentence: str
) -> None:
    make_offer(runs=[run] if run else [])
    for visitor in (Visitor(app), Visitor(app, ana)):
        assert (notes(visitor), doors(visitor)) == ([sentence], [])


def test_a_full_run_has_a_waiting_list(app: Flask, ana: Person) -> None:
    make_run(replace(COMING, capacity=0), address=PARTNER)
    visitor = Visitor(app, ana)
    sentence = "All places are taken. Who waits gets the next one that becomes free, and a mail."
    assert doors(visitor) == [("Join the waiting list", "runs/_/enrolment")]
    assert notes(visitor) == [sentence]
    assert "Make an account to wait for a place" in ticket(Visitor(app))


def test_who_waits_reads_their_place_and_can_leave_the_list(app: Flask, ana: Person) -> None:
    run = make_run(replace(COMING, capacity=0))
    enrol(make_person("ben@example.org"), run, now=NOW - DAY)
    enrol(ana, run, now=NOW)
    visitor = Visitor(app, ana)
    assert doors(visitor) == [("Leave the waiting list", "runs/_/withdrawal")]
    assert notes(visitor)[0].startswith("You are number 2 on the waiting list: ")


def test_before_the_run_begins_one_can_only_withdraw(app: Flask, ana: Person) -> None:
    enrol(ana, make_run(COMING), now=NOW)
    assert doors(Visitor(app, ana)) == [("Withdraw", "runs/_/withdrawal")]


def test_once_the_run_has_begun_one_can_say_how_far_one_got(app: Flask, ana: Person) -> None:
    reference = enrol(ana, make_run(GOING, address=PARTNER), now=NOW).reference
    visitor = Visitor(app, ana)
    first = [("Go to the course", "runs/_/leave"), ("I finished", "enrolments/_/progress")]
    rest = [("I stopped", "enrolments/_/progress"), ("Withdraw", "runs/_/withdrawal")]
    assert doors(visitor) == first + rest
    declare(ana, reference, Progress.STOPPED, now=NOW)
    assert doors(visitor) == first
    declare(ana, reference, Progress.FINISHED, now=NOW)
    assert doors(visitor) == first[:1]


def test_a_webinar_is_not_finished_or_stopped(app: Flask, ana: Person) -> None:
    enrol(ana, make_run(GOING, kind=Kind.WEBINAR), now=NOW)
    assert doors(Visitor(app, ana)) == [("Withdraw", "runs/_/withdrawal")]


def test_who_took_part_in_a_run_that_is_over_is_told_so(app: Flask, ana: Person) -> None:
    enrol(ana, make_run(PAST), now=NOW - 8 * DAY)
    visitor = Visitor(app, ana)
    assert doors(visitor) == [
        ("I finished", "enrolments/_/progress"),
        ("I stopped", "enrolments/_/progress"),
    ]
    assert [note.split(":")[0] for note in notes(visitor)] == ["You took part"]


def test_who_took_part_before_can_take_part_again(app: Flask, ana: Person) -> None:
    offer = make_offer(runs=[PAST, COMING])
    [past, _coming] = db.session.scalars(
        select(Run.reference).join(Offer).where(Offer.id == offer.id).order_by(Run.starts_at)
    ).all()
    enrol(ana, past, now=NOW - 8 * DAY)
    assert doors(Visitor(app, ana)) == [("Enrol", "runs/_/enrolment")]


def dates(run: RunContent) -> str:
    """Say when a run takes place, in English."""
    make_offer(runs=[run])
    return run_dates(offer_by_slug("water-for-all").runs[0])


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Give an instant of December 2026."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (RunContent(), "Start any time"),
        (
            RunContent(at(9, 17), at(20, 16, 59), zone="Asia/Bangkok"),
            "10 December 2026 to 20 December 2026",
        ),
        (
            RunContent(at(9, 5), at(21, 4, 59), zone="America/Bogota"),
            "9 December 2026 to 20 December 2026",
        ),
        (RunContent(at(9, 17), zone="Asia/Bangkok"), "From 10 December 2026"),
        (RunContent(at(9, 8), at(9, 17)), "9 December 2026"),
        (
            RunContent(at(9, 14), at(9, 15), meetings=[MeetingContent(at(9, 14), at(9, 15))]),
            "9 December 2026, 14:00 UTC",
        ),
        (
            RunContent(at(9, 14), at(20, 15), meetings=[MeetingContent(at(9, 14), at(9, 15))]),
            "9 December 2026 to 20 December 2026",
        ),
    ],
    ids=["open", "Bangkok", "Bogota", "no end", "a day", "an hour", "weeks with one hour"],
)
def test_the_dates_of_a_run_are_those_of_the_place_where_they_were_chosen(
    app: Flask, run: RunContent, words: str
) -> None:
    with app.test_request_context("/en/"):
        assert dates(run) == words
