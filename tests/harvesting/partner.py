"""A partner's web server on this machine, and sources that are read from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from flask import Flask
from sqlalchemy import select

from academy.db import db, unit_of_work
from academy.outbound import Outbound, Pace
from courses.harvesting.harvests import queue
from courses.harvesting.harvests.keeping import carry_out_next
from courses.harvesting.models import Harvest, HarvestState
from courses.harvesting.pipeline import Report
from courses.sources.models import Source, SourceState
from tests.making import NOW, make_institution


@dataclass
class Answer:
    """What the partner says at an address."""

    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    content: bytes


@dataclass
class Partner:
    """A server whose pages are set by tests; it knows ETags, and remembers what it was asked."""

    url: str = ""
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    etags: bool = True
    before: Callable[[Asked], None] | None = None
    """Called before each answer: tests stop the world there."""

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def say(self, path: str, content: bytes | str, **more: Any) -> str:
        """Set a page; gives its address. {site} stands for the address of the server."""
        text = content if isinstance(content, bytes) else content.encode()
        self.pages[path] = Answer(text.replace(b"{site}", self.url.encode()), **more)
        return self.url + path

    def paths(self) -> list[str]:
        """Give the paths that were asked for, in order."""
        return [one.path for one in self.asked]

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if self.before:
            self.before(asked)
        found = self.pages.get(asked.path) or self.pages.get(asked.path.partition("?")[0])
        if found is None:
            return Answer(b"Not here.", 404)
        etag = f'"{hashlib.sha256(found.content).hexdigest()[:16]}"'
        if not self.etags:
            return Answer(found.content, found.status, found.headers)
        if found.status == 200 and asked.headers.get("if-none-match") == etag:
            return Answer(b"", 304, {"ETag": etag})
        return Answer(found.content, found.status, {"ETag": etag, **found.headers})


class Handler(BaseHTTPRequestHandler):
    """Answers as the partner of its server says."""

    partner: Partner

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, self.rfile.read(length))
        answer = self.partner.answer(asked)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.content)

    do_GET = do_POST = do_HEAD = _handle  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def partner_serving() -> Iterator[Partner]:
    """Run a partner's server."""
    partner = Partner()

    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Of", (Handler,), {"partner": partner}))
    partner.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield partner
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def door_to(*partners: Partner) -> Outbound:
    """Make a guarded door that may ask these servers, as fast as it likes."""
    hosts = frozenset(one.host for one in partners)
    return Outbound("UrbanAcademy/1 (tests)", hosts, pace=Pace(per_second=1e6, burst=1e6))


def approved(address: str, adapter: str, *, institution: str = "river-school", **more: Any) -> int:
    """Make a source that a steward has approved; gives its key."""
    place = make_institution(institution).slug
    with unit_of_work():
        found = make_institution(place)
        made = Source(
            institution_id=found.id,
            name=more.pop("name", adapter),
            adapter=adapter,
            address=address,
            state=SourceState.APPROVED,
            added_at=NOW,
            changed_at=NOW,
            **more,
        )
        db.session.add(made)
        db.session.flush()
        return made.id


def forget_where_we_were(source_id: int) -> None:
    """Let the next reading be one of the whole source, although it tells what changed."""
    with unit_of_work():
        db.session.get_one(Source, source_id).whole_at = None


def ask(source_id: int, *, record: str = "", allowed: bool = False) -> int:
    """Ask for a reading of the source; gives its key."""
    with unit_of_work():
        source = db.session.get_one(Source, source_id)
        harvest = queue.ask(source, person=None, now=NOW, record=record)
        if allowed:
            of_it = select(Harvest).where(Harvest.source_id == source_id)
            held = db.session.scalars(of_it.where(Harvest.state == HarvestState.HELD)).all()[-1]
            harvest.allowed, harvest.details = True, {"held": held.reference}
        return harvest.id


def read(
    app: Flask, source_id: int, *partners: Partner, record: str = "", allowed: bool = False
) -> Harvest:
    """Ask for a reading, carry it out, and give what is kept of it."""
    wanted = ask(source_id, record=record, allowed=allowed)
    done = carry_out_next(door_to(*partners), app.config["SETTINGS"], stop=Event())
    assert done is not None
    assert done[0] == wanted
    db.session.expunge_all()
    harvest = db.session.get_one(Harvest, wanted)
    db.session.expunge(harvest)
    return harvest


def sums(harvest: Harvest | Report) -> tuple[int, int, int, int, int]:
    """Give what became of the records: read, added, updated, unchanged, rejected."""
    return (
        harvest.read,
        harvest.added,
        harvest.updated,
        harvest.unchanged,
        harvest.rejected,
    )


def later(moment: datetime, **ago: float) -> datetime:
    """Give a moment so much later."""
    return moment + timedelta(**ago)
