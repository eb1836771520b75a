"""flask harvest run --source and --due: what is read, what is said of it, and when they fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db, unit_of_work, utcnow
from courses.harvesting.harvests import queue
from courses.harvesting.models import Harvest, HarvestState
from courses.sources.models import Schedule, Source
from tests.harvesting.commanded import flask, said
from tests.harvesting.harvested import lines, offers, record
from tests.harvesting.partner import Partner, approved, ask, partner_serving

SUM = "read 1 = added 1 + updated 0 + unchanged 0 + rejected 0  (held back from the list: 0)"
NOT_FOUND = "127.0.0.1 answers with the status 404 instead of a page."


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


@pytest.fixture
def app(academy: Callable[..., Flask], partner: Partner) -> Iterator[Flask]:
    """An academy that may ask the partner."""
    made = academy(intranet_hosts=(partner.host,))
    with made.app_context():
        yield made
        db.session.rollback()


def run(app: Flask, name: str) -> tuple[int, list[str]]:
    asked = ("harvest", "run", "--institution", "river-school", "--source", name)
    return said(flask(app, *asked))


def test_the_source_that_is_named_is_read_and_no_other(app: Flask, partner: Partner) -> None:
    approved(partner.say("/ours", lines(record("water"))), "jsonl", name="ours")
    other = approved(partner.say("/theirs", lines(record("heat"))), "jsonl", name="theirs")
    ask(other)
    assert run(app, "ours") == (0, [f"ours: done: {SUM}"])
    assert partner.paths() == ["/ours"]
    db.session.rollback()
    waiting = select(Harvest).where(Harvest.source_id == other)
    assert db.session.scalars(waiting).one().state is HarvestState.QUEUED
    assert len(offers()) == 1


def test_a_source_that_a_worker_reads_is_said_to_be_read(app: Flask, partner: Partner) -> None:
    source = approved(partner.say("/ours", lines(record("water"))), "jsonl", name="ours")
    at_work = ask(source)
    with unit_of_work():
        assert queue.claim(at_work, now=utcnow())
    assert run(app, "ours") == (1, ["Error: ours is being read already."])
    assert partner.paths() == []
    db.session.rollback()
    assert [one.id for one in db.session.scalars(select(Harvest))] == [at_work]


def test_what_its_worker_left_is_read(app: Flask, partner: Partner) -> None:
    source = approved(partner.say("/ours", lines(record("water"))), "jsonl", name="ours")
    left = ask(source)
    with unit_of_work():
        assert queue.claim(left, now=utcnow() - timedelta(hours=1))
    assert run(app, "ours") == (0, [f"ours: done: {SUM}"])


def test_a_source_that_asks_for_peace_is_left_alone(app: Flask, partner: Partner) -> None:
    headers = {"Retry-After": "3600"}
    approved(partner.say("/ours", b"", status=503, headers=headers), "jsonl", name="ours")
    first, second = run(app, "ours"), run(app, "ours")
    sentence = "127.0.0.1 answers with the status 503 instead of a page."
    assert first == (1, [f"ours: queued: {sentence}", "Error: The source was not read."])
    assert second[0] == 1
    assert second[1][0].startswith("Error: ours asks to be left alone until 20")
    assert partner.paths() == ["/ours"]


def test_a_reading_that_failed_fails_the_command(app: Flask, partner: Partner) -> None:
    gone = approved(f"{partner.url}/gone", "jsonl", name="gone", schedule=Schedule.DAILY)
    approved(partner.say("/ours", lines(record("water"))), "jsonl", name="ours")
    assert run(app, "gone") == (
        1,
        [f"gone: failed: {NOT_FOUND}", "Error: The source was not read."],
    )
    with unit_of_work():
        for one in db.session.scalars(select(Source)):
            one.due_at = utcnow()
    code, told = said(flask(app, "harvest", "run", "--due"))
    assert (code, sorted(told)) == (
        1,
        sorted(
            [
                f"gone: failed: {NOT_FOUND}",
                f"ours: done: {SUM}",
                "Harvests carried out: 2",
                "Error: Failed: 1",
            ]
        ),
    )
    with unit_of_work():
        db.session.get_one(Source, gone).due_at = None
    assert said(flask(app, "harvest", "run", "--due")) == (0, ["Harvests carried out: 0"])
