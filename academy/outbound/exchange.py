"""One request and its answer, over a connection that is open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPMessage, HTTPResponse, IncompleteRead
from typing import Any

from academy.outbound.refusals import BadAnswer, NoAnswer, Why
from academy.outbound.unpacking import AT_ONCE, Unpacker
from academy.outbound.wire import Wire

LARGEST_HEAD = 65_536
MOST_AROUND = 1_000_000
"""Bytes beside the content, and twice as many as it has: millions of tiny chunks take long."""

REDIRECTS = frozenset((301, 302, 303, 307, 308))
BARE = frozenset((204, 304))
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"[\x20-\x7e\t]{0,8000}")
_LENGTH = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(default=b"", repr=False)

    def written(self) -> bytes:
        """Write it as HTTP. Raises ValueError, without what it says, for a header that is none."""
        if not all(is_header(name, value) for name, value in self.headers.items()):
            raise ValueError("a header that cannot be sent")
        lines = [f"{self.method} {self.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join((*lines, "", "")).encode("ascii") + self.content


@dataclass(frozen=True, slots=True)
class Received:
    """What came: a redirect has a location and no content."""

    status: int
    headers: Mapping[str, str]
    location: str | None = None
    content: bytes = field(default=b"", repr=False)


def is_header(name: str, value: str) -> bool:
    """Whether this can be sent as a header, and as one header only."""
    return _TOKEN.fullmatch(name) is not None and is_value(value)


def is_value(text: str) -> bool:
    """Whether a text can be the value of a header: printable, and in ASCII."""
    return _VALUE.fullmatch(text) is not None


def exchanged(wire: Wire, message: Message, *, most: int) -> Received:
    """Send a request and read its answer, `most` bytes of unpacked content.

    Raises NoAnswer and BadAnswer.
    """
    wire.sendall(message.written())
    response = HTTPResponse(_socket(wire), method=message.method)
    room = wire.most
    wire.most = min(room, LARGEST_HEAD)
    try:
        response.begin()
        _check_head(response)
        wire.most += room - min(room, LARGEST_HEAD)
        return _received(response, message.method, wire, most)
    except IncompleteRead:
        raise BadAnswer(Why.LENGTH) from None
    except OSError:
        raise NoAnswer(Why.BROKEN) from None
    except (HTTPException, ValueError, OverflowError):
        raise BadAnswer(Why.NOT_HTTP) from None
    finally:
        response.close()


def _socket(wire: Wire) -> Any:
    """Hand the wire over as the socket that http.client expects; it wants a file of it only."""
    return wire


def _check_head(response: HTTPResponse) -> None:
    """Refuse what programs understand differently, or not at all."""
    told = response.headers.get_all("Transfer-Encoding") or []
    codings = [text.strip().lower() for text in told]
    if response.status < 200 or codings not in ([], ["chunked"], ["identity"]):
        raise BadAnswer(Why.NOT_HTTP)
    lengths = {text.strip() for text in response.headers.get_all("Content-Length") or []}
    if len(lengths) > 1 or not all(_LENGTH.fullmatch(text) for text in lengths):
        raise BadAnswer(Why.LENGTH)


def _received(response: HTTPResponse, method: str, wire: Wire, most: int) -> Received:
    headers = dict(_readable(response.headers))
    location = response.headers.get("Location")
    if response.status in REDIRECTS and location is not None:
        return Received(response.status, headers, location)
    if method == "HEAD" or response.status in BARE:
        return Received(response.status, headers)
    return Received(response.status, headers, content=_content(response, wire, most))


def _readable(headers: HTTPMessage) -> Iterator[tuple[str, str]]:
    """Give names in small letters and values that are clean; what is said twice, in one line."""
    for name in dict.fromkeys(name.lower() for name in headers):
        value = ", ".join(text.strip() for text in headers.get_all(name) or [])
        if _TOKEN.fullmatch(name) and not re.search(r"[\x00-\x1f\x7f-\x9f]", value):
            yield name, value


def _content(response: HTTPResponse, wire: Wire, most: int) -> bytes:
    announced = None if response.chunked else response.headers.get("Content-Length")
    if announced is not None and int(announced) > most:
        raise BadAnswer(Why.LARGE)
    unpacker = Unpacker(response.headers.get("Content-Encoding", "").strip().lower(), most=most)
    count = 0
    while piece := response.read(AT_ONCE):
        count += len(piece)
        unpacker.add(piece)
        if wire.received > MOST_AROUND + 3 * count:
            raise BadAnswer(Why.LARGE)
    if announced is not None and count != int(announced):
        raise BadAnswer(Why.LENGTH)
    return unpacker.whole()
