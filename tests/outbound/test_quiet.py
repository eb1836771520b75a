"""What is told of a refusal: a code and a host, never what could open a door."""

from __future__ import annotations

import logging
import traceback
from itertools import pairwise

import pytest
from flask import Flask

from academy.db import unit_of_work
from academy.outbound import BadAnswer, NoAnswer, NotAllowed, NotFetched, Request, TooSoon, Why
from tests.outbound.answering import Net, Reply, door, hosting, leading, saying, sending

SECRET = "s3cr3t"
REPLIES = {
    "address": leading(f"http://127.0.0.1/{SECRET}?token={SECRET}"),
    "scheme": leading(f"ftp://{SECRET}@example.org/{SECRET}"),
    "user": leading(f"http://{SECRET}:{SECRET}@example.org/"),
    "no answer": sending(f"{SECRET} {SECRET}\r\n\r\n".encode()),
    "length": saying(SECRET.encode(), content_length=SECRET),
    "coding": saying(SECRET.encode(), content_encoding=SECRET),
    "nothing": sending(b""),
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=list(REPLIES))
def test_no_secret_is_in_a_refusal_or_in_the_log(
    reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with hosting(reply) as host:
        request = Request(f"{host.url}/{SECRET}?wstoken={SECRET}", credentials=f"Bearer {SECRET}")
        with pytest.raises(NotFetched) as refusal:
            door(host).fetch(request)
    trace = traceback.format_exception(refusal.value)
    assert SECRET not in "".join(trace)
    assert SECRET not in repr(request) + repr(vars(refusal.value))
    [record] = caplog.records
    about = {"host": refusal.value.host, "code": refusal.value.code}
    assert (record.getMessage(), vars(record)["about"]) == ("not fetched", about)


@pytest.mark.parametrize("credentials", [f"Bearer {SECRET}\r\nX-Evil: 1", f"Bearer {SECRET}é"])
def test_credentials_that_cannot_be_sent_are_refused_without_saying_them(credentials: str) -> None:
    with hosting(saying()) as host:
        with pytest.raises(NotAllowed) as refusal:
            door(host).fetch(Request(host.url, credentials=credentials))
        assert host.asked == []
    assert refusal.value.code is Why.CREDENTIALS
    assert SECRET not in str(refusal.value)


def test_a_refusal_says_whether_to_try_again() -> None:
    kinds = {kind: kind.passing for kind in (NotAllowed, BadAnswer, NoAnswer, TooSoon)}
    assert list(kinds.values()) == [False, False, True, True]


def test_nothing_is_fetched_inside_a_unit_of_work(app: Flask) -> None:
    with hosting(saying(b"feed")) as host, app.app_context():
        outbound = door(host)
        with unit_of_work(), pytest.raises(RuntimeError, match="unit of work"):
            outbound.fetch(Request(host.url))
        assert host.asked == []
        assert outbound.fetch(Request(host.url)).content == b"feed"


def test_every_code_is_written_as_a_name() -> None:
    codes = sorted(Why)
    assert all(before != after for before, after in pairwise(codes))
    assert [code for code in codes if not code.replace("-", "").isalpha()] == []


def test_a_name_that_cannot_be_looked_up_is_no_fault_of_ours() -> None:
    def resolve(_name: str, _port: int) -> list[str]:
        raise UnicodeError("label too long")

    with pytest.raises(NoAnswer) as refusal:
        Net({}).door(resolve=resolve).fetch(Request("http://feeds.example.org/"))
    assert refusal.value.code is Why.UNKNOWN
