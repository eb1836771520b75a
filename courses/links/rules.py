"""What an answer of a link means, and what becomes of the link: three strikes, on three days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import SplitResult, urlsplit

from academy.outbound import Answer, NotAllowed, NotFetched, Why
from courses.links.models import Answered

STRIKES = 3
EVERY, NEXT_DAY = timedelta(days=7), timedelta(days=1)
SOONEST = timedelta(hours=1)
STRIKES_DAILY = 14
"""After so many strikes it is looked at each week again: hardly anybody comes back by then."""

FRONT = "led-to-front"
NOT_FOUND = "led-to-not-found"
SIGN_IN = "sign-in-page"

_LATER = frozenset((408, 425, 429, 503))
_SIGN_IN = frozenset((401, 402, 403, 407))
_GONE = frozenset((404, 410))
_THERE = frozenset((304, 416))
_OUR_SIDE = frozenset((Why.UNKNOWN, Why.UNREACHABLE, Why.SLOW))
_NOT_THERE = frozenset((*_OUR_SIDE, Why.CERTIFICATE, Why.INSECURE, Why.BROKEN, Why.NOT_HTTP))
_ASKS_TO_SIGN_IN = re.compile(
    r"(?:^|[/._-])(?:log-?in|sign-?in|auth|oauth2?|openid|sso|saml2?|cas|shibboleth|idp|wayf"
    r"|anmelden|anmeldung|connexion|acceder|iniciar-sesion|entrar)(?:[/._-]|$)",
    re.IGNORECASE,
)
_SAYS_NOT_FOUND = re.compile(r"/(?:404|(?:page-?)?not-?found|error-?404)(?:[./]|$)", re.I)
_FRONT = re.compile(
    r"/?(?:[a-z]{2}(?:[-_][a-z]{2,4})?/?)?(?:(?:index|default|home|start)(?:\.\w{2,5})?/?)?",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means; with `pause`, how long its host wants to be left alone."""

    answered: Answered
    reason: str
    pause: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a link stands: its strikes, the day of the last, and when it is looked at again."""

    strikes: int
    struck_on: date | None
    due_at: datetime

    @property
    def broken(self) -> bool:
        """Whether nobody should be sent there."""
        return self.strikes >= STRIKES


def may_be_checked(address: str) -> bool:
    """Tell whether somebody may be there at all: names for samples (RFC 2606) lead nowhere."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return True
    return _RESERVED.search(host) is None


def is_worth_a_page(answer: Answer) -> bool:
    """Tell whether to ask for the page itself: programs often know no HEAD, or forbid it."""
    return answer.status >= 400 and answer.status not in {401, *_LATER}


def judged(asked: str, answer: Answer, now: datetime) -> Verdict:
    """Say what an answer means."""
    status = str(answer.status)
    if answer.status in _LATER:
        return Verdict(Answered.LATER, status, answer.pause(now))
    if answer.status in _SIGN_IN:
        return Verdict(Answered.SIGN_IN, status)
    if answer.status in _GONE or answer.status >= 500:
        return Verdict(Answered.STRIKE, status)
    if answer.status < 400 or answer.status in _THERE:
        return _arrived(asked, answer.address, status)
    # Programs are told something else than people: nothing was learnt.
    return Verdict(Answered.LATER, status, EVERY)


def judged_failure(failure: NotFetched) -> Verdict:
    """Say what it means that there was no answer."""
    if failure.code in _NOT_THERE or failure.code is Why.REDIRECTS:
        return Verdict(Answered.STRIKE, failure.code)
    if isinstance(failure, NotAllowed):
        # It is our rule that forbids it, and says nothing of what people find there.
        return Verdict(Answered.LATER, failure.code, EVERY)
    return Verdict(Answered.FINE, failure.code)


def is_perhaps_ours(verdict: Verdict) -> bool:
    """Tell whether it may be our own way to the internet that is closed."""
    return verdict.answered is Answered.STRIKE and verdict.reason in _OUR_SIDE


def put_off(verdict: Verdict) -> Verdict:
    """Say of an answer that may be our own fault that it says nothing, and others come first."""
    return Verdict(Answered.LATER, verdict.reason, SOONEST)


def standing(verdict: Verdict, strikes: int, struck_on: date | None, *, now: datetime) -> Standing:
    """Say how a link stands after an answer. A day counts once; a good answer forgives all."""
    if verdict.answered is Answered.LATER:
        pause = NEXT_DAY if verdict.pause is None else max(verdict.pause, SOONEST)
        return Standing(strikes, struck_on, now + pause)
    if verdict.answered is not Answered.STRIKE:
        return Standing(0, None, now + EVERY)
    strikes += struck_on != now.date()
    again = NEXT_DAY if strikes < STRIKES_DAILY else EVERY
    return Standing(strikes, now.date(), now + again)


def _arrived(asked: str, came_to: str, status: str) -> Verdict:
    """Judge an answer by where it came from in the end."""
    wanted, found = urlsplit(asked), urlsplit(came_to)
    if _place(wanted) == _place(found):
        return Verdict(Answered.FINE, status)
    if _asks_to_sign_in(found) and not _asks_to_sign_in(wanted):
        return Verdict(Answered.SIGN_IN, SIGN_IN)
    if _SAYS_NOT_FOUND.search(found.path):
        return Verdict(Answered.STRIKE, NOT_FOUND)
    if _is_front(found) and not _is_front(wanted):
        return Verdict(Answered.STRIKE, FRONT)
    return Verdict(Answered.FINE, status)


def _place(address: SplitResult) -> tuple[str, str, str]:
    host = (address.hostname or "").removeprefix("www.")
    return host, address.path.rstrip("/"), address.query


def _asks_to_sign_in(address: SplitResult) -> bool:
    host = (address.hostname or "").partition(".")[0]
    return bool(_ASKS_TO_SIGN_IN.search(f"{host}{address.path}"))


def _is_front(address: SplitResult) -> bool:
    return not address.query and _FRONT.fullmatch(address.path) is not None
