"""The guarded door: every request that leaves the academy goes through here."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from academy.db import at_work
from academy.outbound.arguments import with_arguments, without_arguments
from academy.outbound.connecting import (
    Connect,
    Deadline,
    Network,
    Resolve,
    connected,
    connection_to,
    looked_up,
)
from academy.outbound.exchange import Message, Received, exchanged, is_value
from academy.outbound.pace import Pace
from academy.outbound.refusals import NotAllowed, NotFetched, Why
from academy.outbound.requests import FOR_ANYBODY, Answer, Request
from academy.outbound.targets import Target, redirected, target_of
from academy.outbound.unpacking import ACCEPTED
from academy.outbound.wire import Wire

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of everything a request may take, all its redirects together."""

    seconds: float = 30.0
    content: int = 10_000_000
    """Bytes, unpacked."""

    received: int = 20_000_000
    """Bytes of one answer as they come, with all that is around the content."""

    redirects: int = 5


@dataclass(frozen=True, slots=True)
class _Step:
    """One of the requests that redirects make of one."""

    target: Target
    trusted: bool = True
    """Whether every host so far was the one that was asked, and none less safe."""


@dataclass(frozen=True)
class Outbound:
    """Fetches from hosts that others name. One for a process: it remembers how often it asked."""

    agent: str
    """Who asks, and whom to write to: the User-Agent."""

    intranet: frozenset[str] = frozenset()
    """Hosts (with their port, unless it is the usual one) whose addresses may be private."""

    limits: Limits = field(default_factory=Limits)
    pace: Pace = field(default_factory=Pace)
    resolve: Resolve = looked_up
    connect: Connect = connected
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def fetch(self, request: Request) -> Answer:
        """Ask for something and follow its redirects; an answer of any status is an answer.

        Waits first when the host was asked often. Raises NotFetched, which has a code, and
        RuntimeError inside a unit of work, which must not wait for anybody.
        """
        if at_work():
            raise RuntimeError("nothing is fetched inside a unit of work")
        with _told():
            target = target_of(request.address, self.intranet)
            if not is_value(request.credentials):
                raise NotAllowed(Why.CREDENTIALS, target.host)
            wait = self.pace.take(target.host, now=self.clock())
            if wait:
                self.sleep(wait)
            return self._followed(_Step(_bare(target, request)), request)

    def _followed(self, step: _Step, request: Request) -> Answer:
        deadline = Deadline(self.clock() + self.limits.seconds, self.clock)
        for _ in range(self.limits.redirects + 1):
            with _naming(step.target.host):
                received = self._exchanged(step, request, deadline)
                if received.location is None:
                    address = step.target.address
                    return Answer(received.status, received.headers, received.content, address)
                step = self._led_on(step, received, request)
            self.pace.note(step.target.host, now=self.clock())
        raise NotAllowed(Why.REDIRECTS, step.target.host)

    def _exchanged(self, step: _Step, request: Request, deadline: Deadline) -> Received:
        headers = {"User-Agent": self.agent, **_headers(step, request)}
        arguments = request.arguments if step.trusted else {}
        path = with_arguments(step.target.path, arguments)
        message = Message(request.method, path, headers, request.content)
        network = Network(self.resolve, self.connect, self.tls)
        with connection_to(step.target, network, deadline) as connection:
            wire = Wire(connection, deadline, most=self.limits.received)
            return exchanged(wire, message, most=self.limits.content)

    def _led_on(self, step: _Step, received: Received, request: Request) -> _Step:
        """Take the next step, without what the next host must not know."""
        if request.method == "POST":
            raise NotAllowed(Why.REDIRECTED)
        target = redirected(step.target, received.location or "", self.intranet)
        trusted = step.trusted and target.keeps_secrets_of(step.target)
        return _Step(_bare(target, request), trusted)


def _headers(step: _Step, request: Request) -> dict[str, str]:
    """Write the headers of a step; validators that could not be sent are left out."""
    further = {
        name: value
        for name, value in request.headers.items()
        if step.trusted or name.lower() in FOR_ANYBODY
    }
    # A part of something packed cannot be unpacked.
    in_part = "range" in map(str.lower, further)
    told = {
        "Authorization": request.credentials if step.trusted else "",
        "If-None-Match": request.etag if is_value(request.etag) else "",
        "If-Modified-Since": request.last_modified if is_value(request.last_modified) else "",
        "Content-Length": str(len(request.content)) if request.method == "POST" else "",
    }
    always = {
        "Host": step.target.authority,
        "Accept-Encoding": "identity" if in_part else ACCEPTED,
        "Connection": "close",
    }
    return further | always | {name: value for name, value in told.items() if value}


def _bare(target: Target, request: Request) -> Target:
    """Take secret arguments out, which servers write into where they lead."""
    return replace(target, path=without_arguments(target.path, request.arguments))


@contextmanager
def _naming(host: str) -> Iterator[None]:
    """Say of which host a refusal is, where it does not say so."""
    try:
        yield
    except NotFetched as refusal:
        refusal.host = refusal.host or host
        raise


@contextmanager
def _told() -> Iterator[None]:
    """Log what was refused: host and code, and nothing else."""
    try:
        yield
    except NotFetched as refusal:
        about = {"host": refusal.host, "code": refusal.code.value}
        log.info("not fetched", extra={"about": about})
        raise
