"""What a site asks of programs that go through its pages (RFC 9309), asked once a host."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from academy.outbound import Outbound, Request
from courses.harvesting.draft import NotAFeed
from courses.harvesting.harvests.answers import Passing, answer_to

NAME = "UrbanAcademy"
LARGEST = 500_000


@dataclass
class Robots:
    """The rules of the hosts that were met."""

    outbound: Outbound
    _rules: dict[str, RobotFileParser] = field(default_factory=dict)

    def allow(self, address: str) -> bool:
        """Tell whether the page may be read. Where there are no rules, it may.

        Raises Passing while the host cannot say: then nothing may be read for the time being.
        """
        parts = urlsplit(address)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = self._read(site)
        return self._rules[site].can_fetch(NAME, address)

    def _read(self, site: str) -> RobotFileParser:
        rules, text = RobotFileParser(), ""
        try:
            answer = answer_to(Request(f"{site}/robots.txt"), self.outbound)
            if answer.status == HTTPStatus.OK:
                text = answer.content[:LARGEST].decode(errors="replace")
        except NotAFeed:
            pass
        except Passing as passing:
            if passing.code != "http-status":
                raise
            raise Passing("no-robots", passing.details, passing.pause) from None
        rules.parse(text.splitlines())
        return rules
