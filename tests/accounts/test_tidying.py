"""What is over is removed by a job, at its time and not before."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import Base, db, unit_of_work, utcnow
from academy.jobs import clock
from academy.tokens.models import IdempotencyKey, Purpose, Token
from academy.tokens.operations import forget_expired_tokens, forget_old_keys, make_token
from academy.web.once import FIELD, is_first

SECOND = timedelta(seconds=1)


def count(app: Flask, table: type[Base]) -> int:
    """Count the rows of a table."""
    with app.app_context():
        return len(db.session.scalars(select(table)).all())


def test_mailed_tokens_go_a_month_after_they_expired(place: Flask) -> None:
    made, month = utcnow(), timedelta(days=30)
    with place.app_context(), unit_of_work():
        make_token(db.session.scalars(select(Person)).one(), Purpose.RESET, now=made)
    left = []
    for now in (made + timedelta(hours=2) + month - SECOND, made + timedelta(hours=2) + month):
        with place.app_context(), unit_of_work():
            forget_expired_tokens(now=now)
        left.append(count(place, Token))
    assert left == [1, 0]


def test_a_form_is_known_for_a_week(place: Flask) -> None:
    made, week, sent = utcnow(), timedelta(days=7), {FIELD: "a mark"}
    first = []
    for now in (made, made + week - SECOND, made + week):
        with place.app_context(), unit_of_work():
            forget_old_keys(now=now)
            first.append(is_first(db.session.scalars(select(Person)).one(), sent, now=now))
    assert first == [True, False, True]
    assert count(place, IdempotencyKey) == 1


def test_a_mark_belongs_to_one_person_and_a_form_without_one_is_taken(place: Flask) -> None:
    with place.app_context(), unit_of_work():
        person = db.session.scalars(select(Person)).one()
        assert [is_first(person, {}, now=utcnow()) for _time in range(2)] == [True, True]
    assert count(place, IdempotencyKey) == 0


def test_the_worker_tidies_up_once_an_hour(place: Flask) -> None:
    tasks = clock(place)._registry.periodic_tasks
    assert [task.name for task in tasks].count("tidy_accounts") == 1
