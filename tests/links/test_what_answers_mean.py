"""What an answer of a link means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from academy.outbound import Answer, BadAnswer, NoAnswer, NotAllowed, NotFetched, Why
from courses.links.models import Answered
from courses.links.rules import (
    FRONT,
    NOT_FOUND,
    SIGN_IN,
    Verdict,
    is_worth_a_page,
    judged,
    judged_failure,
    may_be_checked,
    standing,
)
from courses.links.sentences import why_broken
from tests.links.links_kept import BUSY, DAY, FINE, GONE, MONDAY

ASKED = "https://school.city/courses/water?id=7"


def answer(status: int, address: str = ASKED, **headers: str) -> Answer:
    return Answer(status, headers, b"", address)


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        (200, Answered.FINE),
        (206, Answered.FINE),
        (304, Answered.FINE),
        (416, Answered.FINE),
        (401, Answered.SIGN_IN),
        (403, Answered.SIGN_IN),
        (429, Answered.LATER),
        (503, Answered.LATER),
        (408, Answered.LATER),
        (451, Answered.LATER),
        (404, Answered.STRIKE),
        (410, Answered.STRIKE),
        (500, Answered.STRIKE),
        (502, Answered.STRIKE),
    ],
)
def test_what_a_status_means(status: int, meant: Answered) -> None:
    assert judged(ASKED, answer(status), MONDAY).answered is meant


@pytest.mark.parametrize(
    ("asked", "came_to", "meant", "reason"),
    [
        (ASKED, "https://www.school.city/courses/water?id=7", Answered.FINE, "200"),
        (ASKED, "https://school.city/learn/water", Answered.FINE, "200"),
        (ASKED, "https://school.city/login?next=/courses/water", Answered.SIGN_IN, SIGN_IN),
        (ASKED, "https://login.school.city/", Answered.SIGN_IN, SIGN_IN),
        (ASKED, "https://idp.uni.city/saml2/start", Answered.SIGN_IN, SIGN_IN),
        (ASKED, "https://school.city/", Answered.STRIKE, FRONT),
        (ASKED, "https://school.city", Answered.STRIKE, FRONT),
        (ASKED, "https://school.city/en/", Answered.STRIKE, FRONT),
        (ASKED, "https://school.city/index.php", Answered.STRIKE, FRONT),
        (ASKED, "https://parked.city/", Answered.STRIKE, FRONT),
        (ASKED, "https://school.city/404.html", Answered.STRIKE, NOT_FOUND),
        (ASKED, "https://school.city/errors/not-found", Answered.STRIKE, NOT_FOUND),
        (ASKED, "https://school.city/casino-course", Answered.FINE, "200"),
        (ASKED, "https://school.city/authors", Answered.FINE, "200"),
        ("https://school.city/", "https://school.city/en/", Answered.FINE, "200"),
        ("https://school.city", "https://school.city/home", Answered.FINE, "200"),
        ("https://school.city/?p=7", "https://school.city/", Answered.STRIKE, FRONT),
        ("https://school.city/login/7", "https://school.city/login", Answered.FINE, "200"),
    ],
)
def test_where_an_answer_comes_from_tells_too(
    asked: str, came_to: str, meant: Answered, reason: str
) -> None:
    found = judged(asked, answer(200, came_to), MONDAY)
    assert (found.answered, found.reason) == (meant, reason)


@pytest.mark.parametrize(
    ("failure", "meant"),
    [
        (NoAnswer(Why.UNKNOWN), Answered.STRIKE),
        (NoAnswer(Why.UNREACHABLE), Answered.STRIKE),
        (NoAnswer(Why.CERTIFICATE), Answered.STRIKE),
        (NoAnswer(Why.INSECURE), Answered.STRIKE),
        (NoAnswer(Why.SLOW), Answered.STRIKE),
        (NoAnswer(Why.BROKEN), Answered.STRIKE),
        (BadAnswer(Why.NOT_HTTP), Answered.STRIKE),
        (NotAllowed(Why.REDIRECTS), Answered.STRIKE),
        (NotAllowed(Why.PRIVATE), Answered.LATER),
        (NotAllowed(Why.PORT), Answered.LATER),
        (BadAnswer(Why.LARGE), Answered.FINE),
        (BadAnswer(Why.LENGTH), Answered.FINE),
    ],
)
def test_what_no_answer_means(failure: NotFetched, meant: Answered) -> None:
    found = judged_failure(failure)
    assert (found.answered, found.reason) == (meant, failure.code.value)


@pytest.mark.parametrize(
    ("status", "asked_again"),
    [(200, False), (302, False), (401, False), (429, False), (503, False)]
    + [(status, True) for status in (400, 403, 404, 405, 410, 500, 501)],
)
def test_who_refuses_a_head_is_asked_for_the_page(status: int, asked_again: bool) -> None:
    assert is_worth_a_page(answer(status)) is asked_again


@pytest.mark.parametrize(
    ("strikes", "last_day", "verdict", "then", "due_in"),
    [
        (0, None, FINE, 0, timedelta(days=7)),
        (0, None, GONE, 1, DAY),
        (1, -1, GONE, 2, DAY),
        (1, 0, GONE, 1, DAY),
        (2, -1, GONE, 3, DAY),
        (13, -1, GONE, 14, timedelta(days=7)),
        (2, -1, FINE, 0, timedelta(days=7)),
        (9, -1, Verdict(Answered.SIGN_IN, "401"), 0, timedelta(days=7)),
        (2, -1, BUSY, 2, DAY),
        (2, -1, Verdict(Answered.LATER, "429", timedelta(hours=5)), 2, timedelta(hours=5)),
        (2, -1, Verdict(Answered.LATER, "429", timedelta(seconds=1)), 2, timedelta(hours=1)),
    ],
)
def test_how_a_link_stands_after_an_answer(
    strikes: int, last_day: int | None, verdict: Verdict, then: int, due_in: timedelta
) -> None:
    struck_on = None if last_day is None else (MONDAY + last_day * DAY).date()
    after = standing(verdict, strikes, struck_on, now=MONDAY)
    assert (after.strikes, after.due_at, after.broken) == (then, MONDAY + due_in, then >= 3)


def test_who_asks_to_be_left_alone_is() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    busy = Answer(429, {"retry-after": "7200"}, b"", ASKED)
    assert judged(ASKED, busy, now) == Verdict(Answered.LATER, "429", timedelta(hours=2))


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://school.city/water", True),
        ("https://example.org/water", False),
        ("https://www.example.com/", False),
        ("http://school.example:8080/", False),
        ("http://localhost/", False),
        ("https://notexample.org/", True),
        ("http://[::1/", True),
    ],
)
def test_names_for_samples_lead_nowhere(address: str, may: bool) -> None:
    assert may_be_checked(address) is may


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("404", "The page is not found there."),
        ("502", "The site answers with an error (502)."),
        (FRONT, "It leads to the front page of the site instead."),
        ("bad-certificate", "The certificate of the site is not valid."),
        ("from another time", "The page does not open."),
    ],
)
def test_why_a_link_is_broken_is_said_in_words(app: object, reason: str, sentence: str) -> None:
    assert app
    assert why_broken(reason) == sentence
