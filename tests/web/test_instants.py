"""Instants: stored in UTC, given back aware, refused without a zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, select, text
from sqlalchemy.dialects import registry as dialects
from sqlalchemy.exc import StatementError

from academy.accounts.models import Person
from academy.db import UtcDateTime, db, unit_of_work, utcnow
from tests.making import NOW, make_person

ZONES = st.sampled_from(
    ["UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns", "Africa/Casablanca"]
).map(ZoneInfo)
EARLIEST, LATEST = datetime(1901, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 - zones come later
MOMENTS = st.datetimes(EARLIEST, LATEST, timezones=ZONES)
KEPT = UtcDateTime()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@given(moment=MOMENTS)
def test_an_instant_comes_back_as_the_same_instant_in_utc(database: str, moment: datetime) -> None:
    dialect: Dialect = dialects.load(database)()
    stored = KEPT.process_bind_param(moment, dialect)
    back = KEPT.process_result_value(stored, dialect)
    assert back is not None
    assert (back, back.tzinfo) == (moment.astimezone(UTC), UTC)


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    with pytest.raises(StatementError, match="this datetime is naive"):
        make_person(now=datetime(2026, 11, 22, 12, 0))  # noqa: DTZ001 - the point of it


def test_a_row_keeps_the_instant_and_compares_by_it(app: Flask) -> None:
    bogota = timezone(timedelta(hours=-5))
    make_person(now=datetime(2026, 11, 22, 7, 0, tzinfo=bogota))
    assert db.session.scalar(text("SELECT joined_at FROM people")) == "2026-11-22 12:00:00.000000"
    person = db.session.scalars(select(Person)).one()
    assert (person.joined_at, person.joined_at.tzinfo) == (NOW, UTC)
    same = datetime(2026, 11, 22, 21, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert db.session.scalars(select(Person.name).where(Person.joined_at == same)).all() == ["Ana"]


def test_no_instant_stays_none(app: Flask) -> None:
    make_person()
    person = db.session.scalars(select(Person)).one()
    assert person.blocked_at is None
    with unit_of_work():
        db.session.scalars(select(Person)).one().blocked_at = NOW
    assert db.session.scalars(select(Person.blocked_at)).one() == NOW


def test_now_has_a_zone() -> None:
    assert utcnow().tzinfo is UTC
