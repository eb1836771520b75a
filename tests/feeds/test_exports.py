"""What an export holds, whom it leaves out, and under which names."""

from __future__ import annotations

import json
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


def told(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{LINES}{query}")
    assert (answer.status_code, answer.content_type) == (200, "application/jsonl")
    return [json.loads(line) for line in answer.get_data(as_text=True).split("\n") if line]


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


def test_for_whom_and_when_it_is_told_too(client: FlaskClient) -> None:
    make_many_sided()
    one = told(client)[0]
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
    page = client.get(PAGES).get_json(force=True)
    assert [one["attributes"]["name"] for one in page["data"]] == ["Kept"]


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


def test_nobody_fetches_everything_all_the_time(academy: Callable[..., Flask]) -> None:
    client = academy(rate_limits=True).test_client()
    found = [client.get(LINES).status_code for _time in range(61)]
    assert found == [*[200] * 60, 429]
    assert client.get(PAGES).status_code == 200
