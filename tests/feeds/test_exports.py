"""What an export holds, whom it leaves out, and under which names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer, State
from courses.feeds.names import is_unique_everywhere, name_of, uuid_of
from courses.feeds.outgoing import outgoing
from tests.feeds.many_sided import make_many_sided
from tests.harvesting.harvested import harvest, lines, record, table
from tests.making import NOW, make_offer

LINES, PAGES = "/api/v1/offers.jsonl", "/bridges/moochub/courses"
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
REQUIRED = ("name", "learningResourceType", "publisher", "url", "license", "creator")
MODES = {"blended", "onsite", "online", "synchronous", "asynchronous"}
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
DURATION = re.compile(r"PT\d+M")


def told(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{LINES}{query}")
    assert (answer.status_code, answer.content_type) == (200, "application/jsonl")
    return [json.loads(line) for line in answer.get_data(as_text=True).split("\n") if line]


def courses(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{PAGES}{query}")
    assert answer.status_code == 200
    assert answer.content_type == "application/vnd.api+json; moochub-version=3"
    return list(answer.get_json(force=True)["data"])


def change(key: int, **values: Any) -> None:
    with unit_of_work():
        offer = db.session.get_one(Offer, key)
        for name, value in values.items():
            setattr(offer, name, value)


def test_an_offer_is_told_with_all_that_it_says(client: FlaskClient) -> None:
    make_many_sided()
    one = told(client)[0]
    assert one["source_id"] == "http://localhost/en/learn/eau"
    assert (one["language"], sorted(one["texts"])) == ("fr", ["ar", "en", "th"])
    assert (one["texts"]["en"]["text_src"], one["texts"]["th"]["text_src"]) == (
        *("machine", "checked"),
    )
    assert [(known["code"], known["role"], known["origin"]) for known in one["languages"]] == [
        ("fr", "taught", "declared"),
        ("pt-BR", "taught", "guessed"),
        ("fr", "subtitles", "source"),
        ("ar", "subtitles", "declared"),
        ("th", "materials", "declared"),
        ("en", "interface", "declared"),
    ]
    assert {name: len(codes) for name, codes in one["terms"].items()} == {
        "issue": 2,
        "methodology": 7,
        "audience": 7,
    }
    plain = ("kind", "level", "pace", "cost", "certificate", "mode", "licence", "contact")
    assert [one[name] for name in plain] == [
        *("course", "advanced", "instructor", "paid", "none", "offline", "CC-BY-NC-SA-4.0"),
        "ecole@example.org",
    ]
    assert one["audience"] == {"ar": "موظفو المدينة", "fr": "Élus & agents"}
    always, dated, later = one["runs"]
    assert (always["zone"], "starts" in always) == ("UTC", False)
    assert (dated["starts"], dated["capacity"]) == ("2026-12-03T16:30:00+03:00", 40)
    assert [(hour["cancelled"], hour.get("recording")) for hour in dated["meetings"]] == [
        (True, None),
        (False, "https://example.org/recording?id=7"),
        (False, None),
    ]
    assert later["starts"] == "2027-03-03T10:30:00-03:00"


def test_what_belongs_to_this_academy_alone_stays_here(client: FlaskClient) -> None:
    make_many_sided()
    for address in (LINES, PAGES):
        text = client.get(address).get_data(as_text=True)
        assert [word for word in ("rooms.example.org", "uid", "taken") if word in text] == []


def test_only_what_is_listed_leaves(client: FlaskClient) -> None:
    keys = [make_offer(name).id for name in ("Kept", "Draft", "Vanished", "Broken", "Twin")]
    kept, draft, vanished, broken, twin = keys
    change(draft, state=State.DRAFT)
    change(vanished, vanished_at=NOW)
    change(broken, broken_at=NOW)
    change(twin, canonical_id=kept)
    assert [one["title"] for one in told(client)] == ["Kept"]
    assert [one["attributes"]["name"] for one in courses(client)] == ["Kept"]


def test_the_facets_of_the_catalogue_narrow_it(client: FlaskClient) -> None:
    make_offer("Water", issues=("water",))
    make_offer("Homes", issues=("housing",), language="fr", institution="hill-school")
    for query, titles in (
        ("", ["Water", "Homes"]),
        ("?issue=housing", ["Homes"]),
        ("?language=fr", ["Homes"]),
        ("?institution=river-school", ["Water"]),
        ("?kind=webinar", []),
        ("?issue=housing&issue=water&language=en", ["Water"]),
    ):
        assert [one["title"] for one in told(client, query)] == titles


@pytest.mark.parametrize("query", ["?issue=love", "?q=water", "?sort=newest", "?page=2"])
def test_what_it_cannot_be_asked_is_said(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{LINES}{query}")
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert list(answer.get_json()["errors"]) == [query[1:].partition("=")[0]]


@pytest.mark.parametrize("address", [LINES, PAGES])
def test_who_has_it_already_is_not_sent_it_again(client: FlaskClient, address: str) -> None:
    key = make_offer("Water").id
    first = client.get(address)
    known = {"If-None-Match": first.headers["ETag"]}
    again = client.get(address, headers=known)
    assert (again.status_code, again.get_data()) == (304, b"")
    assert first.headers["Last-Modified"] == "Sun, 22 Nov 2026 12:00:00 GMT"
    since = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert since.status_code == 304
    for changed in ({"broken_at": NOW}, {"broken_at": None, "changed_at": NOW.replace(hour=13)}):
        change(key, **changed)
        anew = client.get(address, headers=known)
        assert anew.status_code == 200
        known = {"If-None-Match": anew.headers["ETag"]}
    other = client.get(address + "?kind=course", headers=known).status_code
    assert other == (200 if address == LINES else 304)


def test_it_goes_out_batch_by_batch(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert app
    monkeypatch.setattr("courses.feeds.outgoing.BATCH", 2)
    for number in range(5):
        make_offer(f"Course {number}")
    held = []
    for one in outgoing():
        held.append((one.offer.titles["en"], len(list(db.session.identity_map.values()))))
    assert [title for title, _number in held] == [f"Course {number}" for number in range(5)]
    # The terms of both offers, their texts, languages, runs and their institution: no more.
    assert max(number for _title, number in held) < 20


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
    assert told(client) == []


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


@pytest.mark.parametrize(
    ("name", "everywhere"),
    [
        ("https://school.city/water", True),
        ("urn:isbn:123", True),
        ("oai:school.city:17", True),
        ("8978f51e-770c-4d0a-a2e3-23fae8f6aa79", True),
        ("17", False),
        ("school:17", False),
        ("a b", False),
        ("", False),
    ],
)
def test_a_name_that_is_unique_everywhere_is_kept(name: str, everywhere: bool) -> None:
    page = "https://academy.city/en/learn/water"
    assert is_unique_everywhere(name) is everywhere
    assert name_of(name, page) == (name if everywhere else page)
    assert name_of(None, page) == page
    assert uuid_of(uuid_of(name)) == uuid_of(name)


def test_a_name_that_two_offers_have_stays_with_the_first(client: FlaskClient) -> None:
    same = "https://school.city/water"
    harvest(lines(record("water") | {"source": "", "source_id": same}))
    assert [one["source_id"] for one in told(client)] == [same]
    twin = {"id": same, "title": "Its twin", "url": "https://lake.city/water", "language": "en"}
    harvest(table(twin), "csv")
    assert [one["source_id"] for one in told(client)] == [
        *(same, "http://localhost/en/learn/its-twin"),
    ]


def test_a_stranger_reads_it_without_an_account(academy: Callable[..., Flask]) -> None:
    answer = academy().test_client().get(LINES, headers={"Accept": "*/*"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=60")
