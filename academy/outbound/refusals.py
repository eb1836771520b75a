"""Why nothing was fetched: a code and a host, and nothing that could be a secret."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Why(StrEnum):
    """The codes, by which the sentences are found that people read."""

    NOT_AN_ADDRESS = "not-an-address"
    SCHEME = "scheme-refused"
    USER = "user-in-address"
    HOST = "host-refused"
    PORT = "port-refused"
    PRIVATE = "private-address"
    REDIRECTS = "too-many-redirects"
    REDIRECTED = "post-redirected"
    CREDENTIALS = "bad-credentials"

    UNKNOWN = "unknown-host"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "bad-certificate"
    INSECURE = "no-secure-connection"
    SLOW = "too-slow"
    BROKEN = "broken-off"

    NOT_HTTP = "not-http"
    LENGTH = "wrong-length"
    CODING = "bad-coding"
    LARGE = "too-large"

    SOON = "too-soon"


class NotFetched(Exception):
    """Nothing was fetched. `code` says why, `host` from where; both may be told to anybody."""

    passing: ClassVar[bool] = False
    """Whether the same request may succeed when it is made again later."""

    def __init__(self, code: Why, host: str = "") -> None:
        self.code = code
        self.host = host
        super().__init__(code.value)


class NotAllowed(NotFetched):
    """The address, or one that it leads to, is not asked."""


class NoAnswer(NotFetched):
    """The host was asked and did not answer, or not in time."""

    passing = True


class BadAnswer(NotFetched):
    """What the host sent is not what it should be, or too much of it."""


class TooSoon(NotFetched):
    """The host was asked often enough; `seconds` later it may be asked again."""

    passing = True

    def __init__(self, seconds: float, host: str) -> None:
        self.seconds = seconds
        super().__init__(Why.SOON, host)
