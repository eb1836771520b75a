"""The waiting list: first come, first served, in the transaction that frees the place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from courses.catalogue import operations as catalogue
from courses.catalogue.content import RunContent
from courses.catalogue.queries import offers_by_id, run_by_reference
from courses.catalogue.runs import Run
from courses.enrolment import operations, queries
from courses.enrolment.rules import EnrolmentClosed
from tests.making import NOW, content, make_person
from tests.taking_part import COMING, WEEK, enrol, make_run, standing, taken, withdraw
from tests.told import told_of

pytestmark = pytest.mark.usefixtures("app")
HOUR = timedelta(hours=1)


def people(count: int) -> list[Person]:
    """Make people, in an order."""
    return [make_person(f"peer{number}@example.org") for number in range(count)]


def full_run(crowd: list[Person], *, places: int, **more: object) -> str:
    """Make a run to which all of them came, an hour after each other."""
    run = make_run(replace(COMING, capacity=places), **more)
    for hours, person in enumerate(crowd):
        enrol(person, run, now=NOW + hours * HOUR)
    return run


def standings(crowd: list[Person], run: str) -> str:
    """Tell how each of them stands, by the first letter."""
    return "".join((standing(person, run) or "-")[0] for person in crowd)


def place(person: Person, run: str) -> int:
    """Tell somebody's place in the waiting list."""
    found = queries.enrolment_of(person, run_by_reference(run))
    assert found is not None
    return queries.place_in_queue(found)


def write_places(run: str, places: int | None) -> None:
    """Let the institution change how many places there are."""
    with unit_of_work():
        offer_id = run_by_reference(run).offer_id
        offer = offers_by_id([offer_id])[offer_id]
        changed = content(runs=[replace(COMING, capacity=places)])
        catalogue.revise(offer, changed, now=NOW + 9 * HOUR)


def test_people_wait_in_the_order_in_which_they_came() -> None:
    crowd = people(5)
    run = full_run(crowd, places=2)
    assert (standings(crowd, run), taken(run)) == ("eewww", 2)
    assert [place(person, run) for person in crowd[2:]] == [1, 2, 3]


def test_a_place_that_is_given_back_goes_to_the_first_who_waits() -> None:
    crowd = people(4)
    run = full_run(crowd, places=2)
    withdraw(crowd[0], run, now=NOW + 9 * HOUR)
    told = [standing(person, run) for person in crowd]
    assert (told, taken(run)) == (["withdrawn", "enrolled", "enrolled", "waiting"], 2)
    mine = queries.enrolment_of(crowd[2], run_by_reference(run))
    assert mine is not None
    assert (mine.waiting_since, mine.changed_at) == (None, NOW + 9 * HOUR)


def test_leaving_the_list_lets_those_behind_move_up_and_frees_no_place() -> None:
    crowd = people(4)
    run = full_run(crowd, places=1)
    withdraw(crowd[1], run)
    told = [standing(person, run) for person in crowd]
    assert (told, taken(run)) == (["enrolled", "withdrawn", "waiting", "waiting"], 1)
    assert [place(person, run) for person in crowd[2:]] == [1, 2]


def test_who_left_the_list_comes_back_at_its_end() -> None:
    crowd = people(4)
    run = full_run(crowd, places=1)
    withdraw(crowd[1], run, now=NOW + 8 * HOUR)
    enrol(crowd[1], run, now=NOW + 9 * HOUR)
    assert [place(person, run) for person in crowd[1:]] == [3, 1, 2]


def test_enrolling_again_while_waiting_keeps_the_place_in_the_list() -> None:
    crowd = people(3)
    run = full_run(crowd, places=1)
    enrol(crowd[1], run, now=NOW + 9 * HOUR)
    assert [place(person, run) for person in crowd[1:]] == [1, 2]


@pytest.mark.parametrize(
    ("places", "after"), [(2, "eeww"), (3, "eeew"), (9, "eeee"), (None, "eeee")]
)
def test_places_that_are_added_go_to_those_who_wait_as_many_as_there_are(
    places: int | None, after: str
) -> None:
    crowd = people(4)
    run = full_run(crowd, places=1)
    write_places(run, places)
    assert (standings(crowd, run), taken(run)) == (after, after.count("e"))


def test_fewer_places_take_nobodys_place_and_are_filled_only_when_free() -> None:
    crowd = people(4)
    run = full_run(crowd, places=3)
    write_places(run, 1)
    assert (standings(crowd, run), taken(run)) == ("eeew", 3)
    capacity = db.session.scalar(select(Run.capacity).where(Run.reference == run))
    assert capacity == 3


def test_who_was_blocked_while_waiting_is_passed_over(app: Flask) -> None:
    crowd = people(4)
    run = full_run(crowd, places=1)
    with unit_of_work():
        blocked = db.session.get_one(Person, crowd[1].id)
        blocked.blocked_at = NOW
    withdraw(crowd[0], run, now=NOW + 9 * HOUR)
    assert (standing(crowd[2], run), place(crowd[3], run), taken(run)) == ("enrolled", 1, 1)
    assert standing(crowd[1], run) == "waiting"


def test_nobody_moves_up_when_it_is_over() -> None:
    crowd = people(2)
    run = full_run(crowd, places=1)
    withdraw(crowd[0], run, now=NOW + 2 * WEEK + HOUR)
    assert (standing(crowd[1], run), taken(run)) == ("waiting", 0)


def test_who_waits_moves_up_after_enrolment_has_closed() -> None:
    crowd = people(2)
    run = make_run(replace(COMING, capacity=1, enrol_until=NOW + HOUR))
    for person in crowd:
        enrol(person, run)
    withdraw(crowd[0], run, now=NOW + 2 * HOUR)
    assert (standing(crowd[1], run), taken(run)) == ("enrolled", 1)
    with pytest.raises(EnrolmentClosed):
        enrol(crowd[0], run, now=NOW + 2 * HOUR)


def test_a_place_freed_while_the_offer_was_away_is_given_when_it_is_back() -> None:
    crowd = people(2)
    run = full_run(crowd, places=1)
    with unit_of_work():
        catalogue.withdraw(run_by_reference(run).offer, now=NOW)
    withdraw(crowd[0], run)
    with unit_of_work():
        assert operations.fill_idle_places(now=NOW, limit=9) == 0
        offer = offers_by_id([run_by_reference(run).offer_id])
        catalogue.publish(next(iter(offer.values())), now=NOW)
    with unit_of_work():
        assert operations.fill_idle_places(now=NOW, limit=9) == 1
    assert (standing(crowd[1], run), taken(run)) == ("enrolled", 1)


def test_each_is_told_once_how_it_stands(app: Flask) -> None:
    crowd = people(3)
    run = full_run(crowd, places=1)
    withdraw(crowd[0], run, now=NOW + 9 * HOUR)
    enrol(crowd[1], run, now=NOW + 9 * HOUR)
    assert told_of(app, now=NOW + 9 * HOUR) == [
        ("enrolled", "peer0@example.org"),
        ("waiting", "peer1@example.org"),
        ("waiting", "peer2@example.org"),
        ("promoted", "peer1@example.org"),
    ]


def test_a_run_without_an_end_gives_places_on_as_well() -> None:
    crowd = people(2)
    run = make_run(RunContent(capacity=1))
    for person in crowd:
        enrol(person, run)
    with unit_of_work():
        db.session.execute(update(Run).where(Run.reference == run).values(capacity=2))
    with unit_of_work():
        assert operations.fill_idle_places(now=NOW + 400 * WEEK, limit=9) == 1
    assert (standing(crowd[1], run), taken(run)) == ("enrolled", 2)
