"""What every adapter keeps, from a real server: good, paged, unchanged, deleted, dirty, hostile."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db
from courses.catalogue.models import Offer
from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.models import Harvest, HarvestState, RecordedFinding
from courses.harvesting.sentences import FINDINGS, REASONS
from courses.sources.models import Source
from tests.harvesting.courses_told import Courses
from tests.harvesting.harvested import CATALOGUE, offers, prints
from tests.harvesting.partner import (
    Partner,
    approved,
    forget_where_we_were,
    partner_serving,
    read,
    sums,
)
from tests.harvesting.publishing import PAGED, PUBLISHING, everywhere, publish

THREE = Courses(("water", "heat", "waste"))
SIX = Courses(("water", "heat", "waste", "parks", "roads", "homes"))
KEPT = (*CATALOGUE, "source_pages")


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


@pytest.fixture(params=sorted(PUBLISHING))
def adapter(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def read_again(app: Flask, source: int, partner: Partner) -> Harvest:
    """Read the whole of it once more."""
    forget_where_we_were(source)
    return read(app, source, partner)


def titles() -> list[str]:
    return sorted(next(iter(offer.titles.values())) for offer in offers().values())


def listed() -> list[str]:
    return sorted(
        next(iter(one.titles.values())) for one in offers().values() if one.vanished_at is None
    )


def test_every_adapter_is_held_to_the_contract() -> None:
    assert sorted(PUBLISHING) == sorted(ADAPTERS)


def test_good(app: Flask, partner: Partner, adapter: str) -> None:
    harvest = read(app, approved(publish(partner, adapter, THREE), adapter), partner)
    assert (harvest.state, harvest.reason) == (HarvestState.DONE, "")
    assert sums(harvest) == (3, 3, 0, 0, 0)
    assert titles() == ["About heat", "About waste", "About water"]
    assert harvest.whole == ADAPTERS[adapter].complete


@pytest.mark.parametrize("adapter", sorted(PAGED), indirect=True)
def test_paged(app: Flask, partner: Partner, adapter: str) -> None:
    harvest = read(app, approved(publish(partner, adapter, SIX), adapter), partner)
    assert sums(harvest) == (6, 6, 0, 0, 0)
    assert harvest.pages > 2
    assert len(partner.asked) == len({(one.path, one.content) for one in partner.asked})


def test_unchanged(app: Flask, partner: Partner, adapter: str) -> None:
    source = approved(publish(partner, adapter, SIX), adapter)
    read(app, source, partner)
    before = prints(KEPT)
    harvest = read_again(app, source, partner)
    assert sums(harvest) == (6, 0, 0, 6, 0)
    assert prints(KEPT) == before


def test_changed(app: Flask, partner: Partner, adapter: str) -> None:
    source = approved(publish(partner, adapter, SIX), adapter)
    read(app, source, partner)
    publish(partner, adapter, Courses(SIX.names, {"heat": "Heat, once more"}))
    assert sums(read_again(app, source, partner)) == (6, 0, 1, 5, 0)
    assert "Heat, once more" in titles()


def test_deleted(app: Flask, partner: Partner, adapter: str) -> None:
    source = approved(publish(partner, adapter, SIX), adapter)
    read(app, source, partner)
    publish(partner, adapter, Courses(SIX.names[1:]))
    found = []
    for _ in range(2):
        harvest = read_again(app, source, partner)
        found.append((sums(harvest), harvest.vanished, "About water" in listed()))
    told = (5, 0, 0, 5, 0)
    if ADAPTERS[adapter].complete:
        assert found == [(told, 1, True), (told, 1, False)]
    else:
        assert found == [(told, 0, True), (told, 0, True)]
    assert len(titles()) == 6


def test_dirty(app: Flask, partner: Partner, adapter: str) -> None:
    names = ("water", "heat", "waste")
    address = publish(partner, adapter, Courses(names, {"heat": "Heat &amp; <b>cold</b>"}, True))
    harvest = read(app, approved(address, adapter), partner)
    assert harvest.state is HarvestState.DONE
    assert sums(harvest) == (4, 3, 0, 0, 1)
    rejected = db.session.scalars(
        select(RecordedFinding).where(RecordedFinding.weight == "rejected")
    ).all()
    assert len(rejected) == 1
    assert str(FINDINGS[rejected[0].code])


HOSTILE = {
    "a sign-in page": b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>",
    "nothing": b"",
    "random bytes": bytes(range(256)) * 40,
    "entities": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>'
    b"<a>&c;</a>",
    "a file of this machine": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM '
    b'"file:///etc/passwd">]><rss version="2.0"><channel><title>&b;</title></channel></rss>',
    "depth": b'{"a":' * 100_000,
    "half a list": b'[{"title": "Water", "url": "https://school.example/water"',
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile(app: Flask, partner: Partner, adapter: str, content: bytes) -> None:
    source = approved(publish(partner, adapter, SIX), adapter)
    read(app, source, partner)
    before = prints(CATALOGUE)
    everywhere(partner, content)
    harvest = read(app, source, partner)
    assert harvest.state is HarvestState.FAILED
    assert harvest.code in REASONS
    assert prints(CATALOGUE) == before
    assert db.session.get_one(Source, source).failures == 1


LEADING = {"oai": ("Identify", "ListMetadataFormats"), "schemaorg": ("sitemap.xml",)}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("adapter", sorted(LEADING), indirect=True)
def test_hostile_behind_pages_that_lead_on(
    app: Flask, partner: Partner, adapter: str, content: bytes
) -> None:
    source = approved(publish(partner, adapter, SIX), adapter)
    read(app, source, partner)
    before, good = prints(CATALOGUE), partner.pages
    everywhere(partner, content)
    leading = {path for path in good if path.endswith(LEADING[adapter])}
    partner.pages |= {path: good[path] for path in leading}
    harvest = read_again(app, source, partner)
    assert harvest.state is HarvestState.FAILED
    assert harvest.code in REASONS
    assert prints(CATALOGUE) == before


@pytest.mark.parametrize("status", [404, 410, 401])
def test_an_address_that_is_not_there_any_more(
    app: Flask, partner: Partner, adapter: str, status: int
) -> None:
    source = approved(publish(partner, adapter, SIX), adapter)
    read(app, source, partner)
    before = prints(CATALOGUE)
    everywhere(partner, b"No.", status=status)
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.code) == (HarvestState.FAILED, "http-status")
    assert harvest.details["status"] == str(status)
    assert prints(CATALOGUE) == before


def test_a_bomb_is_not_unpacked(app: Flask, partner: Partner, adapter: str) -> None:
    source = approved(publish(partner, adapter, SIX), adapter)
    bomb = gzip.compress(b" " * 60_000_000)
    everywhere(partner, bomb, headers={"Content-Encoding": "gzip"})
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.code) == (HarvestState.FAILED, "too-large")


def test_a_page_that_leads_into_the_house_is_not_followed(
    app: Flask, partner: Partner, adapter: str
) -> None:
    source = approved(publish(partner, adapter, SIX), adapter)
    everywhere(partner, b"", status=302, headers={"Location": "http://127.0.0.1:9/secret"})
    harvest = read(app, source, partner)
    assert harvest.state is HarvestState.FAILED
    assert harvest.code in {"private-address", "post-redirected", "port-refused"}
    assert db.session.scalar(select(Offer.id)) is None
