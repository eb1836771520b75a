"""What hosts are asked, and what is told of their answers."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from academy.outbound import Answer, Request, agent_of
from tests.making import settings_for
from tests.outbound.answering import AGENT, Host, door, hosting, of_paths, said, saying

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DATE = "Sun, 22 Nov 2026 11:00:00 GMT"


def asked_for(request: Request, host: Host) -> Answer:
    return door(host).fetch(request)


def test_a_host_is_told_who_asks_and_no_more() -> None:
    with hosting(saying(b"feed")) as host:
        answer = asked_for(Request(f"{host.url}/feed.csv?page=2"), host)
    lines = host.asked[0].split("\r\n")
    assert lines[0] == "GET /feed.csv?page=2 HTTP/1.1"
    assert sorted(lines[1:-2]) == [
        "Accept-Encoding: gzip, deflate",
        "Connection: close",
        f"Host: {host.authority}",
        f"User-Agent: {AGENT}",
    ]
    assert (answer.status, answer.content) == (200, b"feed")
    assert answer.address == f"{host.url}/feed.csv?page=2"


def test_the_academy_names_itself_and_its_contact(tmp_path: Path) -> None:
    settings = settings_for(
        tmp_path,
        base_url="https://academy.example.org",
        mail_from="L'académie <academy@example.org>",
    )
    assert agent_of(settings) == AGENT


def unless_known(host: Host, _request: str) -> list[bytes]:
    known = (host.header("if-none-match"), host.header("if-modified-since"))
    if known == ('W/"v1"', DATE):
        return [said(status="304 Not Modified", etag='W/"v1"')]
    return [said(b"feed", etag='W/"v1"', last_modified=DATE)]


def test_what_has_not_changed_is_not_sent_again() -> None:
    with hosting(unless_known) as host:
        first = asked_for(Request(host.url), host)
        assert (first.unchanged, first.etag, first.last_modified) == (False, 'W/"v1"', DATE)
        again = Request(host.url, etag=first.etag, last_modified=first.last_modified)
        second = asked_for(again, host)
    assert (second.status, second.unchanged, second.content) == (304, True, b"")


@pytest.mark.parametrize("etag", ['"a\r\nX-Evil: 1"', "\x00", "é", "x" * 9_000])
def test_a_validator_that_could_do_harm_is_not_sent(etag: str) -> None:
    with hosting(saying(b"feed")) as host:
        asked_for(Request(host.url, etag=etag, last_modified=etag), host)
    assert (host.header("if-none-match"), host.header("if-modified-since")) == (None, None)
    assert host.header("x-evil") is None


def test_a_validator_that_is_too_long_is_not_kept() -> None:
    with hosting(saying(b"feed", etag='"' + "x" * 600 + '"')) as host:
        assert asked_for(Request(host.url), host).etag == ""


def test_the_head_alone_can_be_asked_for() -> None:
    reply = saying(gzip.compress(b"feed"), content_encoding="gzip", content_type="text/csv")
    with hosting(reply) as host:
        answer = asked_for(Request(host.url, "HEAD"), host)
    assert host.asked[0].startswith("HEAD / HTTP/1.1\r\n")
    assert (answer.status, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "text/csv"


def test_a_part_can_be_asked_for() -> None:
    with hosting(saying(b"fe", "206 Partial Content", content_range="bytes 0-1/4")) as host:
        answer = asked_for(Request(host.url, headers={"Range": "bytes=0-1"}), host)
    assert (host.header("range"), host.header("accept-encoding")) == ("bytes=0-1", "identity")
    assert (answer.status, answer.content) == (206, b"fe")


def test_something_can_be_posted() -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with hosting(saying(b"[]")) as host:
        answer = asked_for(Request(host.url, "POST", headers=form, content=b"a=1&b=2"), host)
    assert host.asked[0].partition("\r\n\r\n")[2] == "a=1&b=2"
    assert (host.header("content-length"), host.header("content-type")) == ("7", *form.values())
    assert answer.content == b"[]"


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "429 Too Many", "503 Away"])
def test_an_answer_of_any_status_is_an_answer(status: str) -> None:
    with hosting(of_paths({"/": saying(b"no", status)})) as host:
        answer = asked_for(Request(host.url), host)
    assert (answer.status, answer.content) == (int(status[:3]), b"no")


@pytest.mark.parametrize(
    ("told", "pause"),
    [
        ("120", timedelta(minutes=2)),
        ("Sun, 22 Nov 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Sun, 22 Nov 2026 11:00:00 GMT", timedelta(0)),
        ("Sun, 22 Nov 2026 12:05:00 -0000", timedelta(minutes=5)),
        ("9" * 40, timedelta(days=1)),
        ("Sun, 22 Nov 9999 12:05:00 GMT", timedelta(days=1)),
        ("-1", None),
        ("soon", None),
        ("٣", None),
        ("", None),
    ],
)
def test_how_long_a_host_wants_to_be_left_alone_is_read(told: str, pause: timedelta | None) -> None:
    answer = Answer(503, {"retry-after": told}, b"", "http://a.org/")
    assert answer.pause(NOW) == pause


def test_headers_are_read_by_small_names_and_without_what_could_do_harm() -> None:
    reply = saying(b"", x_one="a", X_Two="b", x_bad="a\x1bb", x_wide="é")
    with hosting(reply) as host:
        headers = asked_for(Request(host.url), host).headers
    assert {name: value for name, value in headers.items() if name.startswith("x-")} == {
        "x-one": "a",
        "x-two": "b",
        "x-wide": "é",
    }


@pytest.mark.parametrize("name", ["Host", "authorization", "Cookie", "Content-Length", "TE"])
def test_headers_of_the_door_are_set_by_the_door(name: str) -> None:
    with pytest.raises(ValueError, match="sets itself"):
        Request("http://example.org/", headers={name: "x"})


@pytest.mark.parametrize("headers", [{"X-A": "a\r\nX-B: b"}, {"X-A: b\r\nX-B": "b"}, {"X-A": "é"}])
def test_a_header_cannot_write_another(headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        Request("http://example.org/", headers=headers)


def test_content_is_sent_by_post_only() -> None:
    with pytest.raises(ValueError, match="POST"):
        Request("http://example.org/", content=b"x")
