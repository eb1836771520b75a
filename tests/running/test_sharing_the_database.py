"""Long work is done in many transactions, and others write between them."""

from __future__ import annotations

from datetime import datetime
from threading import Event, Thread

from flask import Flask
from sqlalchemy import text

from academy.db import db, unit_of_work
from courses.jobs import MOST_ROUNDS, work_off
from tests.making import NOW
from tests.patience import LIMIT

COUNTING = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
    " SELECT count(*) FROM n"
)


def test_others_write_while_long_work_goes_on(app: Flask) -> None:
    begun, wrote, rounds = Event(), Event(), list[int]()

    def write() -> None:
        begun.wait(LIMIT)
        with app.app_context(), unit_of_work():
            db.session.execute(text("SELECT 1"))
            wrote.set()

    def hold(*, now: datetime, limit: int) -> int:
        assert now == NOW
        rounds.append(db.session.scalar(COUNTING))
        begun.set()
        return 0 if wrote.is_set() else limit

    writer = Thread(target=write)
    writer.start()
    work_off((hold,), now=NOW)
    writer.join(LIMIT)
    assert wrote.is_set()
    assert len(rounds) < MOST_ROUNDS
