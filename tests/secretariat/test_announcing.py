"""Announcements: above every page, in the reader's language, from one moment to another."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from academy import audit
from academy.accounts.models import Person
from academy.announcements import operations
from academy.announcements.models import Announcement
from academy.announcements.operations import Content
from academy.announcements.queries import shown_at
from academy.db import db, unit_of_work, utcnow
from academy.errors import Invalid
from tests.invited import make_steward
from tests.making import NOW
from tests.visiting import Visitor

DESK = "/en/secretariat/announcements"
HOUR = timedelta(hours=1)
WORDS = {"text_en": "We move house on Sunday.", "text_fr": "Nous déménageons dimanche."}
NOTE = re.compile(r'<aside[^>]* aria-label="[^"]*">\s*<p class="note note--warn">(.*?)</p>')


@pytest.fixture
def sol(app: Flask) -> Person:
    """A steward of the whole academy."""
    return make_steward()


@pytest.fixture
def desk(app: Flask, sol: Person) -> Visitor:
    """Sol at the desk."""
    return Visitor(app, sol)


def announce(sol: Person, **more: datetime | None) -> str:
    """Announce something; returns its reference."""
    sol_id = sol.id
    content = Content({"en": "Closed."}, **{"starts_at": NOW, **more})  # type: ignore[arg-type]
    with unit_of_work():
        by = db.session.get_one(Person, sol_id)
        return operations.announce(content, by=by, now=NOW).reference


def test_it_is_shown_from_its_beginning_to_its_end(sol: Person) -> None:
    reference = announce(sol, ends_at=NOW + HOUR)
    moments = (NOW - timedelta(seconds=1), NOW, NOW + HOUR - timedelta(seconds=1), NOW + HOUR)
    found = [[one.reference for one in shown_at(moment)] for moment in moments]
    assert found == [[], [reference], [reference], []]


def test_saying_it_twice_is_saying_it_once(sol: Person) -> None:
    assert announce(sol) == announce(sol)
    assert announce(sol, starts_at=NOW + HOUR) != announce(sol)


@pytest.mark.parametrize("ends", [NOW, NOW - HOUR, NOW + timedelta(days=367)])
def test_an_end_that_makes_no_sense_is_refused(sol: Person, ends: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        announce(sol, ends_at=ends)
    assert list(refused.value.fields) == ["ends"]


def test_it_is_ended_or_never_begun(sol: Person) -> None:
    begun, later = announce(sol), announce(sol, starts_at=NOW + HOUR)
    for reference in (begun, later, begun):
        with unit_of_work():
            found = db.session.query(Announcement).filter_by(reference=reference).one()
            by = db.session.get_one(Person, sol.id)
            operations.end(found, by=by, now=NOW + HOUR / 2)
    assert [list(shown_at(NOW + number * HOUR)) for number in (1, 2)] == [[], []]
    assert len(list(shown_at(NOW + HOUR / 4))) == 1
    assert [entry.act for entry in audit.latest(limit=2)] == ["announcement-ended"] * 2


def test_everybody_reads_it_above_the_page_in_their_language(app: Flask, desk: Visitor) -> None:
    visitor = Visitor(app)
    assert NOTE.findall(visitor.page("/en/")) == []
    sent = {**WORDS, "starts": "2026-01-01T00:00", "zone": "UTC"}
    assert desk.post(DESK, **sent).location == DESK
    told = {
        path: NOTE.findall(visitor.page(path))
        for path in ("/en/", "/fr/learn", "/es/institutions", "/ar/sign-in")
    }
    elsewhere = '<span lang="en" dir="auto">We move house on Sunday.</span>'
    assert told == {
        "/en/": ["We move house on Sunday."],
        "/fr/learn": ["Nous déménageons dimanche."],
        "/es/institutions": [elsewhere],
        "/ar/sign-in": [elsewhere],
    }
    lost = visitor.get("/en/nowhere").get_data(as_text=True)
    assert NOTE.findall(lost) == ["We move house on Sunday."]
    assert visitor.get("/en/").headers["Cache-Control"] == "public, max-age=60"


def test_the_hours_are_those_of_the_zone_that_was_chosen(desk: Visitor) -> None:
    sent = {**WORDS, "starts": "2027-07-01T09:00", "ends": "2027-07-01T18:30"}
    assert desk.post(DESK, **sent, zone="Europe/Paris").status_code == 303
    [made] = db.session.query(Announcement).all()
    assert (made.starts_at, made.ends_at, made.zone) == (
        datetime(2027, 7, 1, 7, 0, tzinfo=UTC),
        datetime(2027, 7, 1, 16, 30, tzinfo=UTC),
        "Europe/Paris",
    )
    form = desk.page(f"{DESK}/{made.reference}")
    assert re.findall(r'type="datetime-local" value="([^"]+)"', form) == [
        *("2027-07-01T09:00", "2027-07-01T18:30"),
    ]
    moved = {**sent, "starts": "2027-07-02T09:00", "ends": "", "zone": "UTC"}
    assert desk.post(f"{DESK}/{made.reference}", **moved).status_code == 303
    [made] = db.session.query(Announcement).all()
    assert (made.starts_at, made.ends_at) == (datetime(2027, 7, 2, 9, 0, tzinfo=UTC), None)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        *(("text_en", ""), ("text_en", "\u200b"), ("starts", ""), ("starts", "tomorrow")),
        *(("ends", "2026-01-01T00:00"), ("ends", "x"), ("zone", "Mars/Base"), ("zone", "../etc")),
    ],
)
def test_what_cannot_be_announced_is_asked_again(desk: Visitor, field: str, text: str) -> None:
    sent = {**WORDS, "starts": "2026-01-01T00:00", "zone": "UTC", field: text}
    answer = desk.post(DESK, **sent)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.get_data(as_text=True)
    assert db.session.query(Announcement).count() == 0


def test_a_steward_ends_it_with_one_button(app: Flask, desk: Visitor, sol: Person) -> None:
    reference = announce(sol, starts_at=utcnow() - HOUR)
    assert "Shown now" in desk.page(DESK)
    assert desk.post(f"{DESK}/{reference}/end").status_code == 303
    assert NOTE.findall(Visitor(app).page("/en/")) == []
    assert desk.post(f"{DESK}/nothing/end").status_code == 404


def test_nobody_but_stewards_of_all_announces(app: Flask, sol: Person) -> None:
    afi = Visitor(app, make_steward("afi@example.org", section="uclg-africa"))
    reference = announce(sol)
    for path in (DESK, f"{DESK}/{reference}", f"{DESK}/{reference}/end"):
        assert afi.post(path, **WORDS, starts="2026-01-01T00:00", zone="UTC").status_code == 403
    assert db.session.query(Announcement).one().texts == {"en": "Closed."}
