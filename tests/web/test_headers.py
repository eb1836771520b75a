"""What every answer carries, and who may keep it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from academy.web.pages import absolute
from tests.browsing import ACCOUNT, SIGN_IN, SIGN_OUT, SIGN_UP, Browser, Reader
from tests.web.conftest import Walk

ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
EVIL = [
    *("evil.example", "evil.example:80", "localhost.evil.example", "evil.example#localhost"),
    *("localhost@evil.example", "localhost, evil.example", "evil.example/localhost", "..", "[::1"),
]


def carried(answer: TestResponse) -> dict[str, str | None]:
    """The headers that no answer goes without, as this one has them."""
    return {name: answer.headers.get(name) for name in ALWAYS}


def elsewhere(browser: Browser) -> Iterator[tuple[str, TestResponse]]:
    """Give answers that no way leads to: errors, redirects, files, the API."""
    gets = [
        *("/", "/en", "/en/webinars", "/nothing", "/en/nothing", "/api/nothing", "/static/nothing"),
        *("/static/mark.svg", "/static/mark.svg?v=1", "/api/v1/openapi.json", "/api/v1/offers"),
        *("/api/v1/offers?issue=nothing", "/en/my", "/en/learn?page=x", "/en/sign-out", "//en//"),
    ]
    for path in gets:
        yield path, browser.get(path)
    for path in ("/en/sign-in", "/en/learn", "/nothing", "/api/v1/offers"):
        yield f"POST {path}", browser.post(path, {})
    yield "too large", browser.post(SIGN_IN, {"email": "x" * 1_100_000})


def answers(walk: Walk) -> dict[str, TestResponse]:
    """Everything somebody met, and what no way leads to."""
    return walk.met | dict(elsewhere(walk.browser))


def test_every_answer_carries_the_same_protection(as_visitor: Walk, as_learner: Walk) -> None:
    for walk in (as_visitor, as_learner):
        found = {address: carried(answer) for address, answer in answers(walk).items()}
        assert {address: wrong for address, wrong in found.items() if wrong != ALWAYS} == {}


def test_the_answers_looked_at_are_of_every_sort(as_visitor: Walk) -> None:
    statuses = {answer.status_code for answer in answers(as_visitor).values()}
    assert statuses >= {200, 302, 303, 400, 404, 405, 413, 422}


def test_every_header_can_travel(as_visitor: Walk, as_learner: Walk) -> None:
    for walk in (as_visitor, as_learner):
        for answer in answers(walk).values():
            for name, value in answer.headers:
                assert (name + value).isprintable()
                (name + value).encode("latin-1")


def test_text_says_how_it_is_written(as_visitor: Walk) -> None:
    kinds = {answer.content_type for answer in answers(as_visitor).values()}
    texts = {kind for kind in kinds if kind.startswith("text/")}
    assert "text/html; charset=utf-8" in texts
    assert {kind for kind in texts if not kind.endswith("; charset=utf-8")} == set()


def test_who_is_not_signed_in_gets_pages_that_anybody_may_keep(as_visitor: Walk) -> None:
    for address, answer in as_visitor.met.items():
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        # The mails of development are for one person each.
        if "csrf_token" in answer.text or address == "/mails":
            assert answer.headers["Cache-Control"] == "private, no-store", address
            continue
        kept = (answer.headers["Cache-Control"], sorted(answer.vary), "csrf_token" in answer.text)
        differs_by = ["Accept-Encoding", "Cookie", "HX-Request"]
        assert kept == ("public, max-age=60", differs_by, False), address


def test_only_forms_give_a_cookie_to_who_is_not_signed_in(as_visitor: Walk) -> None:
    gave = {address for address, answer in as_visitor.met.items() if "Set-Cookie" in answer.headers}
    assert {address.partition("?")[0].rpartition("/")[2] for address in gave} == {"sign-in"}
    for path in ("/en/", "/en/learn", "/nothing", "/api/v1/offers", "/static/mark.svg"):
        assert "Set-Cookie" not in Browser(as_visitor.app).get(path).headers
    assert "Set-Cookie" in Browser(as_visitor.app).get(SIGN_UP).headers


def test_every_form_that_changes_something_carries_its_token(
    as_visitor: Walk, as_learner: Walk
) -> None:
    for walk, fewest in ((as_visitor, 6), (as_learner, 50)):
        forms = [
            (address, form.action, bool(form.fields.get("csrf_token")))
            for address, answer in walk.met.items()
            if answer.mimetype == "text/html"
            for form in Reader(answer.text).posts()
        ]
        assert len(forms) >= fewest
        assert [form for form in forms if not form[2]] == []


def test_nobody_keeps_pages_of_who_is_signed_in(as_learner: Walk) -> None:
    kept = {
        address: answer.headers["Cache-Control"]
        for address, answer in answers(as_learner).items()
        if answer.mimetype == "text/html" and not (300 <= answer.status_code < 400)
    }
    assert len(kept) > 50
    assert {address: how for address, how in kept.items() if how != "private, no-store"} == {}


def test_a_cookie_that_opens_nothing_is_no_reason_to_share_a_page(as_visitor: Walk) -> None:
    stranger = Browser(as_visitor.app)
    stranger.bring("academy", "no-such-session")
    answer = stranger.get("/en/learn")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_what_is_wrong_or_on_its_way_elsewhere_is_never_kept(as_visitor: Walk) -> None:
    kept = {
        address: answer.headers["Cache-Control"]
        for address, answer in answers(as_visitor).items()
        if answer.status_code != 200
    }
    assert {how for how in kept.values()} <= {"no-store", "private, no-store"}


def test_files_under_the_name_of_their_content_are_kept_for_a_year(as_visitor: Walk) -> None:
    page = as_visitor.met["/en/"]
    heads = [head.get("href", "") for head in Reader(page.text).heads]
    files = [address for address in heads if address.startswith("/static/")]
    assert len(files) >= 4
    for address in files:
        answer = as_visitor.browser.get(address)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers
    plain = as_visitor.browser.get(files[0].partition("?")[0])
    assert plain.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/en/", SIGN_IN, ACCOUNT, "/nothing", "/static/mark.svg"])
@pytest.mark.parametrize("host", EVIL)
def test_an_address_that_is_not_ours_is_answered_by_nothing(
    walked: Flask, host: str, path: str
) -> None:
    answer = Browser(walked).get(path, Host=host)
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert "evil" not in answer.text
    assert carried(answer) == ALWAYS


def test_programs_are_told_of_a_wrong_address_as_programs(walked: Flask) -> None:
    answer = Browser(walked).get("/api/v1/offers", Host="evil.example")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_forms_sent_to_a_wrong_address_are_not_read(walked: Flask) -> None:
    browser = Browser(walked)
    fields = {"csrf_token": browser.token()}
    assert browser.post(SIGN_OUT, fields, Host="evil.example").status_code == 400


@pytest.mark.parametrize("header", ["X_Forwarded_Host", "X_Host", "Forwarded", "X_Original_Host"])
def test_a_forged_origin_changes_no_address(walked: Flask, header: str) -> None:
    forged = {header: "host=evil.example" if header == "Forwarded" else "evil.example"}
    answer = Browser(walked).get("/en/", **forged)
    with walked.app_context():
        ours = absolute("/en/")
    assert (answer.status_code, answer.text.count("evil.example")) == (200, 0)
    [canonical] = [
        one["href"] for one in Reader(answer.text).heads if one.get("rel") == "canonical"
    ]
    assert canonical == ours


def test_behind_a_proxy_its_word_counts_but_not_every_host(academy: Callable[..., Flask]) -> None:
    behind = {"base_url": "https://academy.example", "trusted_hosts": ("academy.example",)}
    browser = Browser(academy(proxy_hops=1, **behind), address="http://127.0.0.1:8000")
    forwarded = {"X_Forwarded_Host": "academy.example", "X_Forwarded_Proto": "https"}
    answer = browser.get("/en/", **forwarded)
    assert answer.status_code == 200
    evil = browser.get("/en/", **(forwarded | {"X_Forwarded_Host": "evil.example"}))
    assert evil.status_code == 400


@pytest.mark.parametrize(
    ("base_url", "told"),
    [
        ("https://localhost", "max-age=31536000; includeSubDomains"),
        ("http://localhost", None),
    ],
)
def test_where_the_academy_is_secure_browsers_are_told_to_stay_so(
    academy: Callable[..., Flask], base_url: str, told: str | None
) -> None:
    for path in ("/en/", "/nothing", "/static/mark.svg"):
        answer = Browser(academy(base_url=base_url)).get(path)
        assert answer.headers.get("Strict-Transport-Security") == told
