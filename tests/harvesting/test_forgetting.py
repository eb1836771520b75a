"""What harvests forget at night: messages after a month, findings after three; never the sums."""

from __future__ import annotations

from contextvars import Context
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from academy.db import db, unit_of_work, utcnow
from courses.harvesting.models import Harvest, PushedMessage, RecordedFinding
from tests.harvesting.harvested import harvest, lines, record, source


def counted(model: type[object]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def forget(app: Flask) -> None:
    [forgetting] = [job for job in app.extensions["jobs"] if job.name == "forget_harvests"]
    Context().run(forgetting.act)
    db.session.expunge_all()


def test_messages_are_forgotten_after_a_month(app: Flask) -> None:
    source_id, now = source(), utcnow()
    with unit_of_work():
        for days in (29, 31):
            told = PushedMessage(source_id=source_id, message=f"{days} days ago")
            told.received_at = now - timedelta(days=days)
            db.session.add(told)
    forget(app)
    assert list(db.session.scalars(select(PushedMessage.message))) == ["29 days ago"]


def test_findings_are_forgotten_after_three_months_and_harvests_stay(app: Flask) -> None:
    old, new = (harvest(lines(record(), {"title": ""})).harvest_id for _each in range(2))
    with unit_of_work():
        for harvest_id, days in ((old, 91), (new, 89)):
            db.session.get_one(Harvest, harvest_id).asked_at = utcnow() - timedelta(days=days)
    forget(app)
    assert set(db.session.scalars(select(RecordedFinding.harvest_id))) == {new}
    assert (counted(Harvest), db.session.get_one(Harvest, old).rejected) == (2, 1)
