"""Harvests and people at once where the database is PostgreSQL: nobody overtakes anybody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from flask import Flask
from sqlalchemy import select, text

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.harvesting.models import SourceRecord
from tests.enrolment.test_rush_postgresql import filled  # noqa: F401 - a fixture
from tests.harvesting.harvested import source
from tests.harvesting.test_harvest_at_once import RECORDS, at_once, feed, total
from tests.house.test_postgresql import empty, server  # noqa: F401 - fixtures
from tests.making import make_person
from tests.patience import LIMIT, awaited


def test_two_institutions_that_tell_the_same_at_once_both_keep_theirs(
    filled: Flask,  # noqa: F811
) -> None:
    ours, theirs = source(), source(institution="hill-school")
    reports = at_once(filled, [ours, theirs], [feed("About"), feed("About")])
    assert [report.added for report in reports] == [RECORDS, RECORDS]
    assert (total(SourceRecord), total(Offer)) == (2 * RECORDS, 2 * RECORDS)


def test_the_same_file_twice_at_once_leaves_one_copy_of_each(filled: Flask) -> None:  # noqa: F811
    one = source()
    reports = at_once(filled, [one, one], [feed("About"), feed("About")])
    assert sum(report.added for report in reports) == RECORDS
    assert (total(SourceRecord), total(Offer)) == (RECORDS, RECORDS)


def test_what_is_read_in_a_unit_of_work_is_not_overtaken(filled: Flask) -> None:  # noqa: F811
    make_person("ana@example.org", name="")
    has_read = Event()

    def sign(letter: str) -> None:
        with filled.app_context(), unit_of_work():
            person = db.session.scalars(select(Person)).one()
            name = person.name
            if not has_read.is_set():
                has_read.set()
                awaited(somebody_waits, "nobody waits")
            person.name = name + letter

    def somebody_waits() -> bool:
        with filled.app_context(), db.engine.connect() as connection:
            asked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return bool(connection.execute(asked).scalar())

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(sign, "a")
        assert has_read.wait(LIMIT)
        second = pool.submit(sign, "b")
        for one in (first, second):
            one.result(LIMIT)
    db.session.rollback()
    assert db.session.scalars(select(Person.name)).one() == "ab"
