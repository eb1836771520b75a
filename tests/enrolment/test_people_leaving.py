"""Who is blocked, erased or merged: places go on, what was saved goes, answers are counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.accounts.models import CitySize, Person, WorkRole
from academy.db import Base, db, unit_of_work
from courses import people
from courses.catalogue.models import Offer
from courses.catalogue.queries import run_by_reference
from courses.enrolment.models import Enrolment, Progress
from courses.enrolment.queries import participants
from courses.feedback.models import Review, ReviewState
from courses.saving import operations as saving
from courses.saving.models import SavedOffer, SavedSearch
from tests.making import NOW, make_offer, make_person
from tests.taking_part import (
    BEGUN,
    COMING,
    OPEN,
    WEEK,
    answers,
    decide,
    declare,
    enrol,
    make_run,
    review,
    standing,
    taken,
    withdraw,
)

pytestmark = pytest.mark.usefixtures("app")
HOUR = timedelta(hours=1)


def count(table: type[Base]) -> int:
    """Count the rows of a table."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def saved_by(person: Person, *slugs: str) -> None:
    """Let a person save offers, and a search."""
    with unit_of_work():
        for slug in slugs:
            offer = db.session.scalars(select(Offer).where(Offer.slug == slug)).one()
            saving.save_offer(person, offer, now=NOW)
        saving.save_search(person, "q=water", "water", now=NOW)


def merged(old: Person, kept: Person) -> None:
    """Make one account part of another."""
    with unit_of_work():
        first, second = (db.session.get_one(Person, one.id) for one in (old, kept))
        people.merge(first, second, NOW + WEEK)


def test_participants_are_listed_first_those_inside_then_those_who_wait() -> None:
    crowd = [make_person(f"peer{number}@example.org", name=f"P{number}") for number in range(5)]
    run = make_run(replace(COMING, capacity=2))
    for hours, person in enumerate(crowd):
        enrol(person, run, now=NOW + hours * HOUR)
    withdraw(crowd[0], run, now=NOW + 9 * HOUR)
    listed = [(one.person.name, one.standing.value) for one in participants(run_by_reference(run))]
    assert listed == [
        ("P1", "enrolled"),
        ("P2", "enrolled"),
        ("P3", "waiting"),
        ("P4", "waiting"),
        ("P0", "withdrawn"),
    ]


def test_who_is_erased_gives_their_places_on_and_leaves_counts_alone() -> None:
    ana, ben = make_person(), make_person("ben@example.org")
    coming = make_run(replace(COMING, capacity=1), title="Coming")
    past = make_run(BEGUN, title="Past")
    for person in (ana, ben):
        enrol(person, coming)
    enrol(ana, past)
    review(ana, past, answers("I am Ana of Rivertown.", role=WorkRole.ELECTED))
    decide(ana, past, ReviewState.SHOWN)
    saved_by(ana, "coming", "past")
    with unit_of_work():
        people.forget(db.session.get_one(Person, ana.id), NOW + 3 * WEEK)
    assert (standing(ben, coming), taken(coming)) == ("waiting", 1)
    with unit_of_work():
        people.forget(db.session.get_one(Person, ana.id), NOW)
    assert (standing(ben, coming), taken(coming)) == ("enrolled", 1)
    assert (count(SavedOffer), count(SavedSearch), count(Review)) == (0, 0, 1)
    kept = db.session.scalars(select(Review)).one()
    assert (kept.text, kept.role, kept.city_size, kept.colleague) == ("", None, None, True)
    offer = db.session.scalars(select(Offer).where(Offer.slug == "past")).one()
    assert offer.review_count == 1


def test_who_is_blocked_gives_places_on_in_every_run_that_is_to_come() -> None:
    ana, ben = make_person(), make_person("ben@example.org")
    runs = [make_run(replace(COMING, capacity=1), title=title) for title in ("Water", "Heat")]
    always = make_run(OPEN, title="Always")
    for run in runs:
        enrol(ana, run)
        enrol(ben, run)
    enrol(ana, always)
    with unit_of_work():
        person = db.session.get_one(Person, ana.id)
        person.blocked_at = NOW
        people.release(person, NOW)
    assert [standing(ben, run) for run in runs] == ["enrolled", "enrolled"]
    assert [(standing(ana, run), taken(run)) for run in (*runs, always)] == [
        ("withdrawn", 1),
        ("withdrawn", 1),
        ("withdrawn", 0),
    ]


def test_what_is_done_twice_is_done_once() -> None:
    ana, ben, run = make_person(), make_person("ben@example.org"), make_run(COMING)
    enrol(ana, run)
    enrol(ben, run)
    for _twice in range(2):
        with unit_of_work():
            people.forget(db.session.get_one(Person, ana.id), NOW)
    assert (standing(ben, run), taken(run)) == ("enrolled", 1)


def test_a_place_held_twice_by_one_person_goes_to_who_waits() -> None:
    old, kept, ben = (make_person(f"{name}@example.org") for name in ("old", "kept", "ben"))
    run = make_run(replace(COMING, capacity=2))
    for person in (old, kept, ben):
        enrol(person, run)
    merged(old, kept)
    assert (standing(old, run), standing(kept, run), standing(ben, run), taken(run)) == (
        None,
        "enrolled",
        "enrolled",
        2,
    )


def test_the_stronger_standing_stays_whichever_account_has_it() -> None:
    old, kept = make_person("old@example.org"), make_person("kept@example.org")
    first, second = (make_run(BEGUN, title=title) for title in ("Water", "Heat"))
    told = enrol(old, first)
    declare(old, told.reference, Progress.FINISHED)
    enrol(kept, first, now=NOW + HOUR)
    withdraw(kept, first, now=NOW + HOUR)
    enrol(old, second)
    withdraw(old, second)
    enrol(kept, second, now=NOW + HOUR)
    merged(old, kept)
    rows = db.session.scalars(select(Enrolment).order_by(Enrolment.run_id)).all()
    told_of = [(row.person_id, row.standing, row.progress, row.enrolled_at) for row in rows]
    assert told_of == [
        (kept.id, "enrolled", "finished", NOW),
        (kept.id, "enrolled", None, NOW),
    ]
    assert [taken(run) for run in (first, second)] == [1, 1]


def test_of_two_places_in_the_waiting_list_the_earlier_stays() -> None:
    crowd = [make_person(f"peer{number}@example.org") for number in range(4)]
    run = make_run(replace(COMING, capacity=1))
    for hours, person in enumerate(crowd):
        enrol(person, run, now=NOW + hours * HOUR)
    merged(crowd[1], crowd[3])
    withdraw(crowd[0], run, now=NOW + 9 * HOUR)
    assert [standing(person, run) for person in crowd] == [
        "withdrawn",
        None,
        "waiting",
        "enrolled",
    ]


@pytest.mark.parametrize("newer", ["old", "kept"])
def test_of_two_reviews_of_a_run_the_newer_stays(newer: str) -> None:
    old, kept = make_person("old@example.org"), make_person("kept@example.org")
    run = make_run(BEGUN)
    for person in (old, kept):
        enrol(person, run)
        later = HOUR if person.email.startswith(newer) else timedelta()
        text = "Newer." if later else "Older."
        review(person, run, answers(text, city_size=CitySize.SMALL), now=NOW + later)
        decide(person, run, ReviewState.SHOWN)
    merged(old, kept)
    rows = db.session.scalars(select(Review)).all()
    assert [(row.person_id, row.text) for row in rows] == [(kept.id, "Newer.")]
    assert db.session.scalars(select(Offer.review_count)).all() == [1]


def test_what_both_saved_is_saved_once() -> None:
    old, kept = make_person("old@example.org"), make_person("kept@example.org")
    for title in ("Water", "Heat"):
        make_offer(title)
    saved_by(old, "water", "heat")
    saved_by(kept, "heat")
    merged(old, kept)
    rows = db.session.execute(select(SavedOffer.person_id, Offer.slug).join(Offer)).all()
    assert sorted(tuple(row) for row in rows) == [(kept.id, "heat"), (kept.id, "water")]
    assert db.session.scalars(select(SavedSearch.person_id)).all() == [kept.id]


def test_merging_is_plugged_into_what_stewards_do(app: Flask) -> None:
    assert people.merge in app.extensions["merging"]
    assert people.release in app.extensions["blocking"]
