"""What a source that is read again and again does to the catalogue: and what it must not do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db
from academy.notices.models import Notice
from courses.catalogue.models import Offer, State
from courses.harvesting.models import HarvestState, SourceRecord
from tests.harvesting.harvested import CATALOGUE, lines, prints, record
from tests.harvesting.partner import Partner, approved, partner_serving, read, sums
from tests.invited import make_steward

NAMES = ("water", "heat", "waste", "parks", "roads", "homes", "ports", "trees", "light", "noise")


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def offer(name: str) -> Offer:
    db.session.rollback()
    db.session.expunge_all()
    found = db.session.scalar(
        select(Offer)
        .join(SourceRecord, SourceRecord.offer_id == Offer.id)
        .where(SourceRecord.external_id == f"school:{name}")
    )
    assert found is not None
    return found


def feed_of(*names: str) -> bytes:
    return lines(*(record(name) for name in names))


def test_a_source_is_read_from_its_address(app: Flask, partner: Partner) -> None:
    source = approved(partner.say("/all.jsonl", feed_of("water", "heat")), "jsonl")
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.whole, harvest.pages) == (HarvestState.DONE, True, 1)
    assert sums(harvest) == (2, 2, 0, 0, 0)
    assert offer("water").state is State.PUBLISHED


def test_what_did_not_change_is_not_sent_again_and_writes_no_row(
    app: Flask, partner: Partner
) -> None:
    source = approved(partner.say("/all.jsonl", feed_of("water", "heat")), "jsonl")
    read(app, source, partner)
    before = prints((*CATALOGUE, "source_pages"))
    harvest = read(app, source, partner)
    assert "if-none-match" in partner.asked[-1].headers
    assert sums(harvest) == (2, 0, 0, 2, 0)
    assert prints((*CATALOGUE, "source_pages")) == before


def test_what_is_missing_twice_is_unlisted_and_four_times_archived(
    app: Flask, partner: Partner
) -> None:
    address = partner.say("/all.jsonl", feed_of(*NAMES))
    source = approved(address, "jsonl")
    read(app, source, partner)
    partner.say("/all.jsonl", feed_of(*NAMES[1:]))
    seen = []
    for _ in range(4):
        harvest = read(app, source, partner)
        assert (harvest.state, harvest.vanished) == (HarvestState.DONE, 1)
        water = offer("water")
        seen.append((water.state, water.vanished_at is not None))
    assert seen == [
        (State.PUBLISHED, False),
        (State.PUBLISHED, True),
        (State.PUBLISHED, True),
        (State.ARCHIVED, True),
    ]


def test_what_comes_back_is_listed_again(app: Flask, partner: Partner) -> None:
    source = approved(partner.say("/all.jsonl", feed_of(*NAMES)), "jsonl")
    read(app, source, partner)
    partner.say("/all.jsonl", feed_of(*NAMES[1:]))
    for _ in range(4):
        read(app, source, partner)
    partner.say("/all.jsonl", feed_of(*NAMES))
    assert sums(read(app, source, partner)) == (10, 0, 0, 10, 0)
    assert (offer("water").state, offer("water").vanished_at) == (State.PUBLISHED, None)


def test_a_reading_that_would_unlist_too_many_is_held_and_changes_nothing(
    app: Flask, partner: Partner
) -> None:
    make_steward()
    source = approved(partner.say("/all.jsonl", feed_of(*NAMES)), "jsonl")
    read(app, source, partner)
    partner.say("/all.jsonl", feed_of(*NAMES[5:]))
    assert read(app, source, partner).state is HarvestState.DONE
    changed = lines(record("light", title="Another title"), *(record(n) for n in NAMES[5:8]))
    partner.say("/all.jsonl", changed)
    before = prints((*CATALOGUE, "source_pages"))
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.code) == (HarvestState.HELD, "would-unlist")
    assert harvest.details["number"] == "5"
    [notice] = db.session.scalars(select(Notice)).all()
    assert (notice.kind, notice.details) == ("harvest-held", {"harvest": harvest.reference})
    assert prints((*CATALOGUE, "source_pages")) == before
    assert read(app, source, partner).state is HarvestState.HELD
    assert len(db.session.scalars(select(Notice)).all()) == 1
    allowed = read(app, source, partner, allowed=True)
    assert (allowed.state, allowed.updated) == (HarvestState.DONE, 1)
    assert offer("water").vanished_at is not None
