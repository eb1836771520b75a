"""Fetching a source page by page into a folder: what did not change is not sent again."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from math import inf
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

from academy.db import utcnow
from academy.outbound import Answer, NotFetched, Outbound, TooSoon, Why
from courses.harvesting.adapting import ADAPTERS, Adapter
from courses.harvesting.draft import Feed, NotAFeed
from courses.harvesting.harvests.requesting import request_for
from courses.harvesting.harvests.robots import Robots

MOST_PAGES = 5_000
MOST_BYTES = 500_000_000
"""Of all pages: they lie in a folder until they are compared."""
LATER = frozenset((408, 425, 429, 500, 502, 503, 504))
OVER = ("404", "410")
AGAIN_AFTER, LONGEST_WAIT = 5.0, 30.0
"""Seconds before a page is asked for once more; a host that wants more is not asked again."""

VERSION = "1"
"""How pages are read: with another one they are read again, although they did not change."""

Tick = Callable[[int], None]
"""Called after each page with the number of pages so far; raises to end the reading."""


class Passing(Exception):
    """The source does not answer now, and may later; `pause` is what it asks for."""

    def __init__(self, code: str, details: Mapping[str, str], pause: timedelta | None) -> None:
        self.code, self.details, self.pause = code, details, pause
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Known:
    """What a page said of itself when it was last read."""

    id: int
    etag: str
    last_modified: str
    content_digest: str
    following: list[str]
    rejected: int = 0
    refused: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A source as it is read, free of the session it came from. Its secrets are not shown."""

    adapter: str
    address: str
    since: datetime | None = None
    columns: Mapping[str, list[str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"
    credentials: str = field(default="", repr=False)
    arguments: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Secrets that are sent as arguments of a form."""

    page: str = ""
    """The one page that is read, where the source said that it changed."""

    @property
    def by(self) -> Adapter:
        """The adapter."""
        return ADAPTERS[self.adapter]

    def digest_of(self, address: str) -> str:
        """Name a page, and how it is read: read in another way it is another page."""
        how = (VERSION, self.adapter, self.zone, sorted(self.columns.items()))
        return _digest(repr((address, how, sorted(self.defaults.items()))).encode())

    def feed(self, content: bytes, address: str) -> Feed:
        """Make what an adapter reads."""
        return Feed(content, self.columns, self.defaults, self.zone, address)


@dataclass
class Page:
    """A page as it was found, and the file it is kept in, if there is something to read in it."""

    address: str
    digest: str
    known: Known | None
    file: Path | None = None
    etag: str = ""
    last_modified: str = ""
    content_digest: str = ""
    following: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Tell whether it says something new."""
        return self.known is None or self.content_digest != self.known.content_digest


@dataclass
class Gathered:
    """All pages of a reading; whole when none was left out."""

    pages: list[Page] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    """Addresses that were not read, and the code of why."""

    empty: list[tuple[str, str]] = field(default_factory=list)
    """Addresses of a site where nothing is to be read, and the code of why."""

    stated: datetime | None = None

    @property
    def whole(self) -> bool:
        """Tell whether every page was read."""
        return not self.left_out


@dataclass
class Gathering:
    """Goes through the pages of a source, each once."""

    asked: Asked
    outbound: Outbound
    folder: Path
    known: Mapping[str, Known]
    tick: Tick
    gathered: Gathered = field(default_factory=Gathered)
    kept: int = 0
    _robots: Robots | None = None

    def gather(self, most: int = MOST_PAGES, until: float = inf) -> Gathered:
        """Fetch every page. The first must be readable; of the others each may fail alone.

        No more than `most`, and no other after the moment `until` of the steady clock.

        Raises NotAFeed, and Passing for what may succeed later.
        """
        asked = self.asked
        first = asked.page or asked.by.begin(asked.address, since=asked.since)
        waiting, met = deque([first]), {first}
        if asked.by.crawls:
            self._robots = Robots(self.outbound)
        while waiting:
            if self._is_enough(most, until):
                self.gathered.left_out.append((waiting[0], "more-pages"))
                break
            for address in self._take(waiting.popleft()):
                if address not in met and not asked.page:
                    met.add(address)
                    waiting.append(address)
            self.tick(len(self.gathered.pages))
        return self.gathered

    def _is_enough(self, most: int, until: float) -> bool:
        too_many = len(self.gathered.pages) >= most or self.kept > MOST_BYTES
        return too_many or monotonic() > until

    def _take(self, address: str) -> list[str]:
        """Fetch a page and keep it; gives the pages it leads to."""
        first = not self.gathered.pages
        try:
            page = self._fetched(address) if first else self._fetched_or_again(address)
        except (NotAFeed, Passing) as refused:
            if first or refused.code == Why.SOON:
                raise
            gone = refused.code == "robots" or refused.details.get("status") in OVER
            # A dead entry of a site map hides no other, a dead page of a list those after it.
            without = self.gathered.empty if gone and self._robots else self.gathered.left_out
            without.append((address, refused.code))
            return []
        self.gathered.pages.append(page)
        return page.following

    def _fetched_or_again(self, address: str) -> Page:
        """Fetch a page; one that cannot be had just now, once more a little later."""
        try:
            return self._fetched(address)
        except Passing as passing:
            wait = passing.pause.total_seconds() if passing.pause else AGAIN_AFTER
            if wait > LONGEST_WAIT:
                raise
        until = monotonic() + wait
        while (left := until - monotonic()) > 0:
            self.tick(len(self.gathered.pages))
            sleep(min(left, 1.0))
        return self._fetched(address)

    def _fetched(self, address: str) -> Page:
        if self._robots and not self._robots.allow(address):
            raise NotAFeed("robots", host=urlsplit(address).hostname or "")
        digest = self.asked.digest_of(address)
        page = Page(address, digest, self.known.get(digest))
        answer = self._answer(page)
        if answer.unchanged and page.known:
            page.following, page.content_digest = page.known.following, page.known.content_digest
            return page
        self._check(answer)
        page.content_digest = _digest(answer.content)
        page.etag, page.last_modified = answer.etag, answer.last_modified
        feed = self.asked.feed(answer.content, address)
        if page.known and not page.changed:
            page.following = page.known.following
        else:
            page.following = self.asked.by.following(feed, address)
        if page.changed or self.asked.by.gathers:
            page.file = self.folder / str(len(self.gathered.pages))
            self.kept += page.file.write_bytes(answer.content)
        if self.asked.by.stated and not self.gathered.stated:
            self.gathered.stated = self.asked.by.stated(feed)
        return page

    def _answer(self, page: Page) -> Answer:
        try:
            return self.outbound.fetch(request_for(self.asked, page))
        except TooSoon as soon:
            raise Passing(soon.code, {"host": soon.host}, timedelta(seconds=soon.seconds)) from None
        except NotFetched as refused:
            limit = self.outbound.limits.content // 1_000_000
            details = {"host": refused.host, "limit": str(limit)}
            if refused.passing:
                raise Passing(refused.code, details, None) from None
            raise NotAFeed(refused.code, **details) from None

    def _check(self, answer: Answer) -> None:
        """Refuse what is no page; where that may help, it is asked for again later."""
        if answer.status == HTTPStatus.OK:
            return
        host = urlsplit(answer.address).hostname or ""
        details = {"status": str(answer.status), "host": host}
        if answer.status in LATER:
            raise Passing("http-status", details, answer.pause(utcnow()))
        raise NotAFeed("http-status", **details)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
