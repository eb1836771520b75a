"""One transaction: all of it or nothing, and nobody is overtaken by anybody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import Person
from academy.accounts.operations import sign_up
from academy.db import db, unit_of_work
from tests.making import NOW, make_person

PATIENCE = 10.0
"""Seconds after which a thread gives up on another; none of them ever needs them."""


def add(email: str) -> Person:
    """Add a person, in whatever transaction is open."""
    return sign_up(email, name="Ben", password_hash="-", language="en", now=NOW)


def everybody(app: Flask) -> list[str]:
    """The addresses of all, as another connection sees them."""
    with app.app_context():
        return list(db.session.scalars(select(Person.email).order_by(Person.id)))


class Storm(BaseException):
    """What nothing in the academy expects."""


def test_all_of_it_is_kept(app: Flask) -> None:
    with unit_of_work():
        add("a@example.org")
        add("b@example.org")
    assert everybody(app) == ["a@example.org", "b@example.org"]


@pytest.mark.parametrize("trouble", [ValueError, KeyboardInterrupt, Storm])
def test_or_nothing_of_it_is_kept(app: Flask, trouble: type[BaseException]) -> None:
    def begin_and_fail() -> None:
        with unit_of_work():
            add("a@example.org")
            raise trouble

    with pytest.raises(trouble):
        begin_and_fail()
    assert everybody(app) == []
    with unit_of_work():
        add("b@example.org")
    assert everybody(app) == ["b@example.org"]


def test_what_the_database_refuses_at_the_end_undoes_the_beginning(app: Flask) -> None:
    def add_somebody_impossible() -> None:
        with unit_of_work():
            add("a@example.org")
            add("b@example.org").email_key = "B@example.org"

    with pytest.raises(IntegrityError, match="ck_people_email_key_lower"):
        add_somebody_impossible()
    assert everybody(app) == []


def test_what_was_changed_outside_is_not_smuggled_in(app: Flask) -> None:
    person = make_person()
    person.name = "Somebody else"
    with unit_of_work():
        add("b@example.org")
    assert db.session.scalars(select(Person.name).order_by(Person.id)).all() == ["Ana", "Ben"]


def test_it_reads_what_others_have_written_since_the_last_look(app: Flask) -> None:
    make_person()
    assert db.session.scalars(select(Person.name)).one() == "Ana"
    with app.app_context(), unit_of_work():
        db.session.scalars(select(Person)).one().name = "Anna"
    assert db.session.scalars(select(Person.name)).one() == "Ana"
    with unit_of_work():
        assert db.session.scalars(select(Person.name)).one() == "Anna"


def test_a_unit_inside_a_unit_is_refused_rather_than_losing_the_outer_one(app: Flask) -> None:
    def nest() -> None:
        with unit_of_work():
            add("a@example.org")
            with unit_of_work():
                add("b@example.org")

    with pytest.raises(RuntimeError, match="they do not nest"):
        nest()
    assert everybody(app) == []
    with unit_of_work():
        add("c@example.org")
    assert everybody(app) == ["c@example.org"]


def test_a_second_writer_waits_for_the_first_and_sees_its_work(app: Flask) -> None:
    first_has_read, second_has_read = Event(), Event()

    def count(has_read: Event, wait_for: Event, patience: float) -> int:
        with app.app_context(), unit_of_work():
            seen = len(db.session.scalars(select(Person.id)).all())
            has_read.set()
            # Were the second let in now, both would have counted the same.
            wait_for.wait(patience)
            add(f"person-{seen}@example.org")
        return seen

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(count, first_has_read, second_has_read, 0.3)
        assert first_has_read.wait(PATIENCE)
        second = pool.submit(count, second_has_read, first_has_read, 0.0)
        assert (first.result(PATIENCE), second.result(PATIENCE)) == (0, 1)
    assert everybody(app) == ["person-0@example.org", "person-1@example.org"]


def test_many_writers_at_once_all_come_to_their_turn(app: Flask) -> None:
    def write(number: int) -> int:
        with app.app_context(), unit_of_work():
            seen = len(db.session.scalars(select(Person.id)).all())
            add(f"person-{number}@example.org")
        return seen

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(write, range(40))) == list(range(40))


def test_readers_do_not_wait_for_a_writer(app: Flask) -> None:
    make_person()
    with ThreadPoolExecutor(1) as pool, unit_of_work():
        add("b@example.org")
        assert pool.submit(everybody, app).result(PATIENCE) == ["ana@example.org"]


def test_reading_afterwards_keeps_no_other_writer_waiting(app: Flask) -> None:
    with unit_of_work():
        add("a@example.org")
    assert db.session.scalars(select(Person.email)).all() == ["a@example.org"]
    with app.app_context(), unit_of_work():
        db.session.execute(text("PRAGMA busy_timeout=0"))
        add("b@example.org")
    assert everybody(app) == ["a@example.org", "b@example.org"]


def test_sqlite_is_set_up_as_it_must_be(app: Flask) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    found = {name: db.session.scalar(text(f"PRAGMA {name}")) for name in names}
    assert found == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }
