"""A tour of the academy: everybody follows every way they are offered; what they meet is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from tests.browsing import Browser
from tests.journeys.pages import OPEN_TO_ALL, SIGNED_IN
from tests.web.crawling import crawl, endpoint, ways

VISITOR = "visitor"
WHO = (VISITOR, "learner", "facilitator", "owner", "steward")
"""Who goes round: somebody without an account, and the demonstration's accounts."""

START, OF_A_KIND = "/en/", 3
BEHIND_A_BUTTON = {"privacy.erased": "/en/erased"}
ALIKE_FOR_NOBODY = ("courses.home", "courses.offer")
"""Pages for everybody that say more to who is signed in."""


@dataclass
class Tour:
    """What each met, by address; and the addresses that only mails know, by route."""

    app: Flask
    password: str
    by_mail: dict[str, str]
    met: dict[str, dict[str, TestResponse]] = field(default_factory=dict)

    def go(self) -> None:
        """Let everybody follow the ways within English, some of each kind."""
        for who in WHO:
            self.met[who] = dict(crawl(self.app, self.browser(who), START, within=START, most=3))

    def browser(self, who: str) -> Browser:
        """Open somebody's browser, signed in."""
        browser = Browser(self.app)
        if who != VISITOR:
            answer = browser.sign_in(f"{who}@sample.example", self.password)
            assert answer.status_code == 303, who
        return browser

    def route(self, address: str) -> str:
        """Name the route of an address."""
        return endpoint(self.app, urlsplit(address).path)

    def pages(self) -> dict[str, list[str]]:
        """Give everybody pages to look at: each kind of page once, by the first who sees it."""
        looked_at: set[str] = set()
        found = {who: self._pages_of(who, looked_at) for who in WHO}
        found[VISITOR] += [*self.by_mail.values(), *BEHIND_A_BUTTON.values()]
        found[VISITOR] += self._unmet(OPEN_TO_ALL, looked_at)
        found["learner"] += self._unmet(SIGNED_IN, looked_at)
        return found

    def elsewhere(self, who: str) -> list[str]:
        """Give ways that leave English: to other languages, files, programs; one of each kind."""
        found: dict[tuple[str, str], str] = {}
        for address, answer in self.met[who].items():
            for way in ways(address, answer.text if answer.mimetype == "text/html" else ""):
                if not way.startswith(START):
                    found.setdefault((self.route(way), way.split("/")[1]), way)
        return list(found.values())

    def _pages_of(self, who: str, looked_at: set[str]) -> list[str]:
        pages = []
        for address, answer in self.met[who].items():
            kind = self.route(address)
            new = kind not in looked_at or (who == "learner" and kind in ALIKE_FOR_NOBODY)
            if new and answer.status_code == 200 and answer.mimetype == "text/html":
                looked_at.add(kind)
                pages.append(address)
        return pages

    def _unmet(self, known: dict[str, list[str]], looked_at: set[str]) -> list[str]:
        return [f"{START}{paths[0]}" for name, paths in known.items() if name not in looked_at]
