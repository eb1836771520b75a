"""What is asked for, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from academy.outbound.exchange import is_header

OURS = frozenset(
    (
        *("accept-encoding", "authorization", "connection", "content-length", "cookie", "expect"),
        *("host", "if-modified-since", "if-none-match", "te", "transfer-encoding", "upgrade"),
        *("user-agent", "proxy-authorization", "proxy-connection"),
    )
)
"""Headers that nobody sets but the door itself."""

FOR_ANYBODY = frozenset(("accept", "accept-language", "range"))
"""What other hosts are told, too, when a redirect leads there."""

LONGEST_VALIDATOR = 500
LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to fetch. Addresses may hold keys: they are not shown either."""

    address: str = field(repr=False)
    method: Literal["GET", "HEAD", "POST"] = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Further ones; but for FOR_ANYBODY, to the host of `address` only."""

    content: bytes = field(default=b"", repr=False)
    credentials: str = field(default="", repr=False)
    """The whole value of the Authorization header; goes to the host of `address` only."""

    arguments: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Secret arguments: they are added to the address for the host of `address` only."""

    etag: str = ""
    last_modified: str = ""
    """What the last answer said of itself: unless it has changed, the answer is 304."""

    def __post_init__(self) -> None:
        if OURS & {name.lower() for name in self.headers}:
            raise ValueError("a header that the door sets itself")
        if not all(is_header(name, value) for name, value in self.headers.items()):
            raise ValueError("a header that cannot be sent")
        if self.content and self.method != "POST":
            raise ValueError("content is sent by POST only")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host said in the end, whatever its status."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """By names in small letters."""

    content: bytes = field(repr=False)
    address: str = field(repr=False)
    """Where it came from, after all redirects; without secret arguments."""

    @property
    def unchanged(self) -> bool:
        """Whether there is nothing new."""
        return self.status == 304

    @property
    def etag(self) -> str:
        """What to ask with next time."""
        return self._validator("etag")

    @property
    def last_modified(self) -> str:
        """What to ask with next time, where there is no ETag."""
        return self._validator("last-modified")

    def _validator(self, name: str) -> str:
        value = self.headers.get(name, "")
        return value if len(value) <= LONGEST_VALIDATOR else ""

    def pause(self, now: datetime) -> timedelta | None:
        """Tell how long the host wants to be left alone (Retry-After); a day at most."""
        told = self.headers.get("retry-after", "")
        if told.isascii() and told.isdecimal():
            return min(timedelta(seconds=int(told[:9])), LONGEST_PAUSE)
        try:
            until = parsedate_to_datetime(told)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(timedelta(0), min(until - now, LONGEST_PAUSE))
