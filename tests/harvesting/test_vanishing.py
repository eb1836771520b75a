"""What is missing, gone, back again or refused: counted once, and never too much of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db, unit_of_work
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Offer, State
from courses.harvesting.harvests.seen import Seen
from courses.harvesting.harvests.vanishing import missing, write_missing
from courses.harvesting.models import HarvestState, SourceRecord
from courses.harvesting.pipeline import Reading
from tests.harvesting import repository
from tests.harvesting.courses_told import Courses
from tests.harvesting.harvested import CATALOGUE, lines, prints, record
from tests.harvesting.partner import Partner, approved, partner_serving, read, sums
from tests.harvesting.publishing import publish
from tests.making import NOW

TEN = tuple(f"course-{number}" for number in range(10))


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def say(partner: Partner, *names: str, more: bytes = b"") -> str:
    return partner.say("/all.jsonl", lines(*(record(name) for name in names)) + more)


def times_missing(name: str) -> int:
    db.session.rollback()
    db.session.expunge_all()
    wanted = select(SourceRecord.missing).where(SourceRecord.external_id == f"school:{name}")
    return db.session.scalars(wanted).one()


def offer(name: str) -> Offer:
    db.session.rollback()
    db.session.expunge_all()
    wanted = select(Offer).join(SourceRecord, SourceRecord.offer_id == Offer.id)
    return db.session.scalars(wanted.where(SourceRecord.external_id == f"school:{name}")).one()


def test_tombstones_that_would_empty_a_source_are_held(app: Flask, partner: Partner) -> None:
    source = approved(publish(partner, "oai", Courses(TEN)), "oai")
    read(app, source, partner)
    gone = repository.answer("".join(map(repository.gone, TEN)))
    since = "from=2026-11-22T09%3A59%3A59Z"
    partner.say(f"/oai?verb=ListRecords&metadataPrefix=oai_dc&{since}", gone)
    before = prints(CATALOGUE)
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.details["number"]) == (HarvestState.HELD, "10")
    assert prints(CATALOGUE) == before


def test_what_may_be_the_record_that_cannot_be_read_is_not_missing(
    app: Flask, partner: Partner
) -> None:
    source = approved(say(partner, "water", "heat", "waste"), "jsonl")
    read(app, source, partner)
    say(partner, "water", "heat", more=b"{broken\n")
    found = [sums(read(app, source, partner)) for _ in range(3)]
    assert found == [(3, 0, 0, 2, 1)] * 3
    assert times_missing("waste") == 0


def test_a_known_record_that_is_refused_counts_once(app: Flask, partner: Partner) -> None:
    source = approved(say(partner, "water", "heat", "waste"), "jsonl")
    read(app, source, partner)
    refused = lines({**record("waste"), "title": ""})
    say(partner, "water", "heat", more=refused)
    found = [sums(read(app, source, partner)) for _ in range(3)]
    assert found == [(3, 0, 0, 2, 1)] * 3
    assert times_missing("waste") == 0


def test_a_harvest_that_is_begun_anew_counts_absence_once(app: Flask, partner: Partner) -> None:
    assert app.name
    source = approved(say(partner, *TEN), "jsonl")
    harvest = read(app, source, partner)
    reading, seen = Reading(harvest.id + 1, source, "jsonl"), Seen()
    for name in TEN[1:]:
        seen.add(f"school:{name}", "print")
    for _ in range(3):
        write_missing(missing(reading, seen, (), whole=True, now=NOW), now=NOW)
    assert times_missing(TEN[0]) == 1
    reading = Reading(harvest.id + 2, source, "jsonl")
    write_missing(missing(reading, seen, (), whole=True, now=NOW), now=NOW)
    assert times_missing(TEN[0]) == 2


def test_what_an_editor_withdrew_does_not_come_back(app: Flask, partner: Partner) -> None:
    source = approved(say(partner, *TEN), "jsonl")
    read(app, source, partner)
    say(partner, *TEN[1:])
    for _ in range(2):
        read(app, source, partner)
    with unit_of_work():
        catalogue.withdraw(offer(TEN[0]), now=NOW)
    say(partner, *TEN)
    read(app, source, partner)
    assert (offer(TEN[0]).state, offer(TEN[0]).vanished_at) == (State.ARCHIVED, None)


def test_what_is_archived_is_not_counted_any_more(app: Flask, partner: Partner) -> None:
    source = approved(say(partner, *TEN), "jsonl")
    read(app, source, partner)
    say(partner, *TEN[1:])
    found = [read(app, source, partner).vanished for _ in range(4)]
    before = prints((*CATALOGUE, "source_pages"))
    found += [read(app, source, partner).vanished for _ in range(2)]
    assert found == [1, 1, 1, 1, 0, 0]
    assert prints((*CATALOGUE, "source_pages")) == before
