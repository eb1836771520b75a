"""The catalogue as MOOChub v3: pages that lead to one another, courses that keep its rules."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.feeds.many_sided import make_many_sided
from tests.making import make_offer

LINES, PAGES = "/api/v1/offers.jsonl", "/bridges/moochub/courses"
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
REQUIRED = ("name", "learningResourceType", "publisher", "url", "license", "creator")
MODES = {"blended", "onsite", "online", "synchronous", "asynchronous"}
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
DURATION = re.compile(r"PT\d+M")


def courses(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{PAGES}{query}")
    assert answer.status_code == 200
    assert answer.content_type == "application/vnd.api+json; moochub-version=3"
    return list(answer.get_json(force=True)["data"])


def test_pages_lead_to_one_another(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courses.feeds.moochub.PAGE_SIZE", 2)
    for number in range(5):
        make_offer(f"Course {number}")
    at = f"http://localhost{PAGES}?page="

    def links(query: str) -> dict[str, str]:
        found: dict[str, str] = client.get(PAGES + query).get_json(force=True)["links"]
        return {name: link.removeprefix(at) for name, link in found.items()}

    assert links("") == {"self": "1", "first": "1", "last": "3", "next": "2"}
    assert links("?page=2") == {"self": "2", "first": "1", "last": "3", "next": "3", "prev": "1"}
    assert links("?page=3") == {"self": "3", "first": "1", "last": "3", "prev": "2"}
    assert links("?page=9") == {"self": "9", "first": "1", "last": "3", "prev": "3"}
    assert links("?page=-1") == links("?page=love") == links("")
    assert courses(client, "?page=9") == []


def test_an_empty_academy_gives_an_empty_page(client: FlaskClient) -> None:
    at = f"http://localhost{PAGES}?page=1"
    assert client.get(PAGES).get_json(force=True) == {
        "links": {"self": at, "first": at, "last": at},
        "data": [],
    }
    assert client.get(LINES).get_data() == b""


def test_every_course_keeps_the_rules_of_moochub(client: FlaskClient) -> None:
    """The rules of the public schema of version 3 that concern what we say."""
    make_many_sided()
    found = courses(client)
    assert len({one["id"] for one in found}) == len(found) == 7
    for one in found:
        attributes = one["attributes"]
        assert one.keys() == {"type", "id", "attributes", "meta"}
        assert (one["type"], bool(UUID.fullmatch(one["id"]))) == ("Course", True)
        assert [name for name in REQUIRED if not attributes.get(name)] == []
        assert attributes["learningResourceType"] == {
            "identifier": "https://w3id.org/kim/hcrt/course",
            "type": "Concept",
            "inScheme": "https://w3id.org/kim/hcrt/scheme",
        }
        for party in (attributes["publisher"], *attributes["creator"]):
            assert (party["type"], bool(party["name"])) == ("Organization", True)
        for licence in attributes["license"]:
            assert licence.keys() == {"identifier", "url"}
            assert (licence["identifier"] == "proprietary") is (licence["url"] is None)
        assert set(attributes.get("courseMode", ())) <= MODES
        for name in ("inLanguage", "keywords", "courseMode", "startDate", "endDate", "access"):
            listed = attributes.get(name, [])
            assert len(set(listed)) == len(listed)
        for moment in (*attributes.get("startDate", ()), *attributes.get("endDate", ())):
            assert DATE_TIME.fullmatch(moment)
        assert DURATION.fullmatch(attributes.get("duration", "PT1M"))
        free = "free" in attributes.get("access", ())
        assert free is any(price["price"] == 0 for price in attributes.get("offer", ()))


@pytest.mark.parametrize(
    ("licence", "told_as"),
    [
        ("CC-BY-4.0", ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/")),
        ("GFDL-1.3-only", ("GFDL-1.3-only", "https://spdx.org/licenses/GFDL-1.3-only.html")),
        ("https://school.city/terms", ("proprietary", None)),
        ("Free for public bodies", ("proprietary", None)),
        ("", ("proprietary", None)),
    ],
)
def test_a_licence_is_named_as_moochub_knows_it(
    client: FlaskClient, licence: str, told_as: tuple[str, str | None]
) -> None:
    make_offer("Water", licence=licence)
    [one] = courses(client)
    [named] = one["attributes"]["license"]
    assert (named["identifier"], named["url"]) == told_as
    assert one["meta"]["urban-academy"].get("licence", "") == licence
