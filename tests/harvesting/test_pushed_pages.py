"""Messages about single pages: what is not there is missing once, and too much of it is held."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db
from courses.catalogue.models import Offer, State
from courses.catalogue.texts import OfferText
from courses.harvesting.harvests.keeping import carry_out_next
from courses.harvesting.models import HarvestState, SourceRecord
from courses.harvesting.pipeline import Report
from tests.harvesting.harvested import CATALOGUE, prints
from tests.harvesting.pages_written import page, sitemap
from tests.harvesting.partner import (
    Answer,
    Partner,
    approved,
    ask,
    door_to,
    partner_serving,
    read,
)

COURSE = {
    "@context": "https://schema.org",
    "@type": "Course",
    "inLanguage": "en",
    "description": "All of water in the city, for everyone.",
}


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def source_of_one_page(partner: Partner, courses: int) -> int:
    addresses = [f"{partner.url}/water#{number}" for number in range(courses)]
    told = [{**COURSE, "@id": one, "url": one, "name": f"Course {one}"} for one in addresses]
    partner.say("/water", page({"@context": "https://schema.org", "@graph": told}))
    return approved(partner.say("/sitemap.xml", sitemap(f"{partner.url}/water")), "schemaorg")


def states() -> list[tuple[int, State]]:
    db.session.rollback()
    db.session.expunge_all()
    found = select(SourceRecord.missing, Offer.state)
    rows = db.session.execute(found.join(Offer, Offer.id == SourceRecord.offer_id))
    return [(missing, state) for missing, state in rows]


def test_a_page_that_is_not_found_is_one_absence_however_often_it_is_told(
    app: Flask, partner: Partner
) -> None:
    source = source_of_one_page(partner, 12)
    read(app, source, partner)
    told = partner.pages.pop("/water")
    record = f"{partner.url}/water"
    found = [read(app, source, partner, record=record).vanished for _ in range(3)]
    assert (found, states()) == ([12] * 3, [(1, State.PUBLISHED)] * 12)
    partner.pages["/water"] = told
    read(app, source, partner, record=record)
    assert states() == [(0, State.PUBLISHED)] * 12


def test_a_page_that_is_gone_takes_many_records_away_only_after_a_look(
    app: Flask, partner: Partner
) -> None:
    source = source_of_one_page(partner, 12)
    read(app, source, partner)
    partner.pages["/water"] = Answer(b"Gone.", 410)
    before = prints(CATALOGUE)
    harvest = read(app, source, partner, record=f"{partner.url}/water")
    assert (harvest.state, harvest.details["number"]) == (HarvestState.HELD, "12")
    assert prints(CATALOGUE) == before


def test_a_course_whose_page_is_gone_is_archived_at_once(app: Flask, partner: Partner) -> None:
    source = source_of_one_page(partner, 1)
    read(app, source, partner)
    partner.pages["/water"] = Answer(b"Gone.", 410)
    harvest = read(app, source, partner, record=f"{partner.url}/water")
    assert (harvest.state, harvest.vanished) == (HarvestState.DONE, 1)
    assert states() == [(4, State.ARCHIVED)]


def say(partner: Partner, name: str, title: str) -> str:
    address = f"{partner.url}/{name}"
    return partner.say(f"/{name}", page({**COURSE, "url": address, "name": title}))


def test_what_was_told_during_a_whole_reading_is_not_overwritten_by_it(
    app: Flask, partner: Partner
) -> None:
    settings, names = app.config["SETTINGS"], [f"course-{number}" for number in range(4)]
    addresses = [say(partner, name, f"Old {name}") for name in names]
    source = approved(partner.say("/sitemap.xml", sitemap(*addresses)), "schemaorg")
    read(app, source, partner)
    for name in names:
        say(partner, name, f"New {name}")
    told: list[Report] = []

    def push(report: Report) -> None:
        if report.pages == len(names) and not told:
            told.append(Report())
            ask(source, record=say(partner, names[0], "Called off"))
            done = carry_out_next(door_to(partner), settings, stop=Event(), record=True)
            told[0] = done[1] if done else Report()

    ask(source)
    whole = carry_out_next(door_to(partner), settings, stop=Event(), told=push)
    assert whole
    assert (told[0].updated, whole[1].updated, whole[1].vanished) == (1, 3, 0)
    db.session.rollback()
    titles = set(db.session.scalars(select(OfferText.title)))
    assert titles == {"Called off", "New course-1", "New course-2", "New course-3"}
    assert read(app, source, partner).unchanged == 4
