"""A licence goes from whoever names it to whoever reads it: feeds, pages, programs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from courses.harvesting.adapters import csv, feed, jsonl, moochub, oai, openedx, schemaorg
from courses.harvesting.draft import Draft, Feed
from courses.harvesting.reading.columns import guess_columns
from tests.harvesting.courses_written import V2, V3, answer
from tests.harvesting.harvested import harvest, lines, offer, record, table
from tests.making import make_offer

BY = "https://creativecommons.org/licenses/by/4.0/"
DEFAULT = {"licence": "CC BY-SA 4.0"}
LOM = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record>
<header><identifier>oai:school.city:1</identifier></header><metadata>{}</metadata>
</record></ListRecords></OAI-PMH>"""
DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Water</dc:title>'
    "<dc:rights>info:eu-repo/semantics/openAccess</dc:rights><dc:rights>{}</dc:rights></oai_dc:dc>"
)
IEEE = (
    '<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><title><string>Water</string></title>'
    "</general><rights><description><string>{}</string></description></rights></lom>"
)
RSS = """<rss version="2.0"><channel><title>School</title><copyright>{}</copyright>
<item><title>Water</title><link>https://school.city/water</link></item></channel></rss>"""
PAGE = """<html lang="en"><script type="application/ld+json">{}</script></html>"""


def page(licence: Any) -> bytes:
    told = {"@type": "Course", "name": "Water", "url": "https://school.city/w", "license": licence}
    return PAGE.format(json.dumps(told)).encode()


def only(items: Any) -> str | None:
    [draft] = [one for one in items if isinstance(one, Draft)]
    return draft.licence


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (BY, "CC-BY-4.0"),
        ({"@type": "CreativeWork", "url": BY, "name": "Ours"}, "CC-BY-4.0"),
        ([{"@id": BY}], "CC-BY-4.0"),
        ("Ask us", "Ask us"),
        ([], "CC-BY-SA-4.0"),
    ],
)
def test_pages_name_it_in_several_ways(told: Any, name: str) -> None:
    assert only(schemaorg.read(Feed(page(told), defaults=DEFAULT))) == name


@pytest.mark.parametrize(
    ("course", "name"),
    [
        (V3, "CC-BY-4.0"),
        (V2, "CC-BY-4.0"),
        (V3 | {"license": [{"identifier": "proprietary", "url": None}]}, "CC-BY-SA-4.0"),
        (V3 | {"license": BY}, "CC-BY-4.0"),
        (V3 | {"license": None}, "CC-BY-SA-4.0"),
    ],
)
def test_platforms_name_it(course: dict[str, Any], name: str) -> None:
    assert only(moochub.read(Feed(answer(course), defaults=DEFAULT))) == name


@pytest.mark.parametrize("form", [DC, IEEE])
@pytest.mark.parametrize(
    ("told", "name"),
    [(BY, "CC-BY-4.0"), ("https://school.city/terms", None), ("All of the school", None)],
)
def test_repositories_name_it_among_rights(form: str, told: str, name: str | None) -> None:
    content = LOM.format(form.format(told)).encode()
    assert only(oai.read(Feed(content))) == (told if told.startswith("https://school") else name)


@pytest.mark.parametrize(
    ("told", "name"),
    [("© School. CC BY 4.0", "CC-BY-4.0"), ("© School, all rights reserved", "CC-BY-SA-4.0")],
)
def test_feeds_mostly_say_who_has_the_rights(told: str, name: str) -> None:
    assert only(feed.read(Feed(RSS.format(told).encode(), defaults=DEFAULT))) == name


def test_tables_lines_and_what_names_none() -> None:
    rows = table({"title": "Water", "url": "https://school.city/w", "Licence": "cc by 4.0"})
    assert only(csv.read(Feed(rows, guess_columns(["title", "url", "Licence"])))) == "CC-BY-4.0"
    assert only(jsonl.read(Feed(lines(record(licence=BY))))) == "CC-BY-4.0"
    assert only(jsonl.read(Feed(lines(record()), defaults=DEFAULT))) == "CC-BY-SA-4.0"
    assert only(jsonl.read(Feed(lines(record())))) is None
    course = {"id": "course-v1:a+b+c", "name": "Water", "org": "a", "number": "b"}
    told = json.dumps({"results": [course], "pagination": {}}).encode()
    assert only(openedx.read(Feed(told, defaults=DEFAULT))) == "CC-BY-SA-4.0"


@pytest.mark.usefixtures("app")
def test_who_says_nothing_of_it_takes_none_away() -> None:
    harvest(lines(record(licence=BY)))
    assert offer().licence == "CC-BY-4.0"
    harvest(lines(record(title="Another title")))
    assert (offer().licence, offer().titles) == ("CC-BY-4.0", {"en": "Another title"})


@pytest.mark.parametrize(
    ("licence", "url"),
    [("CC-BY-4.0", BY), ("https://school.city/t", "https://school.city/t"), ("Ask us", None)],
)
def test_readers_and_programs_are_told(client: FlaskClient, licence: str, url: str | None) -> None:
    made = make_offer("Water", licence=licence)
    page = client.get(f"/en/learn/{made.slug}").get_data(as_text=True)
    shown = f'<a href="{url}"><bdi>{licence}</bdi></a>' if url else f"<bdi>{licence}</bdi>"
    assert f"<dt>Licence</dt><dd>{shown}</dd>" in page
    assert client.get(f"/api/v1/offers/{made.slug}").get_json()["licence"] == licence
    assert f'"license": {json.dumps(url or licence)}' in page.replace("\\/", "/")


def test_nothing_is_said_of_what_is_not_known(client: FlaskClient) -> None:
    made = make_offer("Water")
    page = client.get(f"/en/learn/{made.slug}").get_data(as_text=True)
    assert ("<dt>Licence</dt>" in page, '"license"' in page) == (False, False)
    assert client.get(f"/api/v1/offers/{made.slug}").get_json()["licence"] is None
