"""What is counted once it is known what it was: wrong tokens, messages by who signed them."""

from __future__ import annotations

from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse
from werkzeug.exceptions import TooManyRequests

from academy.security import limiter

_WRONG_BEARERS = parse("20 per 5 minutes")
_MESSAGES = parse("300 per minute")


def count_wrong_bearer() -> None:
    """Count an API token that opens nothing against the place it came from.

    Right ones pass from there all the same: nobody is locked out by a neighbour, and a secret of
    256 bits is not found by trying. Raises TooManyRequests.
    """
    _count(_WRONG_BEARERS, "bearer", get_remote_address())


def count_unsigned() -> None:
    """Count a message that nobody signed against the place it came from; signed ones pass.

    Raises TooManyRequests.
    """
    _count(_MESSAGES, "unsigned", get_remote_address())


def count_signed(source: str) -> None:
    """Count a message against the source that signed it, wherever it came from.

    Raises TooManyRequests.
    """
    _count(_MESSAGES, "signed", source)


def _count(limit: RateLimitItem, what: str, whose: str) -> None:
    if limiter.enabled and not limiter.limiter.hit(limit, what, whose):
        raise TooManyRequests(retry_after=limit.get_expiry())
