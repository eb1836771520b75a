"""What the API refuses, it refuses as a problem that a program can read (RFC 9457)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask


def problem(app: Flask, path: str, method: str = "GET") -> dict[str, Any]:
    answer = app.test_client().open(path, method=method)
    assert answer.mimetype == "application/problem+json"
    assert answer.headers.getlist("Set-Cookie") == []
    found: dict[str, Any] = answer.get_json()
    assert found["status"] == answer.status_code
    assert {"type", "title", "detail"} <= found.keys()
    return found


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/offers/nobody-knows",
        "/api/v1/offers/%00",
        "/api/v1/offers/" + "x" * 5_000,
        "/api/v1/vocabularies/love",
        "/api/v1/nothing",
        "/api/v1/",
        "/api/v2/offers",
        "/api/v1/offers/",
    ],
)
def test_what_is_not_there_is_a_problem_404(shown: Flask, path: str) -> None:
    assert problem(shown, path)["status"] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/api/v1/offers", "/api/v1/vocabularies", "/api/v1/openapi.json"])
def test_what_cannot_be_done_is_a_problem_405(shown: Flask, path: str, method: str) -> None:
    assert problem(shown, path, method)["status"] == 405
    allowed = shown.test_client().open(path, method=method).headers["Allow"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("issue=love", {"issue": "“love” is unknown here."}),
        (
            "language=xx&kind=talk",
            {"language": "“xx” is unknown here.", "kind": "“talk” is unknown here."},
        ),
        (
            "section=moon&institution=me",
            {"section": "“moon” is unknown here.", "institution": "“me” is unknown here."},
        ),
        ("issue=love&issue=art", {"issue": "“love” is unknown here. “art” is unknown here."}),
        ("sort=up", {"sort": "“up” is unknown here."}),
        ("page=0", {"page": "“0” is unknown here."}),
        ("page=two", {"page": "“two” is unknown here."}),
        ("page=1&page=2", {"page": "This can be given once only."}),
        (
            "q=a&q=b&sort=newest&sort=newest",
            {"q": "This can be given once only.", "sort": "This can be given once only."},
        ),
    ],
)
def test_what_nobody_knows_is_a_problem_422(
    shown: Flask, query: str, errors: dict[str, str]
) -> None:
    found = problem(shown, f"/api/v1/offers?{query}")
    assert (found["status"], found["code"], found["errors"]) == (422, "invalid", errors)


@pytest.mark.parametrize(
    "query", ["utm_source=mail", "lang=es", "q=&page=&sort=&issue=", "limit=5"]
)
def test_what_is_not_asked_for_is_passed_over(shown: Flask, query: str) -> None:
    client = shown.test_client()
    answers = [client.get(f"/api/v1/offers?{one}") for one in (query, "")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].get_json() == answers[1].get_json()


def test_an_answer_may_be_kept_for_a_minute_and_carries_no_cookie(shown: Flask) -> None:
    answer = shown.test_client().get("/api/v1/offers?q=water")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers.getlist("Set-Cookie") == []
    assert shown.test_client().head("/api/v1/offers?q=water").data == b""
