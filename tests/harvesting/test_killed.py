"""A worker killed at any moment of a harvest: the next one ends it, nothing twice, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.db import db, unit_of_work, utcnow
from courses.catalogue.models import Offer
from courses.catalogue.texts import OfferText
from courses.harvesting.harvests.keeping import carry_out_next
from courses.harvesting.models import Harvest, HarvestState, SourceRecord
from tests.harvesting.harvested import lines, record
from tests.harvesting.partner import Partner, approved, ask, door_to, partner_serving, sums
from tests.search.dying import Moments, does

ROUNDS = 20
RECORDS = 350

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("unmeasured")]


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def publish(partner: Partner, turn: int) -> None:
    """Say everything anew: of every record another title than before."""
    told = [record(f"course-{n}", title=f"Turn {turn}, course {n}") for n in range(RECORDS)]
    partner.say("/all.jsonl", lines(*told))


def let_go_of_the_database() -> None:
    db.session.remove()
    db.engine.dispose()


def work(app: Flask, partner: Partner) -> None:
    carry_out_next(door_to(partner), app.config["SETTINGS"], stop=Event())


def let_the_lease_end(harvest: int) -> None:
    with unit_of_work():
        taken = db.session.get_one(Harvest, harvest)
        if taken.state is HarvestState.RUNNING:
            taken.leased_until = utcnow() - timedelta(seconds=1)


def titles() -> list[str]:
    found = sorted(db.session.scalars(select(OfferText.title)))
    db.session.rollback()
    return found


def of_turn(turn: int) -> list[str]:
    return sorted(f"Turn {turn}, course {n}" for n in range(RECORDS))


def count(model: type[object]) -> int:
    found = db.session.scalar(select(func.count()).select_from(model)) or 0
    db.session.rollback()
    return found


def test_twenty_workers_killed_in_the_middle(app: Flask, partner: Partner) -> None:
    publish(partner, 0)
    source = approved(f"{partner.url}/all.jsonl", "jsonl")
    ask(source)
    let_go_of_the_database()
    moments = Moments(ROUNDS, does(lambda: work(app, partner)))
    half_done = turn = 0
    while moments.died < ROUNDS:
        turn += 1
        assert turn < 4 * ROUNDS
        publish(partner, turn)
        harvest = ask(source)
        let_go_of_the_database()
        killed = moments.kill(lambda: work(app, partner))
        if killed:
            half_done += titles() not in (of_turn(turn - 1), of_turn(turn))
            let_the_lease_end(harvest)
            work(app, partner)
        db.session.expunge_all()
        kept = db.session.get_one(Harvest, harvest)
        assert kept.state is HarvestState.DONE
        assert sums(kept)[:2] == (RECORDS, 0)
        assert titles() == of_turn(turn)
        assert count(SourceRecord) == count(Offer) == RECORDS
    assert half_done > 0, "no worker was killed between two transactions"


def test_a_killed_first_harvest_adds_nothing_twice(app: Flask, partner: Partner) -> None:
    publish(partner, 1)
    source = approved(f"{partner.url}/all.jsonl", "jsonl")
    harvest = ask(source)
    let_go_of_the_database()
    Moments(2, 1.0).kill(lambda: work(app, partner))
    let_the_lease_end(harvest)
    work(app, partner)
    assert titles() == of_turn(1)
    assert count(SourceRecord) == count(Offer) == RECORDS
