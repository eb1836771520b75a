"""Links in mails: withdraw, say how it was, say how far one got, without signing in, once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from academy.tokens.models import Purpose, Token
from academy.tokens.operations import make_token
from courses.catalogue.content import RunContent
from courses.enrolment.models import Enrolment
from courses.feedback.models import Review
from tests.making import make_person
from tests.taking_part import enrol, make_run, review, standing, taken, withdraw
from tests.told import told
from tests.visiting import Visitor

DAY = timedelta(days=1)
NOW = utcnow()
COMING = RunContent(starts_at=NOW + 7 * DAY, ends_at=NOW + 9 * DAY, capacity=1)
GOING = RunContent(starts_at=NOW - 7 * DAY, ends_at=NOW + 9 * DAY)
SAID = {"colleague": "yes", "city": "no", "length": "yes", "connection": "yes"}


def ways(app: Flask, kind: str, to: str = "ana@example.org") -> list[str]:
    """Give the paths to which a mail of a kind leads, that need no sign-in."""
    [one] = [one for one in told(app, now=utcnow(), kind=kind) if one.to == to]
    actions = [one.mail.action, *one.mail.further]
    return [urlsplit(action.url).path for action in actions if action]


def token_for(person: Person, reference: str, purpose: Purpose, *, now: datetime = NOW) -> str:
    """Make a token as a mail does."""
    with unit_of_work():
        return make_token(person, purpose, now=now, subject=reference).token


def test_the_mail_has_a_link_with_which_one_withdraws_in_one_click(app: Flask, ana: Person) -> None:
    run = make_run(COMING)
    enrol(ana, run, now=NOW)
    [_page, way] = ways(app, "enrolled")
    stranger = Visitor(app)
    page = stranger.page(way)
    assert re.findall(r'<form action="([^"]*)"', page) == [way]
    assert (standing(ana, run), taken(run)) == ("enrolled", 1)
    answer = stranger.post(way)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/learn/water-for-all")
    assert (standing(ana, run), taken(run)) == ("withdrawn", 0)
    told_so = "You have withdrawn. Your place is free again."
    assert told_so in stranger.page("/en/learn/water-for-all")


def test_a_link_that_was_used_says_so_and_does_nothing(app: Flask, ana: Person) -> None:
    run = make_run(COMING)
    enrol(ana, run, now=NOW)
    [_page, way] = ways(app, "enrolled")
    Visitor(app).post(way)
    enrol(ana, run, now=utcnow())
    for answer in (Visitor(app).post(way), Visitor(app).get(way)):
        sentence = "This link was used already. Nothing was done twice."
        assert (answer.status_code, sentence in answer.text) == (410, True)
    assert (standing(ana, run), taken(run)) == ("enrolled", 1)


def test_withdrawing_by_mail_gives_the_place_to_who_waits_who_can_give_it_on(
    app: Flask, ana: Person
) -> None:
    run, ben = make_run(COMING), make_person("ben@example.org")
    for person in (ana, ben):
        enrol(person, run, now=NOW)
    Visitor(app).post(ways(app, "enrolled")[1])
    assert (standing(ben, run), taken(run)) == ("enrolled", 1)
    Visitor(app).post(ways(app, "promoted", "ben@example.org")[1])
    assert (standing(ben, run), taken(run)) == ("withdrawn", 0)


def test_who_waits_leaves_the_list_by_mail(app: Flask, ana: Person) -> None:
    run, ben = make_run(COMING), make_person("ben@example.org")
    for person in (ben, ana):
        enrol(person, run, now=NOW)
    way = ways(app, "waiting")[1]
    assert "Leave the waiting list" in Visitor(app).page(way)
    Visitor(app).post(way)
    assert (standing(ana, run), standing(ben, run), taken(run)) == ("withdrawn", "enrolled", 1)


@pytest.mark.parametrize("place", ["withdraw", "feedback", "progress"])
def test_an_old_an_unknown_and_another_link_open_nothing(
    app: Flask, ana: Person, place: str
) -> None:
    reference = enrol(ana, make_run(GOING), now=NOW).reference
    purpose = Purpose.WITHDRAW if place == "withdraw" else Purpose.REVIEW
    other = Purpose.REVIEW if place == "withdraw" else Purpose.WITHDRAW
    old = token_for(ana, reference, purpose, now=NOW - 121 * DAY)
    wrong = token_for(ana, reference, other)
    answers = [
        Visitor(app).get(f"/en/{place}/{one}").status_code for one in (old, wrong, "made-up")
    ]
    assert answers == [410, 404, 404]
    sent = SAID | {"progress": "finished"}
    posts = [Visitor(app).post(f"/en/{place}/{one}", **sent).status_code for one in (old, wrong)]
    assert posts == [410, 404]
    assert db.session.scalars(select(Enrolment.standing)).all() == ["enrolled"]
    assert db.session.scalars(select(Review)).all() == []


def test_looking_at_the_pages_uses_nothing_up_and_keeps_them_to_the_reader(
    app: Flask, ana: Person
) -> None:
    reference = enrol(ana, make_run(GOING), now=NOW).reference
    places = {"withdraw": Purpose.WITHDRAW, "feedback": Purpose.REVIEW, "progress": Purpose.REVIEW}
    for place, purpose in places.items():
        answer = Visitor(app).get(f"/en/{place}/{token_for(ana, reference, purpose)}")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
        assert '<meta name="robots" content="noindex, follow">' in answer.text
    assert [one.used_at for one in db.session.scalars(select(Token))] == [None, None, None]


def test_a_review_is_written_by_the_link_once_and_changed_after_signing_in(
    app: Flask, ana: Person
) -> None:
    run = make_run(GOING)
    reference = enrol(ana, run, now=NOW).reference
    way = f"/en/feedback/{token_for(ana, reference, Purpose.REVIEW)}"
    answer = Visitor(app).post(way, **SAID, text="Bring maps.")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/en/learn/water-for-all#feedback"
    again = Visitor(app).post(way, **SAID, text="Bring nothing.")
    assert (again.status_code, Visitor(app).get(way).status_code) == (410, 410)
    assert db.session.scalars(select(Review.text)).all() == ["Bring maps."]
    Visitor(app, ana).post(f"/en/runs/{run}/review", **SAID, text="Bring pens.")
    assert db.session.scalars(select(Review.text)).all() == ["Bring pens."]


def test_missing_answers_do_not_use_the_link_up(app: Flask, ana: Person) -> None:
    reference = enrol(ana, make_run(GOING), now=NOW).reference
    way = f"/en/feedback/{token_for(ana, reference, Purpose.REVIEW)}"
    answer = Visitor(app).post(way, colleague="yes", text="Half a review.")
    assert (answer.status_code, "Half a review." in answer.text) == (422, True)
    assert Visitor(app).post(way, **SAID).status_code == 303


def test_who_withdrew_says_nothing_by_the_link(app: Flask, ana: Person) -> None:
    run = make_run(GOING)
    reference = enrol(ana, run, now=NOW).reference
    withdraw(ana, run, now=NOW)
    for place in ("feedback", "progress"):
        way = f"/en/{place}/{token_for(ana, reference, Purpose.REVIEW)}"
        assert Visitor(app).post(way, **SAID, progress="finished").status_code == 409
    assert db.session.scalars(select(Review)).all() == []


def test_who_finished_goes_on_to_the_review_by_the_same_link(app: Flask, ana: Person) -> None:
    reference = enrol(ana, make_run(GOING), now=NOW).reference
    token = token_for(ana, reference, Purpose.REVIEW)
    for _twice in range(2):
        answer = Visitor(app).post(f"/en/progress/{token}", progress="finished")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/en/feedback/{token}")
    assert db.session.scalars(select(Enrolment.progress)).all() == ["finished"]
    assert Visitor(app).get(f"/en/feedback/{token}").status_code == 200


@pytest.mark.parametrize(("said", "status"), [("stopped", 303), ("left", 422), ("", 422)])
def test_one_says_what_one_is_asked(app: Flask, ana: Person, said: str, status: int) -> None:
    reference = enrol(ana, make_run(GOING), now=NOW).reference
    token = token_for(ana, reference, Purpose.REVIEW)
    answer = Visitor(app).post(f"/en/progress/{token}", progress=said)
    kept = [said] if status == 303 else [None]
    assert (answer.status_code, db.session.scalars(select(Enrolment.progress)).all()) == (
        status,
        kept,
    )


def test_a_review_written_by_signing_in_is_shown_again_by_the_link(app: Flask, ana: Person) -> None:
    run = make_run(GOING)
    reference = enrol(ana, run, now=NOW).reference
    review(ana, run, now=NOW)
    page = Visitor(app).page(f"/en/feedback/{token_for(ana, reference, Purpose.REVIEW)}")
    assert ">Send two people.</textarea>" in page
