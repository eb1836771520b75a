"""Records that several pages of a source tell of: none vanishes while one page lists it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db
from courses.catalogue.models import Offer
from courses.catalogue.texts import OfferText
from courses.harvesting.harvests import seen
from courses.harvesting.models import SourceRecord
from tests.harvesting.courses_told import link
from tests.harvesting.pages_written import page, sitemap
from tests.harvesting.partner import Partner, approved, partner_serving, read, sums


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def listing(
    names: Sequence[str], *, following: str | None = None, titles: Mapping[str, str] | None = None
) -> str:
    told = titles or {}
    records = [
        {"id": name, "title": told.get(name, f"About {name}"), "link": link(name), "language": "en"}
        for name in names
    ]
    return json.dumps({"results": records, "next": following})


def state(name: str) -> tuple[int, bool]:
    db.session.rollback()
    db.session.expunge_all()
    wanted = select(SourceRecord, Offer).join(Offer, Offer.id == SourceRecord.offer_id)
    record, offer = db.session.execute(wanted.where(SourceRecord.external_id == name)).one()
    return record.missing, offer.vanished_at is not None


def titles() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(OfferText.title)))


def test_a_record_stays_while_another_page_that_did_not_change_lists_it(
    app: Flask, partner: Partner
) -> None:
    address = partner.say("/api", listing("abc", following="{site}/more"))
    partner.say("/more", listing("cd"))
    source = approved(address, "objects")
    assert sums(read(app, source, partner)) == (5, 4, 0, 1, 0)
    assert sums(read(app, source, partner)) == (5, 0, 0, 5, 0)
    partner.say("/api", listing("ab", following="{site}/more"))
    found = [(sums(one), one.vanished) for one in (read(app, source, partner) for _ in range(5))]
    assert found == [((4, 0, 0, 4, 0), 0)] * 5
    assert state("c") == (0, False)


def test_what_another_page_says_of_a_record_counts_once_the_first_is_silent(
    app: Flask, partner: Partner
) -> None:
    old, new = {"x": "Old title of x"}, {"x": "New title of x"}
    address = partner.say("/api", listing("ax", following="{site}/more", titles=old))
    partner.say("/more", listing("xd", titles=new))
    source = approved(address, "objects")
    assert sums(read(app, source, partner)) == (4, 3, 0, 0, 1)
    assert sums(read(app, source, partner)) == (4, 0, 0, 3, 1)
    partner.say("/api", listing("a", following="{site}/more"))
    read(app, source, partner)
    assert sums(read(app, source, partner)) == (3, 0, 1, 2, 0)
    assert titles() == {"About a", "New title of x", "About d"}
    assert sums(read(app, source, partner)) == (3, 0, 0, 3, 0)
    assert state("x") == (0, False)


def test_a_course_that_two_pages_tell_of_stays_when_one_of_them_goes(
    app: Flask, partner: Partner
) -> None:
    course = {
        "@context": "https://schema.org",
        "@type": "Course",
        "inLanguage": "en",
        "description": "All of water in the city, for everyone.",
    }
    water = {**course, "name": "Water", "@id": link("water"), "url": link("water")}
    partner.say("/en/water", page(water))
    partner.say("/water", page(water))
    others = [f"{partner.url}/other-{number}" for number in range(8)]
    for number in range(8):
        name = link(f"other-{number}")
        partner.say(f"/other-{number}", page({**course, "name": name, "@id": name, "url": name}))
    both = sitemap(f"{partner.url}/en/water", f"{partner.url}/water", *others)
    source = approved(partner.say("/sitemap.xml", both), "schemaorg")
    read(app, source, partner)
    partner.say("/sitemap.xml", sitemap(f"{partner.url}/water", *others))
    found = [read(app, source, partner).vanished for _ in range(5)]
    assert (found, state(link("water"))) == ([0] * 5, (0, False))


def test_a_record_that_came_from_a_page_is_looked_for_there_again(
    app: Flask, partner: Partner
) -> None:
    address = partner.say("/api", listing("ab", following="{site}/more"))
    partner.say("/more", listing("cd"))
    source = approved(address, "objects")
    read(app, source, partner)
    partner.say("/api", listing("abc", following="{site}/more"))
    read(app, source, partner)
    partner.say("/api", listing("ab", following="{site}/more"))
    found = [read(app, source, partner).vanished for _ in range(3)]
    assert (found, state("c")) == ([0] * 3, (0, False))


def test_a_page_that_repeats_too_much_is_read_each_time(
    app: Flask, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "MOST_REPEATED", 1)
    address = partner.say("/api", listing("abcde", following="{site}/more"))
    partner.say("/more", listing("cde"))
    source = approved(address, "objects")
    read(app, source, partner)
    partner.say("/api", listing("ab", following="{site}/more"))
    found = [read(app, source, partner).vanished for _ in range(3)]
    assert (found, state("e")) == ([0] * 3, (0, False))
