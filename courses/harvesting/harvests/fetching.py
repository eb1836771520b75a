"""Fetching a source page by page into a folder: what did not change is not sent again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from math import inf
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

from academy.db import utcnow
from academy.outbound import Outbound, without_arguments
from courses.harvesting.draft import NotAFeed
from courses.harvesting.harvests.answers import (
    LONGEST_WAIT,
    Passing,
    answer_to,
    charset_of,
    check_is_a_page,
)
from courses.harvesting.harvests.asked import Asked, digest_of
from courses.harvesting.harvests.requesting import request_for
from courses.harvesting.harvests.robots import Robots

MOST_PAGES = 5_000
MOST_BYTES = 500_000_000
"""Of all pages: they lie in a folder until they are compared."""
OVER = ("404", "410")
AGAIN_AFTER = 5.0
"""Seconds before a page is asked for once more."""

MOST_FAILURES = 5
"""Pages, one after the other, that cannot be had just now: then the host is left alone."""

Tick = Callable[[int], None]
"""Called after each page with the number of pages so far; raises to end the reading."""


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
    repeated: Mapping[str, bool] = field(default_factory=dict)


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
    charset: str = ""
    following: list[str] = field(default_factory=list)
    asked_at: datetime = field(default_factory=utcnow)

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
    refused: NotAFeed | Passing | None = None
    """Why the first of them could not be read."""

    @property
    def whole(self) -> bool:
        """Tell whether every page was read."""
        return not self.left_out

    def leave_out(self, address: str, refused: NotAFeed | Passing, *, empty: bool = False) -> None:
        """Go on without a page; nothing is to be read there, or it is missing."""
        self.refused = self.refused or refused
        without = self.empty if empty else self.left_out
        if address not in (known for known, _code in without):
            without.append((address, refused.code))

    def check_was_read(self, any_records: bool) -> None:
        """Refuse a reading without records, if but for pages that lead on no page was read.

        Raises what the first page was refused with.
        """
        unread = {address for address, _code in (*self.left_out, *self.empty)}
        told = any(not page.following and page.address not in unread for page in self.pages)
        if self.refused and not any_records and not told:
            raise self.refused


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
    _failures: int = 0

    def gather(self, most: int = MOST_PAGES, until: float = inf) -> Gathered:
        """Fetch every page. The first must be readable; of the others each may fail alone.

        No more than `most`, and no other after the moment `until` of the steady clock.

        Raises NotAFeed, and Passing for what may succeed later.
        """
        asked = self.asked
        first = asked.page or asked.by.begin(asked.address, since=asked.since)
        waiting, met = [(0, 0, first)], {first.partition("#")[0]}
        if asked.by.crawls:
            self._robots = Robots(self.outbound)
        while waiting:
            if self._is_enough(most, until):
                self.gathered.left_out.append((waiting[0][2], "more-pages"))
                break
            found = self._take(heappop(waiting)[2])
            # Of a site, what short lists name comes first: long ones are perhaps never read whole.
            rank = len(found) if asked.by.crawls else 0
            for address in found:
                sent = address.partition("#")[0]
                if sent not in met and not asked.page:
                    met.add(sent)
                    heappush(waiting, (rank, len(met), address))
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
            if first or self._is_enough_of(refused):
                raise
            gone = refused.code == "robots" or refused.details.get("status") in OVER
            # A dead entry of a site map hides no other, a dead page of a list those after it.
            self.gathered.leave_out(address, refused, empty=gone and self._robots is not None)
            return []
        self._failures = 0
        self.gathered.pages.append(page)
        return page.following

    def _is_enough_of(self, refused: NotAFeed | Passing) -> bool:
        """Tell whether the host is to be left alone: it says so, or fails page after page."""
        if not isinstance(refused, Passing):
            self._failures = 0
            return False
        self._failures += 1
        return refused.of_all or self._failures >= MOST_FAILURES

    def _fetched_or_again(self, address: str) -> Page:
        """Fetch a page; one that cannot be had just now, once more a little later."""
        try:
            return self._fetched(address)
        except Passing as passing:
            if passing.of_all and not (passing.pause and passing.pause <= LONGEST_WAIT):
                raise
            wait = passing.pause.total_seconds() if passing.pause else AGAIN_AFTER
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
        answer = answer_to(request_for(self.asked, page), self.outbound)
        if answer.unchanged and page.known:
            page.following, page.content_digest = page.known.following, page.known.content_digest
            return page
        check_is_a_page(answer)
        page.charset = charset_of(answer)
        page.content_digest = digest_of(page.charset.encode() + b"\n" + answer.content)
        page.etag, page.last_modified = answer.etag, answer.last_modified
        feed = self.asked.feed(answer.content, address, page.charset)
        if page.known and not page.changed:
            page.following = page.known.following
        else:
            leads = self.asked.by.following(feed, address)
            # Servers write secret arguments into their links: they are not kept.
            page.following = [without_arguments(one, self.asked.arguments) for one in leads]
        if page.changed or self.asked.by.gathers:
            page.file = self.folder / str(len(self.gathered.pages))
            self.kept += page.file.write_bytes(answer.content)
        if self.asked.by.stated and not self.gathered.stated:
            self.gathered.stated = self.asked.by.stated(feed)
        return page
