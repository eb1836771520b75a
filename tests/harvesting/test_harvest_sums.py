"""Every record of a harvest is accounted for, and what did not change is not written."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer, State
from courses.harvesting.draft import Feed
from courses.harvesting.models import Harvest, HarvestState, SourceRecord
from courses.harvesting.pipeline import BATCH, Report
from courses.harvesting.running import run_harvest
from courses.search.backlog import StaleOffer
from tests.harvesting.harvested import (
    CATALOGUE,
    counts,
    harvest,
    lines,
    noted,
    offer,
    offers,
    prints,
    record,
    source,
    table,
)

pytestmark = pytest.mark.usefixtures("app")
THREE = [record("water"), record("heat"), record("waste")]


def kept(harvest_id: int) -> Harvest:
    db.session.rollback()
    return db.session.get_one(Harvest, harvest_id)


def test_a_first_harvest_adds_every_record_and_lists_it() -> None:
    outcome = harvest(lines(*THREE))
    assert counts(outcome.report) == (3, 3, 0, 0, 0)
    assert [found.state for found in offers().values()] == [State.PUBLISHED] * 3
    assert offer("heat").titles == {"en": "About heat"}
    assert noted(outcome) == []


def test_the_report_is_kept_with_the_harvest() -> None:
    harvest(lines(*THREE))
    found = kept(harvest(lines(record("water", title="Rain"), record("heat"), {"x": 1})).harvest_id)
    assert found.state is HarvestState.DONE
    assert (found.read, found.added, found.updated) == (3, 0, 1)
    assert (found.unchanged, found.rejected, found.held) == (1, 1, 0)
    assert found.ended_at is not None
    assert found.started_at is not None
    assert found.started_at <= found.ended_at


@pytest.mark.parametrize("adapter", ["csv", "jsonl"])
def test_a_second_harvest_of_the_same_file_changes_no_row(adapter: str) -> None:
    subjects = "water; unheard of"
    rows = [{"Title": one["title"], "Link": one["url"], "Keywords": subjects} for one in THREE]
    rows += [{"Title": title, "Link": "", "Keywords": ""} for title in ("No address", "n/a")]
    content = table(*rows) if adapter == "csv" else lines(*THREE, record("plain", url=None), {})
    first = harvest(content, adapter)
    before = prints()
    second = harvest(content, adapter)
    assert counts(first.report) == (5, 4, 0, 0, 1)
    assert counts(second.report) == (5, 0, 0, 4, 1)
    assert prints() == before
    assert first.report.held == second.report.held == 1


def test_there_are_rows_to_compare_in_every_table() -> None:
    hour = {"starts": "2026-03-01T10:00Z", "ends": "2026-03-01T11:00Z"}
    run = {"starts": "2026-03-01", "ends": "2026-04-01", "meetings": [hour]}
    empty = prints()
    harvest(lines(record(runs=[run], terms={"issue": ["water"]})))
    same = [name for name, found in prints().items() if found == empty[name]]
    assert (same, len(CATALOGUE)) == ([], 8)


def test_a_changed_title_updates_its_record_alone() -> None:
    harvest(lines(*THREE))
    with unit_of_work():
        db.session.query(StaleOffer).delete()
    outcome = harvest(lines(record("water"), record("heat", title="Cool streets"), record("waste")))
    assert counts(outcome.report) == (3, 0, 1, 2, 0)
    changed = offer("heat")
    assert changed.titles == {"en": "Cool streets"}
    stale = db.session.scalars(select(StaleOffer.offer_id)).all()
    assert set(stale) == {changed.id}


def test_the_record_is_kept_as_it_came() -> None:
    told = record("water", rating=4.7, extra={"ours": [1, "деталь"]})
    harvest(lines(told))
    row = db.session.scalars(select(SourceRecord)).one()
    assert json.loads(zlib.decompress(row.payload)) == told


def test_the_kept_record_follows_the_change() -> None:
    harvest(lines(record("water")))
    harvest(lines(record("water", title="Rain", extra=1)))
    row = db.session.scalars(select(SourceRecord)).one()
    assert json.loads(zlib.decompress(row.payload)) == record("water", title="Rain", extra=1)
    assert row.first_seen_at < row.changed_at


def test_a_repeated_id_that_says_otherwise_is_rejected_and_the_first_stays() -> None:
    content = lines(record("water"), record("heat"), record("water", title="Rain"))
    first = harvest(content)
    before = prints()
    second = harvest(content)
    assert counts(first.report) == (3, 2, 0, 0, 1)
    assert counts(second.report) == (3, 0, 0, 2, 1)
    assert noted(first) == noted(second) == [(3, "id", "repeated-id", "rejected")]
    assert offer("water").titles == {"en": "About water"}
    assert prints() == before


def test_a_record_that_only_repeats_itself_is_unchanged() -> None:
    many = [record(f"subject-{number}") for number in range(BATCH)]
    outcome = harvest(lines(record("water"), record("water"), *many, record("water")))
    assert counts(outcome.report) == (BATCH + 3, BATCH + 1, 0, 2, 0)
    assert len(offers()) == BATCH + 1


@pytest.mark.parametrize("count", [0, 1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH])
def test_the_sums_hold_at_the_edges_of_a_batch(count: int) -> None:
    records = [record(f"subject-{number}") for number in range(count)]
    content = lines(*records, record("water"))
    assert counts(harvest(content).report) == (count + 1, count + 1, 0, 0, 0)
    assert counts(harvest(content).report) == (count + 1, 0, 0, count + 1, 0)


@pytest.mark.parametrize(
    ("bad", "field", "code"),
    [
        (record("water", title=""), "title", "no-title"),
        (record("water", title=" <b> </b> "), "title", "no-title"),
        (record("water", title="n/a"), "title", "no-title"),
        (record("water", source_id=None), "id", "no-id"),
        (record("w" * 500), "id", "no-id"),
        (record("wa\x00ter"), "id", "no-id"),
        (record("wa\nter"), "id", "no-id"),
    ],
)
def test_a_record_without_title_or_id_is_rejected_and_the_others_stay(
    bad: dict[str, str], field: str, code: str
) -> None:
    outcome = harvest(lines(record("heat"), bad, record("waste")))
    assert counts(outcome.report) == (3, 2, 0, 0, 1)
    assert noted(outcome) == [(2, field, code, "rejected")]


def test_an_offer_without_address_is_kept_as_a_draft_and_listed_once_it_has_one() -> None:
    outcome = harvest(lines(record("water", url=None), record("heat")))
    assert outcome.report.held == 1
    assert noted(outcome) == [(1, "address", "no-address", "held")]
    assert offer("water").state is State.DRAFT
    assert harvest(lines(record("water"), record("heat"))).report.held == 0
    assert offer("water").state is State.PUBLISHED


def test_an_offer_in_no_plain_language_is_kept_as_a_draft() -> None:
    outcome = harvest(lines(record("water", title="C#", description="", language=None)))
    assert noted(outcome) == [(1, "language", "no-language", "held")]
    found = offer("water")
    assert (found.state, found.language, found.languages) == (State.DRAFT, "und", [])


@pytest.mark.parametrize(
    "content",
    [b"", b"<html></html>", b"[]", lines(*THREE)[:-30], b"\x00\x01\x02" * 50, b"\xff\xfe"],
)
def test_a_refused_file_leaves_everything_as_it_was(content: bytes) -> None:
    harvest(lines(*THREE))
    before = prints()
    outcome = harvest(content)
    found = kept(outcome.harvest_id)
    assert outcome.failure is not None
    assert (found.state, found.read) == (HarvestState.FAILED, 0)
    assert found.reason
    assert prints() == before


def test_a_file_over_the_limit_is_a_failed_harvest() -> None:
    outcome = run_harvest(source(), None, "jsonl", progress=lambda _report: None)
    found = kept(outcome.harvest_id)
    assert found.reason == "The file is larger than 100 MB."
    assert (found.code, found.details) == ("too-large", {"limit": "100"})


def test_a_harvest_that_is_stopped_keeps_what_it_wrote_and_goes_on_next_time() -> None:
    records = [record(f"subject-{number}") for number in range(3 * BATCH)]
    feed = Feed(lines(*records))

    def stop(report: Report) -> None:
        if report.read == 2 * BATCH:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_harvest(source(), feed, "jsonl", progress=stop)
    last = db.session.scalars(select(Harvest).order_by(Harvest.id.desc())).first()
    assert last is not None
    assert (last.state, last.reason) == (HarvestState.FAILED, "stopped: KeyboardInterrupt")
    assert (last.read, last.added) == (2 * BATCH, 2 * BATCH)
    assert counts(harvest(feed.content).report) == (3 * BATCH, BATCH, 0, 2 * BATCH, 0)


def test_progress_is_told_after_every_batch() -> None:
    told: list[Report] = []
    records = [record(f"subject-{number}") for number in range(BATCH + 1)]
    run_harvest(
        source(),
        Feed(lines(*records)),
        "jsonl",
        progress=lambda report: told.append(replace(report)),
    )
    assert [report.read for report in told] == [BATCH, BATCH + 1]


def test_two_sources_may_use_the_same_identifiers(app: Flask) -> None:
    assert app is not None
    rows = table({"id": "school:water", "title": "Other water", "url": "https://other.example/1"})
    harvest(lines(record("water")))
    harvest(rows, "csv")
    assert db.session.scalar(select(func.count()).select_from(Offer)) == 2
    slugs = sorted(found.slug for found in db.session.scalars(select(Offer)))
    assert slugs == ["about-water", "other-water"]
