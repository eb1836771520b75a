"""Many people come and go at once where the database is PostgreSQL: the same promises hold."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from courses.catalogue.queries import run_by_reference
from courses.catalogue.runs import Run
from courses.enrolment import operations
from courses.enrolment.models import Enrolment, Standing
from courses.vocabularies.operations import sync
from tests.house.test_postgresql import empty, server  # noqa: F401 - fixtures
from tests.making import NOW, make_person
from tests.patience import LIMIT
from tests.taking_part import OPEN, enrol, make_run

CROWD = 12


@pytest.fixture
def filled(empty: Flask) -> Flask:  # noqa: F811
    """An academy on PostgreSQL with the vocabularies."""
    flask_migrate.upgrade()
    with unit_of_work():
        sync()
    return empty


def go(app: Flask, number: int, run: str, gate: Barrier) -> None:
    """Withdraw one of the first half, or enrol one of the second, when all are ready."""
    with app.app_context():
        gate.wait(LIMIT)
        with unit_of_work():
            email = f"peer{number}@example.org"
            person = db.session.scalars(select(Person).where(Person.email == email)).one()
            act = operations.withdraw if number < CROWD else operations.enrol
            act(person, run_by_reference(run), now=NOW)
        db.session.remove()


def test_as_many_come_as_go_at_once_and_no_place_is_idle_or_taken_twice(filled: Flask) -> None:
    people = [make_person(f"peer{number}@example.org") for number in range(2 * CROWD)]
    run = make_run(replace(OPEN, capacity=CROWD // 2))
    for person in people[:CROWD]:
        enrol(person, run)
    gate = Barrier(2 * CROWD)
    with ThreadPoolExecutor(2 * CROWD) as pool:
        rush = [pool.submit(go, filled, number, run, gate) for number in range(2 * CROWD)]
        for one in rush:
            one.result(LIMIT)
    db.session.rollback()
    counted = select(Enrolment.standing, func.count()).group_by(Enrolment.standing)
    assert {standing: count for standing, count in db.session.execute(counted)} == {
        Standing.WITHDRAWN: CROWD,
        Standing.ENROLLED: CROWD // 2,
        Standing.WAITING: CROWD // 2,
    }
    assert db.session.scalars(select(Run.taken)).all() == [CROWD // 2]
