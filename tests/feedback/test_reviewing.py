"""Somebody looks at first reviews, at a terminal, before all may read them."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from academy.accounts.queries import person_by_email
from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.catalogue.queries import run_by_reference
from courses.catalogue.runs import Run
from courses.enrolment.operations import enrol
from courses.feedback.operations import Answers, review
from courses.feedback.queries import opinion
from tests.making import NOW, make_offer, make_person

ANSWERS = Answers(
    colleague=True, city=True, length=True, connection=True, text="It\nhelped", language="en"
)


def held_review(app: Flask) -> tuple[Offer, int]:
    make_person()
    offer = make_offer("Water for all")
    reference = run_of(offer)
    with unit_of_work():
        person = person_by_email("ana@example.org")
        assert person is not None
        run = run_by_reference(reference)
        enrol(person, run, now=NOW)
        number = review(person, run, ANSWERS, now=NOW).id
    return offer, number


def run_of(offer: Offer) -> str:
    reference = db.session.scalar(select(Run.reference).where(Run.offer_id == offer.id))
    assert reference is not None
    return reference


def test_a_held_review_is_listed_and_then_shown(app: Flask) -> None:
    offer, number = held_review(app)
    runner = app.test_cli_runner()

    listed = runner.invoke(args=["reviews", "list"]).output
    answer = runner.invoke(args=["reviews", "show", str(number)]).output
    left = runner.invoke(args=["reviews", "list"]).output

    assert listed == f"{number}\twater-for-all\ten\tIt helped\n"
    assert answer == f"Review {number} is shown.\n"
    assert left == ""
    assert opinion(db.session.get_one(Offer, offer.id)).count == 1


def test_a_hidden_review_is_read_by_nobody(app: Flask) -> None:
    offer, number = held_review(app)

    app.test_cli_runner().invoke(args=["reviews", "hide", str(number)])

    assert opinion(db.session.get_one(Offer, offer.id)).count == 0


def test_a_review_that_is_not_there_is_said_not_to_be(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["reviews", "show", "77"])

    assert (answer.exit_code, answer.output) == (
        1,
        "Error: There is no review 77: flask reviews list\n",
    )
