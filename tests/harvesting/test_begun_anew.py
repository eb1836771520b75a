"""A harvest that is begun anew tells what it would have told in one go."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db
from courses.harvesting.draft import Weight
from courses.harvesting.harvests.keeping import carry_out_next
from courses.harvesting.models import Harvest, HarvestState, RecordedFinding
from courses.harvesting.pipeline import BATCH, Report
from tests.harvesting.courses_told import Courses, link
from tests.harvesting.harvested import table
from tests.harvesting.partner import Partner, approved, ask, door_to, partner_serving, sums
from tests.harvesting.publishing import publish

ROWS = [
    {
        "Id": f"course-{number}",
        "Title": "" if number % 50 == 0 else f"About {number}",
        "Link": link(f"course-{number}"),
        "Language": "en",
        "Start": "bad" if number % 50 == 1 else "2099-01-02",
    }
    for number in range(2 * BATCH + 50)
]


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def carry_out(app: Flask, partner: Partner, *, until: int | None = None) -> None:
    """Carry out what waits; the worker stops once so many records were read."""
    stop = Event()

    def look(report: Report) -> None:
        if until is not None and report.read >= until:
            stop.set()

    assert carry_out_next(door_to(partner), app.config["SETTINGS"], stop=stop, told=look)


def kept(harvest: int) -> Harvest:
    db.session.rollback()
    db.session.expunge_all()
    return db.session.get_one(Harvest, harvest)


def findings(harvest: int, *weights: Weight) -> list[tuple[str, str]]:
    wanted = select(RecordedFinding.external_id, RecordedFinding.code)
    of_it = RecordedFinding.harvest_id == harvest, RecordedFinding.weight.in_(weights)
    rows = db.session.execute(wanted.where(*of_it).order_by(RecordedFinding.id))
    return [(name, code) for name, code in rows]


def test_what_was_written_before_counts_as_written(app: Flask, partner: Partner) -> None:
    wanted = ask(approved(partner.say("/all.csv", table(*ROWS)), "csv"))
    carry_out(app, partner, until=BATCH)
    stopped = kept(wanted)
    assert (stopped.state, stopped.added) == (HarvestState.QUEUED, BATCH - 2)
    carry_out(app, partner)
    done = kept(wanted)
    assert (done.state, sums(done)) == (HarvestState.DONE, (len(ROWS), len(ROWS) - 5, 0, 0, 5))


def test_what_was_refused_is_told_of_once(app: Flask, partner: Partner) -> None:
    wanted = ask(approved(partner.say("/all.csv", table(*ROWS)), "csv"))
    carry_out(app, partner, until=BATCH)
    carry_out(app, partner)
    refused = [(f"course-{number}", "no-title") for number in range(0, len(ROWS), 50)]
    assert findings(wanted, Weight.REJECTED) == refused
    unread = [name for name, code in findings(wanted, *Weight) if code == "unreadable-date"]
    assert unread == [f"course-{number}" for number in range(1, len(ROWS), 50)]


def test_what_was_refused_on_a_page_that_was_read_stays_told(app: Flask, partner: Partner) -> None:
    courses = Courses(("water", "heat", "waste", "parks"), bad=True)
    wanted = ask(approved(publish(partner, "objects", courses), "objects"))
    whole = ask(approved(publish(partner, "objects", courses), "objects", name="again"))
    carry_out(app, partner, until=4)
    carry_out(app, partner)
    carry_out(app, partner)
    assert kept(wanted).rejected == kept(whole).rejected > 0
    assert findings(wanted, Weight.REJECTED) == findings(whole, Weight.REJECTED)
