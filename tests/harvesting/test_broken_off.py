"""Readings of files and of what was sent that are broken off end, and nobody takes them up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db, unit_of_work, utcnow
from courses.harvesting import operations, running
from courses.harvesting.draft import Feed
from courses.harvesting.harvests import queue
from courses.harvesting.models import Harvest, HarvestState
from courses.harvesting.pipeline import BATCH, Report
from courses.jobs import each_minute
from courses.sources.models import Source
from tests.harvesting.harvested import lines, record, source
from tests.harvesting.partner import approved, ask

SOON, LATER = queue.LEASE / 2, queue.LEASE + timedelta(seconds=1)


def begun() -> int:
    """Begin a reading as if its process died at once."""
    source_id = source()
    with unit_of_work():
        return operations.begin_harvest(db.session.get_one(Source, source_id), now=utcnow()).id


def kept(harvest: int) -> Harvest:
    db.session.rollback()
    db.session.expunge_all()
    return db.session.get_one(Harvest, harvest)


def test_a_reading_that_was_broken_off_has_failed_when_its_lease_is_over(app: Flask) -> None:
    assert app.name
    harvest, now = begun(), utcnow()
    each_minute(now=now + SOON)
    assert kept(harvest).state is HarvestState.RUNNING
    each_minute(now=now + LATER)
    found = kept(harvest)
    assert (found.state, found.code) == (HarvestState.FAILED, "reading-broken-off")
    assert (found.reason, found.ended_at) == ("The reading was broken off.", now + LATER)


def test_a_reading_from_before_there_were_leases_has_failed(app: Flask) -> None:
    assert app.name
    harvest = begun()
    with unit_of_work():
        db.session.get_one(Harvest, harvest).leased_until = None
    each_minute(now=utcnow())
    assert kept(harvest).state is HarvestState.FAILED


def test_workers_take_up_their_own_readings_alone(app: Flask) -> None:
    assert app.name
    begun()
    theirs, now = ask(approved("https://school.example/feed", "jsonl", name="fetched")), utcnow()
    with unit_of_work():
        queue.claim(theirs, now=now)
    each_minute(now=now + LATER)
    assert kept(theirs).state is HarvestState.RUNNING
    assert queue.next_in_line(now + LATER) == theirs
    with unit_of_work():
        db.session.get_one(Harvest, theirs).state = HarvestState.DONE
    begun()
    assert queue.next_in_line(now + 2 * LATER) is None


def test_a_reading_that_goes_on_keeps_its_lease(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert app.name
    monkeypatch.setattr(queue, "BEAT", timedelta(0))
    leases = []

    def look(_report: Report) -> None:
        lease = db.session.scalars(select(Harvest.leased_until)).one()
        assert lease is not None
        leases.append(lease)
        db.session.rollback()

    feed = Feed(lines(*(record(f"subject-{number}") for number in range(BATCH + 1))))
    outcome = running.run_harvest(source(), feed, "jsonl", progress=look)
    assert len(leases) == 2
    assert leases[0] < leases[1]
    assert kept(outcome.harvest_id).leased_until is None
