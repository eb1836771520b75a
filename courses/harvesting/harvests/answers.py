"""What a host says when it is asked: an answer, a refusal, or that it may be asked later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from academy.db import utcnow
from academy.outbound import Answer, NotFetched, Outbound, Request, TooSoon, Why
from courses.harvesting.draft import NotAFeed

LATER = frozenset((408, 425, 429, 500, 502, 503, 504))
LONGEST_WAIT = timedelta(seconds=30)
"""How long one reading waits for a page; a host that wants more is left alone."""

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.ASCII | re.IGNORECASE)


class Passing(Exception):
    """The source does not answer now, and may later; `pause` is what it asks for."""

    def __init__(self, code: str, details: Mapping[str, str], pause: timedelta | None) -> None:
        self.code, self.details, self.pause = code, details, pause
        super().__init__(code)

    @property
    def of_all(self) -> bool:
        """Tell whether the host wants to be left alone, and not this page only."""
        too_often = str(HTTPStatus.TOO_MANY_REQUESTS.value) == self.details.get("status")
        return self.code == Why.SOON or too_often or (self.pause or timedelta(0)) > LONGEST_WAIT


def answer_to(request: Request, outbound: Outbound) -> Answer:
    """Ask, and give the answer, whatever it is.

    Raises NotAFeed where there is none, and Passing where there may be another one later.
    """
    try:
        answer = outbound.fetch(request)
    except TooSoon as soon:
        raise Passing(soon.code, {"host": soon.host}, timedelta(seconds=soon.seconds)) from None
    except NotFetched as refused:
        limit = outbound.limits.content // 1_000_000
        details = {"host": refused.host, "limit": str(limit)}
        if refused.passing:
            raise Passing(refused.code, details, None) from None
        raise NotAFeed(refused.code, **details) from None
    if answer.status in LATER:
        raise Passing("http-status", _status(answer), answer.pause(utcnow()))
    return answer


def check_is_a_page(answer: Answer) -> None:
    """Raise NotAFeed for an answer that is no page."""
    if answer.status != HTTPStatus.OK:
        raise NotAFeed("http-status", **_status(answer))


def _status(answer: Answer) -> dict[str, str]:
    return {"status": str(answer.status), "host": urlsplit(answer.address).hostname or ""}


def charset_of(answer: Answer) -> str:
    """Give the encoding that an answer says it has, in small letters; empty where it says none."""
    said = _CHARSET.search(answer.headers.get("content-type", ""))
    return said[1].lower() if said else ""
