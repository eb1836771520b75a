"""Which pages a reading goes to, in which order, and how it knows them again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from courses.harvesting.harvests.asked import Asked
from courses.harvesting.harvests.fetching import Gathering
from tests.harvesting.courses_told import Courses
from tests.harvesting.harvested import CATALOGUE, prints
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


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def test_of_a_large_site_the_first_pages_are_read_and_short_lists_first(
    app: Flask, partner: Partner, tmp_path: Path
) -> None:
    assert app.name
    posts = [partner.say(f"/p{number:02}", page()) for number in range(30)]
    course = partner.say("/course", page())
    lists = [partner.say("/posts.xml", sitemap(*posts)), partner.say("/c.xml", sitemap(course))]
    first = partner.say("/sitemap.xml", sitemap(*lists, of="sitemap", root="sitemapindex"))
    asked = Asked("schemaorg", first)
    gathering = Gathering(asked, door_to(partner), tmp_path, {}, lambda _pages: None)
    gathered = gathering.gather(most=10)
    assert [one.address.removeprefix(partner.url) for one in gathered.pages] == [
        *("/sitemap.xml", "/posts.xml", "/c.xml", "/course"),
        *(f"/p{number:02}" for number in range(6)),
    ]
    assert gathered.left_out == [(posts[6], "more-pages")]
    assert not gathered.whole


def test_a_repository_whose_tokens_are_new_each_time_keeps_its_records_as_they_are(
    app: Flask, partner: Partner
) -> None:
    source = approved(publish(partner, "oai", SIX), "oai")
    read(app, source, partner)
    before = prints((*CATALOGUE, "source_records"))
    partner.pages = {
        path.replace("=page", "=other"): Answer(one.content.replace(b">page", b">other"))
        for path, one in partner.pages.items()
    }
    forget_where_we_were(source)
    harvest = read(app, source, partner)
    assert (sums(harvest), harvest.whole) == ((6, 0, 0, 6, 0), True)
    assert partner.paths()[-1].endswith("resumptionToken=other3")
    assert prints((*CATALOGUE, "source_records")) == before


def test_a_repository_whose_token_leads_to_itself_comes_to_an_end(
    app: Flask, partner: Partner
) -> None:
    source = approved(publish(partner, "oai", SIX), "oai")
    last = "/oai?verb=ListRecords&resumptionToken=page3"
    again = b"<resumptionToken>page3</resumptionToken></ListRecords>"
    content = partner.pages[last].content.replace(b"</ListRecords>", again)
    partner.pages[last] = Answer(content)
    assert sums(read(app, source, partner)) == (6, 6, 0, 0, 0)
    assert partner.paths().count(last) == 1
