"""What a site asks of programs that go through its pages (RFC 9309), asked once a host."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from academy.outbound import NotFetched, Outbound, Request

NAME = "UrbanAcademy"
LARGEST = 500_000


@dataclass
class Robots:
    """The rules of the hosts that were met."""

    outbound: Outbound
    _rules: dict[str, RobotFileParser] = field(default_factory=dict)

    def allow(self, address: str) -> bool:
        """Tell whether the page may be read. Without rules, or with unreadable ones, it may."""
        parts = urlsplit(address)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = self._read(site)
        return self._rules[site].can_fetch(NAME, address)

    def _read(self, site: str) -> RobotFileParser:
        rules = RobotFileParser()
        try:
            answer = self.outbound.fetch(Request(f"{site}/robots.txt"))
        except NotFetched:
            rules.parse([])
            return rules
        there = answer.status == HTTPStatus.OK
        text = answer.content[:LARGEST].decode(errors="replace") if there else ""
        rules.parse(text.splitlines())
        return rules
