"""flask demo load, refresh and remove; and what making ready does with the network."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from academy.config import Settings
from academy.db import Base, db, unit_of_work
from academy.institutions.models import Institution
from academy.institutions.operations import add_institution
from academy.preparing import prepare
from courses.catalogue.models import Offer
from courses.catalogue.runs import Meeting, Run
from courses.demonstration import loading
from courses.enrolment.models import Enrolment
from courses.feedback.models import Review
from tests.making import NOW

Academy = Callable[..., Flask]
MONTH = timedelta(days=30)


def home_of(app: Flask) -> Path:
    """Give the folder of an academy."""
    settings: Settings = app.config["SETTINGS"]
    return settings.home


def demo(app: Flask, command: str) -> Result:
    """Run `flask demo COMMAND`."""
    return app.test_cli_runner().invoke(args=["demo", command])


def written(app: Flask) -> list[str]:
    """Give the whole database as SQL."""
    with sqlite3.connect(home_of(app) / "academy.sqlite") as database:
        return list(database.iterdump())


def count(app: Flask, table: type[Base]) -> int:
    """Count the rows of a table."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def loaded(academy: Academy, *, now: datetime) -> Flask:
    """Make an academy with the network as it was loaded at that moment."""
    app = academy(development=True)
    with app.app_context():
        loading.load(now=now, progress=lambda _done, _total: None)
    return app


def dates(app: Flask) -> list[tuple[object, ...]]:
    """Give the dates of every run and every meeting, by the offer's address."""
    runs = (
        select(Offer.slug, Run.starts_at, Run.ends_at, Run.enrol_until, Meeting.starts_at)
        .join(Offer.runs)
        .outerjoin(Meeting)
        .order_by(Offer.slug, Run.id, Meeting.id)
    )
    with app.app_context():
        return [tuple(row) for row in db.session.execute(runs)]


def taking_part(app: Flask) -> list[tuple[object, ...]]:
    """Give every enrolment and review with its run, and how many places each run has taken."""
    questions = (
        select(Enrolment.reference, Enrolment.person_id, Enrolment.run_id, Enrolment.standing),
        select(Review.person_id, Review.run_id, Review.text, Review.state),
        select(Run.id, Run.reference, Run.taken),
    )
    with app.app_context():
        return [tuple(row) for one in questions for row in db.session.execute(one)]


def meetings(app: Flask) -> list[tuple[str, int]]:
    """Give the UID and the sequence of every meeting."""
    with app.app_context():
        rows = db.session.execute(select(Meeting.uid, Meeting.sequence).order_by(Meeting.id))
        return [(uid, sequence) for uid, sequence in rows]


def test_loading_is_refused_in_production(academy: Academy) -> None:
    app = academy()
    result = demo(app, "load")
    refusal = "Error: The demonstration is for development: ACADEMY_ENV=development.\n"
    assert (result.exit_code, result.output) == (1, refusal)
    assert (count(app, Institution), (home_of(app) / loading.MARKER).exists()) == (0, False)


def test_making_production_ready_loads_nothing(academy: Academy) -> None:
    app = academy()
    assert prepare(app, lambda _line: None) == []
    assert (count(app, Institution), count(app, Offer)) == (0, 0)


def test_loading_is_refused_where_there_are_institutions(academy: Academy) -> None:
    app = academy(development=True)
    with app.app_context(), unit_of_work():
        add_institution("river-school", name={"en": "River School"}, now=NOW)
    result = demo(app, "load")
    refusal = "Error: There are institutions already; nothing was loaded.\n"
    assert (result.exit_code, result.output) == (1, refusal)
    assert (count(app, Institution), count(app, Offer)) == (1, 0)


def test_loading_twice_keeps_the_password_of_the_first_time(academy: Academy) -> None:
    app = academy(development=True)
    assert demo(app, "load").exit_code == 0
    told = loading.sign_ins(home_of(app))
    assert (demo(app, "load").exit_code, loading.sign_ins(home_of(app))) == (1, told)
    assert len(told) == 6


def test_refreshing_makes_the_dates_those_of_a_network_loaded_today(academy: Academy) -> None:
    old, new = loaded(academy, now=NOW - MONTH), loaded(academy, now=NOW)
    before = dates(old)
    with old.app_context():
        assert loading.refresh(now=NOW) == 60
    assert (dates(old) == dates(new), dates(old) == before) == (True, False)


def test_refreshing_keeps_who_takes_part_and_what_they_said(academy: Academy) -> None:
    app = loaded(academy, now=NOW - MONTH)
    before = taking_part(app)
    assert demo(app, "refresh").output == "60 sample offers have new dates.\n"
    assert taking_part(app) == before


def test_refreshing_moves_meetings_under_the_uid_they_had(academy: Academy) -> None:
    app = loaded(academy, now=NOW - MONTH)
    before = meetings(app)
    demo(app, "refresh")
    assert meetings(app) == [(uid, sequence + 1) for uid, sequence in before]


def test_refreshing_an_academy_without_the_network_changes_nothing(academy: Academy) -> None:
    app = academy(development=True)
    before = written(app)
    assert demo(app, "refresh").output == "0 sample offers have new dates.\n"
    assert written(app) == before


def test_making_ready_twice_changes_nothing(demonstration: Flask) -> None:
    index = sorted(path.name for path in (home_of(demonstration) / "index").rglob("*"))
    before, lines = written(demonstration), loading.sign_ins(home_of(demonstration))
    [mails, *sign_ins] = prepare(demonstration, lambda _line: None)
    assert sign_ins == lines
    assert mails.startswith("Mails go to ")
    assert written(demonstration) == before
    assert sorted(path.name for path in (home_of(demonstration) / "index").rglob("*")) == index


def test_what_was_removed_does_not_come_back_with_the_next_start(demonstration: Flask) -> None:
    assert demo(demonstration, "remove").exit_code == 0
    [mails] = prepare(demonstration, lambda _line: None)
    assert mails.startswith("Mails go to ")
    assert (count(demonstration, Institution), count(demonstration, Offer)) == (0, 0)


def test_what_was_removed_comes_back_when_it_is_asked_for(demonstration: Flask) -> None:
    demo(demonstration, "remove")
    assert demo(demonstration, "load").exit_code == 0
    assert (count(demonstration, Institution), count(demonstration, Offer)) == (12, 60)
    told = json.loads((home_of(demonstration) / loading.MARKER).read_text())
    assert list(told) == ["password"]


def test_only_its_owner_reads_the_file_with_the_password(demonstration: Flask) -> None:
    assert (home_of(demonstration) / loading.MARKER).stat().st_mode & 0o777 == 0o600
