"""The OpenAPI document is one, and what it says of the answers is so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from courses.search.params import FACETS, When
from tests.api.described import TYPES, faults, faults_of, resolved

OPERATIONS = {"get", "put", "post", "delete", "patch", "options", "head", "trace"}
OTHER_TYPES = {"/api/v1/offers.jsonl": "application/jsonl"}
ADDRESSES = {
    "/api/v1/offers": (
        *("", "?q=water", "?issue=water&language=en", "?sort=soonest&page=2", "?page=99"),
        *("?kind=webinar&sort=reviewed", "?institution=lake-towns-college", "?q=!"),
        *("?q=water+xylophone", "?when=past&cost=free", "?region=002&data=small&level=advanced"),
        *("?issue=love", "?q=a&q=b", "?page=0", "?sort=up", "?kind=talk&section=moon"),
    ),
    "/api/v1/vocabularies": ("",),
}


def every(part: Any) -> Iterator[dict[str, Any]]:
    """Give every object inside the document."""
    if isinstance(part, dict):
        yield part
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from every(inner)


def test_the_document_is_of_openapi_3_1(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert (document["info"]["title"], document["info"]["version"]) == ("Urban Academy", "v1")
    assert document["info"]["license"] == {"name": "MIT", "identifier": "MIT"}
    known = {"openapi", "info", "servers", "security", "paths", "tags", "components"}
    assert document.keys() <= known


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    referring = [part for part in every(document) if isinstance(part.get("$ref"), str)]
    assert len(referring) > 10
    for part in referring:
        assert resolved(part, document) != {}


def test_every_address_of_the_api_is_described_with_its_parameters(
    shown: Flask, document: dict[str, Any]
) -> None:
    routes = [rule for rule in shown.url_map.iter_rules() if rule.rule.startswith("/api/")]
    addresses = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in routes}
    assert addresses - {"/api/v1/openapi.json"} == document["paths"].keys()
    for address, item in document["paths"].items():
        assert item.keys() - {"parameters"} <= OPERATIONS
        told = [one["name"] for one in item.get("parameters", ()) if one["in"] == "path"]
        assert told == re.findall(r"{(\w+)}", address)
        assert all(one["required"] is True for one in item.get("parameters", ()))


def test_the_question_can_name_every_facet(document: dict[str, Any]) -> None:
    asked = document["paths"]["/api/v1/offers"]["get"]["parameters"]
    assert {one["name"] for one in asked} == {"q", *FACETS, "sort", "page"}


def test_every_operation_says_what_it_does_and_how_it_fails(document: dict[str, Any]) -> None:
    for address, item in document["paths"].items():
        for name in item.keys() & OPERATIONS:
            operation = item[name]
            assert operation["summary"].endswith(".")
            answers = operation["responses"]
            assert "default" in answers
            assert len(answers.keys() & {"200", "201", "202", "204"}) == 1
            for status, answer in answers.items():
                found = resolved(answer, document)
                assert found["description"]
                if status in {"202", "204", "301"}:
                    assert "content" not in found
                    continue
                good = status in {"200", "201"}
                json = OTHER_TYPES.get(address, "application/json")
                kind = json if good else "application/problem+json"
                assert list(found["content"]) == [kind]


def test_every_schema_is_written_in_words_of_json_schema(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        assert schema["type"] == "object"
        assert set(schema.get("required", ())) <= schema["properties"].keys()
        for part in every(schema["properties"]):
            named = part.get("type", [])
            if isinstance(named, str | list):
                assert set([named] if isinstance(named, str) else named) <= TYPES.keys()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_is_as_described(shown: Flask, document: dict[str, Any], address: str) -> None:
    operation = document["paths"][address]["get"]
    for query in ADDRESSES[address]:
        answer = shown.test_client().get(f"{address}{query}")
        assert faults_of(answer, operation, document) == [], query


def test_every_offer_and_vocabulary_is_as_described(shown: Flask, document: dict[str, Any]) -> None:
    client = shown.test_client()
    slugs, following = [], f"/api/v1/offers?{urlencode({'when': list(When)}, doseq=True)}"
    while following:
        page = client.get(following).get_json()
        slugs += [offer["slug"] for offer in page["offers"]]
        following = page["next"]
    assert len(slugs) == len(set(slugs)) == 60
    one = document["paths"]["/api/v1/offers/{slug}"]["get"]
    for slug in (*slugs, "nobody-knows", "a b", "%00", "x" * 5_000):
        assert faults_of(client.get(f"/api/v1/offers/{slug}"), one, document) == [], slug
    named = document["paths"]["/api/v1/vocabularies/{name}"]["get"]
    for name in ("issue", "methodology", "language", "section", "love"):
        assert faults_of(client.get(f"/api/v1/vocabularies/{name}"), named, document) == [], name


def test_what_is_not_as_described_would_be_noticed(document: dict[str, Any]) -> None:
    meeting = document["components"]["schemas"]["Meeting"]
    told = {"starts": "2026-01-01T00:00:00", "ends": None, "zone": "UTC", "link": "x"}
    assert list(faults(told, meeting, document)) == [
        "$ lacks status",
        "$.starts is '2026-01-01T00:00:00', without an offset",
        "$.ends is None",
        "$ has link",
    ]
