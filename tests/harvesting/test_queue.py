"""The line of harvests: whose a harvest is, what ends it, and what lets others go first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from courses.harvesting.harvests import ending, queue
from courses.harvesting.harvests.answers import Passing
from courses.harvesting.harvests.carrying_out import carry_out
from courses.harvesting.harvests.fetching import Gathered
from courses.harvesting.harvests.keeping import carry_out_next
from courses.harvesting.models import Harvest, HarvestState, SourceRecord
from courses.harvesting.pipeline import Report
from courses.sources import operations
from courses.sources.models import Source, SourceState
from tests.harvesting.courses_told import Courses
from tests.harvesting.harvested import lines, offers, record
from tests.harvesting.partner import Answer, Partner, approved, ask, door_to, partner_serving, read
from tests.harvesting.publishing import publish
from tests.making import make_person

LATER = timedelta(minutes=10)


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def kept(harvest: int) -> Harvest:
    db.session.rollback()
    db.session.expunge_all()
    return db.session.get_one(Harvest, harvest)


def source_of(key: int) -> Source:
    db.session.rollback()
    db.session.expunge_all()
    return db.session.get_one(Source, key)


def taken(harvest: int, *, now: datetime) -> queue.Taken:
    with unit_of_work():
        mine = queue.claim(harvest, now=now)
    assert mine
    return mine


def work(app: Flask, mine: queue.Taken, partner: Partner) -> None:
    settings = app.config["SETTINGS"]
    carry_out(mine, door_to(partner), settings, stop=Event(), told=lambda _report: None)


def change(source: int, **values: Any) -> None:
    with unit_of_work():
        db.session.execute(update(Source).where(Source.id == source).values(**values))


ENDINGS: dict[str, Callable[[queue.Taken, datetime], None]] = {
    "done": lambda mine, now: ending.done(mine, Report(), Gathered(), whole=True, now=now),
    "held": lambda mine, now: ending.held(mine, Report(), [], came=0, now=now),
    "failed": lambda mine, now: ending.failed(mine, Report(), "unexpected", {}, now=now),
    "put off": lambda mine, now: ending.failed_for_now(
        mine, Report(), Passing("http-status", {}, None), now=now
    ),
    "stopped": lambda mine, now: ending.stopped(mine, Report(), by_worker=False, now=now),
    "worker stopped": lambda mine, now: ending.stopped(mine, Report(), by_worker=True, now=now),
}


@pytest.mark.parametrize("end", ENDINGS)
def test_who_stalled_too_long_neither_keeps_nor_ends_what_another_took_up(
    app: Flask, end: str
) -> None:
    assert app.name
    harvest, now = ask(source := approved("https://school.example/a", "jsonl")), utcnow()
    first = taken(harvest, now=now)
    second = taken(harvest, now=now + queue.LEASE)
    with unit_of_work():
        assert not queue.keep(first, pages=7, now=now + LATER)
    ENDINGS[end](first, now)
    found = kept(harvest)
    assert (found.state, found.attempts, found.pages) == (HarvestState.RUNNING, 2, 0)
    assert found.leased_until == now + 2 * queue.LEASE
    assert (source_of(source).whole_at, source_of(source).failures) == (None, 0)
    with unit_of_work():
        assert queue.keep(second, pages=7, now=now + LATER)
    ENDINGS[end](second, now)
    assert kept(harvest).state is not HarvestState.RUNNING


def test_a_worker_whose_harvest_another_took_up_stops(
    app: Flask, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "BEAT", timedelta(0))
    harvest = ask(approved(partner.say("/a", lines(record())), "jsonl"))
    first = taken(harvest, now=utcnow() - queue.LEASE)
    taken(harvest, now=utcnow())
    work(app, first, partner)
    assert (kept(harvest).state, offers()) == (HarvestState.RUNNING, {})


@pytest.mark.parametrize(
    "meanwhile",
    [{"address": "https://b.example/"}, {"adapter": "csv"}, {"state": SourceState.REQUESTED}],
    ids=lambda values: next(iter(values)),
)
def test_a_source_that_changed_meanwhile_is_not_read_on_from_there(
    app: Flask, partner: Partner, meanwhile: dict[str, Any]
) -> None:
    source = approved(partner.say("/a", lines(record())), "jsonl", failures=3)
    harvest = ask(source)
    mine = taken(harvest, now=utcnow())

    def change_it(_asked: Any) -> None:
        with app.app_context():
            change(source, **meanwhile)

    partner.before = change_it
    work(app, mine, partner)
    assert kept(harvest).state is HarvestState.DONE
    found = source_of(source)
    assert (found.whole_at, found.cursor, found.failures) == (None, None, 3)


def test_pausing_a_source_stops_its_reading(
    app: Flask, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "BEAT", timedelta(0))
    address = publish(partner, "schemaorg", Courses(("water", "heat", "waste")))
    source = approved(address, "schemaorg")
    make_person()
    mine = taken(ask(source), now=utcnow())

    def pause(asked: Any) -> None:
        if asked.path == "/heat":
            with app.app_context(), unit_of_work():
                ana = db.session.scalars(select(Person)).one()
                found = db.session.get_one(Source, source)
                operations.pause(found, note="", by=ana, now=utcnow())

    partner.before = pause
    work(app, mine, partner)
    assert partner.paths()[-1] == "/heat"
    assert (kept(mine.harvest_id).state, offers()) == (HarvestState.ABORTED, {})
    assert source_of(source).failures == 0


def test_what_waits_of_a_source_that_is_not_approved_ends_and_is_no_failure(app: Flask) -> None:
    assert app.name
    source = approved("https://school.example/a", "jsonl")
    harvest, now = ask(source), utcnow()
    change(source, state=SourceState.PAUSED)
    assert queue.next_in_line(now) is None
    with unit_of_work():
        assert queue.ask_for_due(now=now, limit=10) == 0
    assert (kept(harvest).state, kept(harvest).ended_at) == (HarvestState.ABORTED, now)
    assert source_of(source).failures == 0


def test_a_harvest_that_kills_its_workers_fails_and_lets_others_go_first(
    app: Flask, partner: Partner
) -> None:
    deadly = ask(source := approved(partner.say("/a", lines(record())), "jsonl"))
    other, now = ask(approved(f"{partner.url}/b", "jsonl", name="other")), utcnow()
    started = now - queue.LEASE * (queue.MOST_ATTEMPTS + 1)
    taken(deadly, now=started)
    assert queue.next_in_line(now) == deadly
    for turn in range(1, queue.MOST_ATTEMPTS):
        taken(deadly, now=started + queue.LEASE * turn)
    assert queue.next_in_line(now) == other
    change(kept(other).source_id, state=SourceState.PAUSED)
    carry_out_next(door_to(partner), app.config["SETTINGS"], stop=Event())
    found = kept(deadly)
    assert (found.state, found.code) == (HarvestState.FAILED, "unexpected")
    assert (partner.asked, source_of(source).failures) == ([], 1)


def test_asking_again_does_not_overrule_how_long_a_host_wants_to_be_left_alone(
    app: Flask, partner: Partner
) -> None:
    address = partner.say("/a", b"", status=503, headers={"Retry-After": "3600"})
    asked = read(app, source := approved(address, "jsonl"), partner)
    assert ask(source) == asked.id
    assert kept(asked.id).not_before == asked.not_before is not None
    partner.say("/a", b"", status=503)
    with unit_of_work():
        db.session.get_one(Harvest, asked.id).not_before = None
    carry_out_next(door_to(partner), app.config["SETTINGS"], stop=Event())
    assert kept(asked.id).not_before is not None
    ask(source)
    assert kept(asked.id).not_before is None


@pytest.mark.parametrize("status", [404, 410])
def test_a_dead_entry_of_a_site_map_does_not_keep_the_rest_from_vanishing(
    app: Flask, partner: Partner, status: int
) -> None:
    source = approved(
        publish(partner, "schemaorg", Courses(("water", "heat", "waste"))), "schemaorg"
    )
    read(app, source, partner)
    partner.say("/heat", b"", status=status)
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.whole, harvest.vanished) == (HarvestState.DONE, True, 1)
    missing = select(SourceRecord.missing).order_by(SourceRecord.id)
    assert list(db.session.scalars(missing)) == [0, 1, 0]


def test_a_dead_page_of_a_list_hides_those_after_it(app: Flask, partner: Partner) -> None:
    address = publish(partner, "objects", Courses(("water", "heat"), page_size=1))
    partner.say("/api/courses?page=2", b"", status=404)
    assert read(app, approved(address, "objects"), partner).whole is False


@pytest.mark.parametrize("times", [1, 2])
def test_a_page_that_cannot_be_had_is_asked_for_once_more(
    app: Flask, partner: Partner, times: int
) -> None:
    source = approved(publish(partner, "schemaorg", Courses(("water", "heat"))), "schemaorg")
    page = partner.pages["/heat"]

    def fail(asked: Any) -> None:
        away = asked.path == "/heat" and partner.paths().count("/heat") <= times
        partner.pages["/heat"] = Answer(b"", 503) if away else page

    partner.before = fail
    harvest = read(app, source, partner)
    assert (harvest.whole, harvest.added) == (times == 1, 3 - times)
    assert partner.paths().count("/heat") == 2
