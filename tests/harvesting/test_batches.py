"""Batches: however much one record says, others who write wait for moments only."""

from __future__ import annotations

from itertools import pairwise
from threading import Event
from typing import Any

from flask import Flask

from academy.db import db, unit_of_work
from courses.harvesting.draft import Feed
from courses.harvesting.harvests.keeping import carry_out_next
from courses.harvesting.models import Harvest, HarvestState
from courses.harvesting.pipeline import BATCH, MOST_ROWS, Report
from courses.harvesting.running import run_harvest
from tests.harvesting.harvested import lines, offers, record, source
from tests.harvesting.partner import approved, ask, door_to, partner_serving


def course(number: int, *, runs: int, meetings: int) -> dict[str, Any]:
    told = [
        {
            "starts": f"2099-01-{day + 1:02}",
            "meetings": [
                {"starts": f"2099-01-{day + 1:02}T08:{minute:02}Z", "ends": "2099-12-01T23:00Z"}
                for minute in range(meetings)
            ],
        }
        for day in range(runs)
    ]
    return record(f"course-{number}", runs=told)


def sizes(content: bytes) -> list[int]:
    """Harvest a file; gives how many records were written in each transaction."""
    read = [0]

    def look(report: Report) -> None:
        read.append(report.read)

    run_harvest(source(), Feed(content), "jsonl", progress=look)
    return [after - before for before, after in pairwise(read)]


def test_a_batch_ends_before_it_writes_too_many_dates(app: Flask) -> None:
    assert app.name
    each = 10 * (1 + 30)
    content = lines(*(course(number, runs=10, meetings=30) for number in range(10)))
    fit = MOST_ROWS // each
    assert sizes(content) == [fit] * (10 // fit) + ([10 % fit] if 10 % fit else [])


def test_records_with_few_dates_are_written_together(app: Flask) -> None:
    assert app.name
    content = lines(*(course(number, runs=1, meetings=1) for number in range(BATCH + 5)))
    assert sizes(content) == [BATCH, 5]


def test_a_harvest_that_is_stopped_writes_no_further_batch(app: Flask) -> None:
    with partner_serving() as partner:
        told = (record(f"course-{number}") for number in range(3 * BATCH))
        wanted = ask(approved(partner.say("/all.jsonl", lines(*told)), "jsonl"))

        def stop(report: Report) -> None:
            if report.read == BATCH:
                with unit_of_work():
                    db.session.get_one(Harvest, wanted).stop_asked = True

        carry_out_next(door_to(partner), app.config["SETTINGS"], stop=Event(), told=stop)
    db.session.expunge_all()
    found = db.session.get_one(Harvest, wanted)
    assert (found.state, found.added, len(offers())) == (HarvestState.ABORTED, BATCH, BATCH)


def test_a_file_whose_reading_is_stopped_is_read_no_further(app: Flask) -> None:
    assert app.name

    def stop(report: Report) -> None:
        with unit_of_work():
            db.session.query(Harvest).update({"stop_asked": True})

    told = lines(*(record(f"course-{number}") for number in range(2 * BATCH)))
    outcome = run_harvest(source(), Feed(told), "jsonl", progress=stop)
    found = db.session.get_one(Harvest, outcome.harvest_id)
    assert (found.state, found.code) == (HarvestState.ABORTED, "reading-stopped")
    assert (found.added, len(offers())) == (BATCH, BATCH)
