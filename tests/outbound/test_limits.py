"""Everything ends: slow answers, endless ones, and those that unpack to far too much."""

from __future__ import annotations

import gzip
import socket
import tracemalloc
import zlib
from collections.abc import Iterator
from threading import Event
from time import monotonic

import pytest

from academy.outbound import BadAnswer, Limits, NoAnswer, Request, Why, unpacked
from tests.outbound.answering import PUBLIC, Host, Net, Reply, door, hosting, said, saying, sending

FEED = b"id;title\n1;Wells\n" * 100
TEN_MEGABYTES = 10_000_000
HEAD = b"HTTP/1.1 200 OK\r\n"


def refused(reply: Reply, *, seconds: float = 10.0) -> Why:
    with hosting(reply) as host, pytest.raises((BadAnswer, NoAnswer)) as refusal:
        door(host, seconds=seconds).fetch(Request(host.url))
    assert refusal.value.host == "127.0.0.1"
    return refusal.value.code


def fetched(reply: Reply) -> bytes:
    with hosting(reply) as host:
        return door(host).fetch(Request(host.url)).content


def dripping(*begin: bytes, piece: bytes = b"x") -> Reply:
    """Send a piece every twentieth of a second, for as long as somebody listens."""

    def reply(host: Host, _request: str) -> Iterator[bytes]:
        yield from begin
        while not host.over.wait(0.05):
            yield piece

    return reply


def flooding(*begin: bytes, piece: bytes) -> Reply:
    """Send without an end, as fast as somebody listens."""

    def reply(host: Host, _request: str) -> Iterator[bytes]:
        yield from begin
        while not host.over.is_set():
            yield piece

    return reply


@pytest.mark.parametrize(
    "reply",
    [
        dripping(),
        dripping(HEAD, piece=b"X-Slow: 1\r\n"),
        dripping(HEAD, b"Content-Length: 1000\r\n\r\n"),
        dripping(HEAD, b"\r\n"),
        dripping(HEAD, b"Transfer-Encoding: chunked\r\n\r\n", piece=b"1\r\nx\r\n"),
        dripping(b"HTTP/1.1 100 Continue\r\n\r\n", piece=b"HTTP/1.1 100 Continue\r\n\r\n"),
        dripping(HEAD, b"\r\n", piece=b""),
    ],
    ids=["status", "headers", "content", "without length", "chunks", "continue", "silence"],
)
def test_what_drips_is_over_in_time(reply: Reply) -> None:
    began = monotonic()
    assert refused(reply, seconds=0.6) is Why.SLOW
    assert 0.6 <= monotonic() - began < 3.0


def test_redirects_have_one_time_together() -> None:
    def reply(host: Host, _request: str) -> Iterator[bytes]:
        host.over.wait(0.3)
        yield said(b"", "302 Found", location="/")

    began = monotonic()
    assert refused(reply, seconds=0.8) is Why.SLOW
    assert monotonic() - began < 3.0


def test_a_look_up_that_takes_too_long_is_not_waited_for() -> None:
    over = Event()

    def resolve(_name: str, _port: int) -> list[str]:
        over.wait(30)
        return [PUBLIC]

    outbound = Net({}).door(resolve=resolve, limits=Limits(seconds=0.3))
    began = monotonic()
    with pytest.raises(NoAnswer) as refusal:
        outbound.fetch(Request("http://feeds.example.org/"))
    over.set()
    assert refusal.value.code is Why.SLOW
    assert monotonic() - began < 3.0


def test_a_host_that_does_not_listen_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        host = Host(deaf.getsockname()[1], saying(), None)
        posted = Request(host.url, "POST", content=b"x" * 20_000_000)
        with pytest.raises(NoAnswer) as refusal:
            door(host, seconds=0.5).fetch(posted)
    assert refusal.value.code is Why.SLOW


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (flooding(HEAD, piece=b"X-More: 1\r\n" * 1000), Why.NOT_HTTP),
        (flooding(HEAD, piece=b"X" * 65_536), Why.LARGE),
        (flooding(piece=b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), Why.LARGE),
        (flooding(HEAD, b"\r\n", piece=b"x" * 65_536), Why.LARGE),
        (flooding(HEAD, b"Transfer-Encoding: chunked\r\n\r\n", piece=b"1\r\nx\r\n" * 9), Why.LARGE),
        (sending(HEAD, b"Content-Length: 10000001\r\n\r\n"), Why.LARGE),
    ],
    ids=["headers", "one header", "continue", "content", "chunks", "announced"],
)
def test_what_does_not_end_is_ended(reply: Reply, code: Why) -> None:
    assert refused(reply, seconds=30.0) is code


def test_as_much_as_is_allowed_comes_whole() -> None:
    assert fetched(saying(b"x" * TEN_MEGABYTES)) == b"x" * TEN_MEGABYTES


def bomb(size: int) -> bytes:
    """Pack so many bytes of nothing."""
    packer = zlib.compressobj(9, wbits=31)
    pieces = [packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)]
    return b"".join((*pieces, packer.flush()))


