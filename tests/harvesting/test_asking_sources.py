"""How sources are asked: politely, since when, and again when they are away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from courses.harvesting.harvests import queue
from courses.harvesting.harvests.carrying_out import carry_out
from courses.harvesting.models import Harvest, HarvestState
from courses.sources.models import Schedule, Source, SourceState
from courses.sources.rules import NotApproved
from tests.harvesting import repository
from tests.harvesting.courses_told import Courses
from tests.harvesting.harvested import lines, offers, record
from tests.harvesting.partner import (
    Asked,
    Partner,
    approved,
    ask,
    door_to,
    partner_serving,
    read,
    sums,
)
from tests.harvesting.publishing import publish
from tests.making import NOW, make_person


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def test_what_nobody_approved_is_not_read(app: Flask, partner: Partner) -> None:
    source = approved(partner.say("/a", lines(record())), "jsonl")
    harvest = ask(source)
    with unit_of_work():
        db.session.get_one(Source, source).state = SourceState.REQUESTED
    with pytest.raises(NotApproved):
        ask(source)
    assert NotApproved.status == 403
    with unit_of_work():
        taken = queue.claim(harvest, now=utcnow())
    assert taken
    settings = app.config["SETTINGS"]
    carry_out(taken, door_to(partner), settings, stop=Event(), told=lambda _report: None)
    kept = db.session.get_one(Harvest, harvest)
    assert (kept.state, kept.code) == (HarvestState.FAILED, "source-not-approved")
    assert partner.asked == []


def test_pages_that_robots_txt_forbids_are_not_read(app: Flask, partner: Partner) -> None:
    address = publish(partner, "schemaorg", Courses(("water", "heat")))
    partner.say("/robots.txt", "User-agent: *\nDisallow: /heat\n")
    source = approved(address, "schemaorg")
    harvest = read(app, source, partner)
    assert partner.paths() == ["/robots.txt", "/sitemap.xml", "/water"]
    assert (sums(harvest), harvest.whole) == ((1, 1, 0, 0, 0), True)


def test_a_host_that_is_away_is_asked_again_later_each_time_after_a_longer_pause(
    app: Flask, partner: Partner
) -> None:
    address = partner.say("/a", b"", status=503, headers={"Retry-After": "600"})
    harvest = read(app, approved(address, "jsonl"), partner)
    assert (harvest.state, harvest.code) == (HarvestState.QUEUED, "http-status")
    assert harvest.not_before is not None
    pauses = [harvest.not_before - utcnow()]
    while (kept := _tried_again(app, harvest.id, partner)).not_before:
        pauses.append(kept.not_before - utcnow())
    assert [round(pause / timedelta(minutes=1)) for pause in pauses] == [10, 30, 120]
    assert (kept.state, kept.code, kept.attempts) == (HarvestState.FAILED, "http-status", 4)
    assert str(kept.reason) == "127.0.0.1 answers with the status 503 instead of a page."


def _tried_again(app: Flask, harvest: int, partner: Partner) -> Harvest:
    with unit_of_work():
        db.session.get_one(Harvest, harvest).not_before = None
    with unit_of_work():
        taken = queue.claim(harvest, now=utcnow())
    assert taken
    settings = app.config["SETTINGS"]
    carry_out(taken, door_to(partner), settings, stop=Event(), told=lambda _report: None)
    db.session.expunge_all()
    return db.session.get_one(Harvest, harvest)


def test_a_harvest_can_be_stopped_between_its_pages(app: Flask, partner: Partner) -> None:
    address = publish(partner, "schemaorg", Courses(("water", "heat", "waste", "parks")))
    harvest, stop = ask(approved(address, "schemaorg")), Event()

    def end(asked: Asked) -> None:
        if asked.path == "/heat":
            stop.set()

    partner.before = end
    with unit_of_work():
        taken = queue.claim(harvest, now=utcnow())
    assert taken
    carry_out(taken, door_to(partner), app.config["SETTINGS"], stop=stop, told=lambda _report: None)
    assert db.session.get_one(Harvest, harvest).state is HarvestState.QUEUED
    assert offers() == {}
    make_person()
    with unit_of_work():
        ana = db.session.scalars(select(Person)).one()
        queue.ask_to_stop(db.session.get_one(Harvest, harvest), person=ana, now=NOW)
    assert db.session.get_one(Harvest, harvest).state is HarvestState.ABORTED


def test_sources_are_asked_for_when_they_are_due_and_only_once(
    app: Flask, partner: Partner
) -> None:
    assert app.name
    address = partner.say("/a", lines(record()))
    due = approved(address, "jsonl", schedule=Schedule.DAILY, due_at=NOW)
    approved(address, "jsonl", name="later", schedule=Schedule.DAILY, due_at=NOW + timedelta(1))
    approved(address, "jsonl", name="by hand")
    with unit_of_work():
        assert queue.ask_for_due(now=NOW, limit=10) == 1
    with unit_of_work():
        assert queue.ask_for_due(now=NOW, limit=10) == 0
    assert db.session.query(Harvest.source_id).all() == [(due,)]
    planned = db.session.get_one(Source, due).due_at
    assert planned is not None
    assert timedelta(0) < planned - NOW <= timedelta(days=1)


def test_one_worker_at_a_time_has_a_source(app: Flask, partner: Partner) -> None:
    assert app.name
    source = approved(partner.say("/a", lines(record())), "jsonl")
    first = ask(source)
    now = utcnow()
    with unit_of_work():
        assert queue.claim(first, now=now)
    with unit_of_work():
        assert not queue.claim(first, now=now)
    ask(source)
    assert queue.next_in_line(now) is None
    assert queue.next_in_line(now + queue.LEASE) == first


def test_a_repository_is_asked_for_what_changed_and_says_what_is_gone(
    app: Flask, partner: Partner
) -> None:
    source = approved(publish(partner, "oai", Courses(("water", "heat", "waste"))), "oai")
    read(app, source, partner)
    since = "from=2026-11-22T09%3A59%3A59Z"
    changed = repository.record("heat", repository.dublin("title=Heat, once more", "language=en"))
    told = repository.answer(changed + repository.gone("waste"))
    partner.say(f"/oai?verb=ListRecords&metadataPrefix=oai_dc&{since}", told)
    harvest = read(app, source, partner)
    assert (sums(harvest), harvest.vanished, harvest.whole) == ((1, 0, 1, 0, 0), 1, False)
    assert {name: offer.vanished_at is None for name, offer in offers().items()} == {
        "water": True,
        "heat": True,
        "waste": False,
    }


def test_the_runs_of_one_course_on_two_pages_are_one_offer(app: Flask, partner: Partner) -> None:
    def run(tag: str) -> dict[str, str]:
        key = f"course-v1:RiverX+WATER+{tag}"
        return {
            "id": key,
            "name": "Water",
            "org": "RiverX",
            "number": "WATER",
            "start": f"{tag}-01-01T00:00:00Z",
        }

    base = "/api/courses/v1/courses/"
    more = f"{partner.url}{base}?page=2&page_size=100"
    one = {"results": [run("2098")], "pagination": {"next": more}}
    partner.say(f"{base}?page_size=100", json.dumps(one))
    partner.say(f"{base}?page=2&page_size=100", json.dumps({"results": [run("2099")]}))
    source = approved(partner.url, "openedx")
    assert sums(read(app, source, partner)) == (1, 1, 0, 0, 0)
    [offer] = offers().values()
    assert [run.starts_at.year for run in offer.runs if run.starts_at] == [2098, 2099]


def test_an_abbreviated_zone_is_read_again_once_somebody_says_which_is_meant(
    app: Flask, partner: Partner
) -> None:
    told = record(start="2098-07-03 10:00", end="2098-07-03 11:00", zone="CEST")
    partner.say("/told.jsonl", lines(told), headers={"ETag": '"one"'})
    source = approved(f"{partner.url}/told.jsonl", "jsonl")
    assert sums(read(app, source, partner)) == (1, 1, 0, 0, 0)
    with unit_of_work():
        db.session.get_one(Source, source).zone_names = {"CEST": "Europe/Paris"}
    assert sums(read(app, source, partner)) == (1, 0, 1, 0, 0)
    [[run]] = [offer.runs for offer in offers().values()]
    assert run.starts_at
    assert (run.starts_at.hour, run.zone) == (8, "Europe/Paris")


def test_what_a_message_asks_for_goes_before_other_sources(app: Flask) -> None:
    assert app.name
    now = utcnow()
    first = ask(approved("https://school.example/a", "jsonl"))
    source = approved("https://school.example/b", "jsonl", name="other")
    with unit_of_work():
        found = db.session.get_one(Source, source)
        told = queue.ask(found, person=None, now=now, at_once=True).id
    assert queue.next_in_line(now, record=True) == queue.next_in_line(now) == told
    assert queue.next_in_line(now, record=False) == first
