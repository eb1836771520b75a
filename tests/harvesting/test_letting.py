"""What a steward lets a held harvest do is what the steward saw, and nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.notices.models import Notice
from courses.catalogue.models import Offer
from courses.harvesting.harvests import holding, queue
from courses.harvesting.models import Harvest, HarvestState
from courses.sources.models import Source
from tests.harvesting.courses_told import link
from tests.harvesting.harvested import CATALOGUE, lines, prints, record, table
from tests.harvesting.partner import Partner, approved, ask, partner_serving, read
from tests.invited import make_steward
from tests.making import NOW, make_person


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def say(partner: Partner, numbers: Iterable[int]) -> str:
    return partner.say("/all.jsonl", lines(*(record(f"course-{number}") for number in numbers)))


def unlisted() -> int:
    db.session.rollback()
    counted = select(func.count(Offer.id)).where(Offer.vanished_at.is_not(None))
    return db.session.scalar(counted) or 0


def held(app: Flask, partner: Partner) -> int:
    """Make a source of which a reading that would unlist seven of twenty is held."""
    source = approved(say(partner, range(20)), "jsonl")
    read(app, source, partner)
    say(partner, range(13))
    read(app, source, partner)
    assert read(app, source, partner).details["number"] == "7"
    return source


def test_what_was_let_go_goes(app: Flask, partner: Partner) -> None:
    source = held(app, partner)
    assert read(app, source, partner, allowed=True).state is HarvestState.DONE
    assert unlisted() == 7


def test_what_nobody_has_seen_is_held_again(app: Flask, partner: Partner) -> None:
    source = held(app, partner)
    say(partner, range(12, 13))
    read(app, source, partner, allowed=True)
    before = prints(CATALOGUE)
    harvest = read(app, source, partner, allowed=True)
    assert (harvest.state, harvest.details["number"]) == (HarvestState.HELD, "12")
    assert (prints(CATALOGUE), unlisted()) == (before, 7)


def test_as_many_others_are_not_those_that_were_let_go(app: Flask, partner: Partner) -> None:
    source = held(app, partner)
    reference = db.session.scalars(select(Harvest.reference).order_by(Harvest.id)).all()[-1]
    # All that the steward saw has come back, and others went.
    say(partner, range(7, 20))
    assert read(app, source, partner).vanished == 7
    wanted = ask(source)
    with unit_of_work():
        again = db.session.get_one(Harvest, wanted)
        again.allowed, again.details = True, {"held": reference}
    harvest = read(app, source, partner)
    assert (harvest.id, harvest.state, unlisted()) == (wanted, HarvestState.HELD, 0)


def test_those_who_are_too_many_to_be_named_are_let_go_by_their_number(
    app: Flask, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "MOST_NAMED", 1)
    source = held(app, partner)
    assert read(app, source, partner, allowed=True).state is HarvestState.DONE
    assert unlisted() == 7


def test_nothing_at_all_is_never_let_through(app: Flask, partner: Partner) -> None:
    rows = [
        {"Id": str(number), "Title": "Water", "Link": link(str(number)), "Language": "en"}
        for number in range(20)
    ]
    source = approved(partner.say("/all.csv", table(*rows)), "csv")
    read(app, source, partner)
    partner.say("/all.csv", table(*rows[:13]))
    read(app, source, partner)
    assert read(app, source, partner).state is HarvestState.HELD
    partner.say("/all.csv", "Id,Title,Link,Language\n")
    harvest = read(app, source, partner, allowed=True)
    assert (harvest.state, harvest.code) == (HarvestState.FAILED, "nothing-there")
    assert unlisted() == 0


def test_a_held_reading_of_one_page_is_let_through_as_one(app: Flask) -> None:
    assert app.name
    steward = make_person("steward@example.org").id
    source = approved("https://school.example/sitemap.xml", "schemaorg")
    page = "https://school.example/water"
    with unit_of_work():
        one = queue.ask(db.session.get_one(Source, source), person=None, now=NOW, record=page)
        one.state = HarvestState.HELD
        key = one.id
    with unit_of_work():
        harvest, person = db.session.get_one(Harvest, key), db.session.get_one(Person, steward)
        again = queue.allow(harvest, person=person, now=NOW)
        assert (again.record, again.details) == (page, {"held": harvest.reference})


def test_stewards_are_told_of_what_is_held_although_they_let_another_reading(
    app: Flask, partner: Partner
) -> None:
    make_steward()
    source = approved(say(partner, range(20)), "jsonl")
    read(app, source, partner)
    for numbers in (range(7, 13), range(13)):
        say(partner, numbers)
        last = read(app, source, partner)
    assert last.state is HarvestState.HELD
    say(partner, range(7, 20))
    again = read(app, source, partner, allowed=True)
    assert (again.state, read(app, source, partner).state) == (HarvestState.HELD,) * 2
    told = [one.details["harvest"] for one in db.session.scalars(select(Notice)).all()]
    assert told == [last.reference, again.reference]
