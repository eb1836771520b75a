"""What a reading does when its host fails on the way: it fails too, or leaves the host alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.db import db, utcnow
from courses.harvesting.harvests.preview import preview
from courses.harvesting.models import Harvest, HarvestState, RecordedFinding
from courses.sources.models import Source
from tests.harvesting import repository
from tests.harvesting.courses_told import Courses
from tests.harvesting.harvested import CATALOGUE, offers, prints
from tests.harvesting.pages_written import page, sitemap
from tests.harvesting.partner import (
    Answer,
    Partner,
    approved,
    door_to,
    forget_where_we_were,
    partner_serving,
    read,
    sums,
)
from tests.harvesting.publishing import publish

SIX = Courses(("water", "heat", "waste", "parks", "roads", "homes"))
TWENTY = Courses(tuple(f"n{number:02}" for number in range(20)))
LEADING = ("Identify", "ListMetadataFormats", "sitemap.xml")
NOTHING = {
    "an error of the protocol": (Answer(repository.error("badArgument")), "source-error"),
    "a sign-in page": (Answer(b"<!DOCTYPE html><html><body>Sign in</body></html>"), "html"),
    "half an answer": (Answer(repository.answer(repository.record("a", ""))[:-40]), "breaks-off"),
    "nothing": (Answer(b""), "empty"),
    "a refusal": (Answer(b"No.", 403), "http-status"),
}


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def let_records_say(partner: Partner, answer: Answer) -> None:
    """Let all pages say this, but for those that lead to the records."""
    for path in partner.pages:
        if not path.endswith(LEADING):
            partner.pages[path] = answer


def findings(harvest: Harvest) -> list[tuple[str, str]]:
    told = select(RecordedFinding.code, RecordedFinding.found)
    wanted = told.where(RecordedFinding.harvest_id == harvest.id).order_by(RecordedFinding.id)
    return [(code, found) for code, found in db.session.execute(wanted)]


def tried(app: Flask, source: int, partner: Partner) -> str:
    """Try the source, and tell why it could not be read."""
    return preview(source, door_to(partner), app.config["SETTINGS"], now=utcnow()).code


@pytest.mark.parametrize(("answer", "code"), NOTHING.values(), ids=NOTHING.keys())
@pytest.mark.parametrize("before", [True, False], ids=["known", "new"])
def test_a_repository_none_of_whose_records_can_be_read_has_failed(
    app: Flask, partner: Partner, answer: Answer, code: str, before: bool
) -> None:
    source = approved(publish(partner, "oai", SIX), "oai")
    if before:
        read(app, source, partner)
        forget_where_we_were(source)
    kept = prints(CATALOGUE)
    let_records_say(partner, answer)
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.code, harvest.read) == (HarvestState.FAILED, code, 0)
    assert tried(app, source, partner) == code
    found = db.session.get_one(Source, source)
    assert found.failures == 1
    assert prints(CATALOGUE) == kept


def test_what_changed_since_cannot_be_read_either_and_is_asked_for_from_the_same_day_on(
    app: Flask, partner: Partner
) -> None:
    source = approved(publish(partner, "oai", SIX), "oai")
    read(app, source, partner)
    cursor = db.session.get_one(Source, source).cursor
    db.session.rollback()
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.code) == (HarvestState.FAILED, "http-status")
    assert cursor is not None
    assert db.session.get_one(Source, source).cursor == cursor


def test_a_repository_that_is_away_before_its_records_is_read_later(
    app: Flask, partner: Partner
) -> None:
    source = approved(publish(partner, "oai", SIX), "oai")
    let_records_say(partner, Answer(b"", 503, {"Retry-After": "0"}))
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.code) == (HarvestState.QUEUED, "http-status")
    assert harvest.not_before is not None


def test_a_site_none_of_whose_pages_is_there_has_failed(app: Flask, partner: Partner) -> None:
    source = approved(publish(partner, "schemaorg", SIX), "schemaorg")
    let_records_say(partner, Answer(b"No.", 404))
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.code) == (HarvestState.FAILED, "http-status")


def test_a_host_that_says_it_is_asked_too_often_is_asked_nothing_more(
    app: Flask, partner: Partner
) -> None:
    source = approved(publish(partner, "schemaorg", TWENTY), "schemaorg")
    partner.pages["/n03"] = Answer(b"Slow down.", 429, {"Retry-After": "3600"})
    harvest = read(app, source, partner)
    assert partner.paths() == ["/robots.txt", "/sitemap.xml", "/n00", "/n01", "/n02", "/n03"]
    assert (harvest.state, harvest.code) == (HarvestState.QUEUED, "http-status")
    assert harvest.details["status"] == "429"
    assert harvest.not_before is not None
    assert harvest.not_before - utcnow() > timedelta(minutes=59)
    assert offers() == {}


def test_a_host_that_wants_a_moment_gets_it(app: Flask, partner: Partner) -> None:
    source = approved(publish(partner, "schemaorg", SIX), "schemaorg")
    good, asked = partner.pages["/heat"], []
    partner.pages["/heat"] = Answer(b"Slow down.", 429, {"Retry-After": "1"})

    def relent(request: object) -> None:
        asked.append(request)
        if partner.paths().count("/heat") == 2:
            partner.pages["/heat"] = good

    partner.before = relent
    assert sums(read(app, source, partner)) == (6, 6, 0, 0, 0)
    assert len(asked) == 9


def test_a_host_that_fails_page_after_page_is_left_alone(app: Flask, partner: Partner) -> None:
    source = approved(publish(partner, "schemaorg", TWENTY), "schemaorg")
    for path in list(partner.pages)[3:-1]:
        partner.pages[path] = Answer(b"", 503)
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.code) == (HarvestState.QUEUED, "http-status")
    assert len(partner.asked) == 2 + 3 + 2 * 5


def test_single_pages_that_fail_leave_the_others(app: Flask, partner: Partner) -> None:
    source = approved(publish(partner, "schemaorg", SIX), "schemaorg")
    for name in ("/heat", "/parks", "/homes"):
        partner.pages[name] = Answer(b"", 500)
    harvest = read(app, source, partner)
    assert (harvest.state, sums(harvest)) == (HarvestState.DONE, (3, 3, 0, 0, 0))
    assert not harvest.whole


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_site_whose_rules_cannot_be_had_is_not_read_for_the_time_being(
    app: Flask, partner: Partner, status: int
) -> None:
    source = approved(publish(partner, "schemaorg", SIX), "schemaorg")
    partner.say("/robots.txt", b"", status=status)
    harvest = read(app, source, partner)
    assert (harvest.state, harvest.code) == (HarvestState.QUEUED, "no-robots")
    assert partner.paths() == ["/robots.txt"]


@pytest.mark.parametrize("status", [200, 401, 403, 404, 410])
def test_a_site_without_rules_may_be_read(app: Flask, partner: Partner, status: int) -> None:
    source = approved(publish(partner, "schemaorg", SIX), "schemaorg")
    partner.say("/robots.txt", b"", status=status)
    assert sums(read(app, source, partner)) == (6, 6, 0, 0, 0)


def test_a_site_without_data_is_told_so(app: Flask, partner: Partner) -> None:
    plain = page()
    for name in ("/a", "/b", "/c"):
        partner.say(name, plain)
    listed = sitemap(*(f"{partner.url}/{name}" for name in "abc"))
    source = approved(partner.say("/sitemap.xml", listed), "schemaorg")
    for _ in range(2):
        harvest = read(app, source, partner)
        assert (harvest.state, sums(harvest)) == (HarvestState.DONE, (0, 0, 0, 0, 0))
        assert findings(harvest) == [("no-data", "3")]
    assert tried(app, source, partner) == "no-data"


def test_a_block_that_cannot_be_read_is_told_of_with_its_page(app: Flask, partner: Partner) -> None:
    there = partner.say("/a", page("{not json", {"@type": [], "name": "Water"}))
    source = approved(there, "schemaorg")
    harvest = read(app, source, partner)
    kept = db.session.scalars(select(RecordedFinding.external_id)).all()
    assert (kept, harvest.rejected) == ([there, there], 2)
