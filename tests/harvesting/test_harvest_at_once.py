"""Two harvests of one source at once leave one copy of each record, and both end with a report."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.db import db
from courses.catalogue.models import Offer
from courses.catalogue.runs import Run
from courses.catalogue.texts import OfferText
from courses.harvesting.draft import Feed
from courses.harvesting.models import Harvest, HarvestState, SourceRecord
from courses.harvesting.pipeline import BATCH, Report
from courses.harvesting.running import Outcome, run_harvest
from courses.sources.models import Source
from tests.harvesting.harvested import counts, harvest, lines, record, source

RECORDS = 5 * BATCH
LIMIT = 120.0
"""Seconds after which a test gives up."""


@dataclass
class Together:
    """Keeps two harvests in step: each waits for the other after every batch."""

    app: Flask
    gate: Barrier

    def harvest(self, source_id: int, content: bytes) -> Outcome:
        """Harvest beside the other one."""

        def wait(_report: Report) -> None:
            self.gate.wait(LIMIT)

        with self.app.app_context():
            self.gate.wait(LIMIT)
            return run_harvest(source_id, Feed(content), "jsonl", progress=wait)


def at_once(app: Flask, source_ids: Sequence[int], contents: Sequence[bytes]) -> list[Report]:
    together = Together(app, Barrier(len(contents)))
    with ThreadPoolExecutor(len(contents)) as pool:
        outcomes = list(pool.map(together.harvest, source_ids, contents))
    assert [outcome.failure for outcome in outcomes] == [None] * len(contents)
    return [outcome.report for outcome in outcomes]


def total(model: type[object]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def feed(title: str) -> bytes:
    names = (f"subject-{number}" for number in range(RECORDS))
    return lines(*(record(name, title=f"{title} {name}") for name in names))


def test_the_same_file_twice_at_once_leaves_one_copy_of_each(app: Flask) -> None:
    one = source()
    reports = at_once(app, [one, one], [feed("About"), feed("About")])
    assert [report.read for report in reports] == [RECORDS, RECORDS]
    assert [report.rejected + report.updated for report in reports] == [0, 0]
    assert sum(report.added for report in reports) == RECORDS
    assert sum(report.unchanged for report in reports) == RECORDS
    assert (total(SourceRecord), total(Offer)) == (RECORDS, RECORDS)
    assert (total(OfferText), total(Run)) == (RECORDS, RECORDS)


def test_both_harvests_keep_their_report(app: Flask) -> None:
    one = source()
    at_once(app, [one, one], [feed("About"), feed("About")])
    states = list(db.session.scalars(select(Harvest.state)))
    assert states == [HarvestState.DONE, HarvestState.DONE]


def test_two_versions_at_once_leave_one_of_them_whole(app: Flask) -> None:
    one = source()
    reports = at_once(app, [one, one], [feed("About"), feed("More about")])
    assert sum(report.added for report in reports) == RECORDS
    assert sum(report.updated for report in reports) == RECORDS
    assert (total(SourceRecord), total(Offer), total(OfferText)) == (RECORDS,) * 3
    again = harvest(feed("More about"))
    assert again.report.read == again.report.updated + again.report.unchanged == RECORDS


def test_two_sources_at_once_do_not_disturb_each_other(app: Flask) -> None:
    first, second = source(), source(institution="lake-school")
    reports = at_once(app, [first, second], [feed("About"), feed("About")])
    assert [counts(report) for report in reports] == [(RECORDS, RECORDS, 0, 0, 0)] * 2
    assert total(Offer) == 2 * RECORDS


@pytest.mark.parametrize("people", [4])
def test_a_source_that_many_make_at_once_is_one_source(app: Flask, people: int) -> None:
    source(institution="lake-school")
    gate = Barrier(people)

    def make(_number: int) -> int:
        with app.app_context():
            gate.wait(LIMIT)
            return source(institution="lake-school", adapter="csv")

    with ThreadPoolExecutor(people) as pool:
        made = list(pool.map(make, range(people)))
    assert len(set(made)) == 1
    assert total(Source) == 2