BOMB = bomb(200_000_000)


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZip"])
def test_a_bomb_is_stopped_while_it_is_unpacked(coding: str) -> None:
    tracemalloc.start()
    try:
        assert refused(saying(BOMB, content_encoding=coding)) is Why.LARGE
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


def test_a_bomb_in_many_parts_is_stopped_too() -> None:
    parts = gzip.compress(bytes(1_000_000)) * 11
    assert refused(saying(parts, content_encoding="gzip")) is Why.LARGE


def test_a_million_empty_parts_are_not_unpacked() -> None:
    assert refused(saying(gzip.compress(b"") * 400_000, content_encoding="gzip")) is Why.CODING


def test_a_file_that_is_packed_in_itself_is_unpacked_within_bounds() -> None:
    assert unpacked(gzip.compress(FEED), most=len(FEED)) == FEED
    assert unpacked(FEED, most=len(FEED)) == FEED
    for content in (FEED, gzip.compress(FEED), BOMB):
        with pytest.raises(BadAnswer) as refusal:
            unpacked(content, most=len(FEED) - 1)
        assert refusal.value.code is Why.LARGE


RAW = zlib.compressobj(9, wbits=-15)
PACKED = {
    "gzip": gzip.compress(FEED),
    "x-gzip": gzip.compress(FEED[:70]) + gzip.compress(FEED[70:]),
    "GZIP": gzip.compress(FEED) + b"\r\n\r\n",
    "deflate": zlib.compress(FEED),
    "Deflate": RAW.compress(FEED) + RAW.flush(),
    "identity": FEED,
}


GZIPPED = gzip.compress(FEED, mtime=0)
"""Without the hour in it: all processes that run tests call a test by the same name."""


@pytest.mark.parametrize("coding", PACKED)
def test_what_is_packed_arrives_unpacked(coding: str) -> None:
    assert fetched(saying(PACKED[coding], content_encoding=coding)) == FEED


@pytest.mark.parametrize(
    ("coding", "content", "code"),
    [
        ("gzip", FEED, Why.CODING),
        ("gzip", GZIPPED[:-20], Why.LENGTH),
        ("gzip", GZIPPED[:-8] + bytes(8), Why.CODING),
        ("deflate", zlib.compress(FEED)[:-6], Why.LENGTH),
        ("deflate", b"\xff" * 50, Why.CODING),
        ("br", b"x", Why.CODING),
        ("gzip, gzip", gzip.compress(GZIPPED, mtime=0), Why.CODING),
    ],
)
def test_what_is_packed_badly_is_refused(coding: str, content: bytes, code: Why) -> None:
    assert refused(saying(content, content_encoding=coding)) is code


def test_a_packed_answer_without_content_is_empty() -> None:
    assert fetched(saying(b"", content_encoding="gzip")) == b""


@pytest.mark.parametrize(
    ("pieces", "code"),
    [
        ((HEAD, b"Content-Length: 10\r\n\r\n", b"short"), Why.LENGTH),
        ((HEAD, b"Content-Length: -1\r\n\r\n", b"feed"), Why.LENGTH),
        ((HEAD, b"Content-Length: 0x4\r\n\r\n", b"feed"), Why.LENGTH),
        ((HEAD, b"Content-Length: 4\r\nContent-Length: 5\r\n\r\n", b"feed!"), Why.LENGTH),
        ((HEAD, b"Content-Length: 99999999999999999999\r\n\r\n", b"feed"), Why.LENGTH),
        ((HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"4\r\nfe"), Why.LENGTH),
        ((HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"4\r\nfeed\r\n"), Why.LENGTH),
        ((HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"zz\r\nfeed\r\n0\r\n\r\n"), Why.LENGTH),
        ((HEAD, b"Transfer-Encoding: gzip, chunked\r\n\r\n", b"0\r\n\r\n"), Why.NOT_HTTP),
        ((b"HTTP/1.1 103 Early Hints\r\n\r\n", HEAD, b"\r\n"), Why.NOT_HTTP),
        ((b"HTTP/1.1 two hundred\r\n\r\n",), Why.NOT_HTTP),
        ((b"<html>an error</html>\r\n\r\n",), Why.NOT_HTTP),
        ((b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",), Why.NOT_HTTP),
        ((b"",), Why.BROKEN),
    ],
)
def test_what_is_no_whole_answer_is_refused(pieces: tuple[bytes, ...], code: Why) -> None:
    assert refused(sending(*pieces)) is code


@pytest.mark.parametrize(
    "pieces",
    [
        (HEAD, b"Content-Length: 4\r\n\r\n", b"feed and more"),
        (HEAD, b"Content-Length: 4\r\nContent-Length: 4\r\n\r\n", b"feed"),
        (HEAD, b"\r\n", b"feed"),
        (b"HTTP/1.0 200 OK\r\n\r\nfeed",),
        (HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"2\r\nfe\r\n2;x=y\r\ned\r\n0\r\n\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", HEAD, b"Content-Length: 4\r\n\r\n", b"feed"),
    ],
)
def test_what_is_whole_is_read(pieces: tuple[bytes, ...]) -> None:
    assert fetched(sending(*pieces)) == b"feed"
