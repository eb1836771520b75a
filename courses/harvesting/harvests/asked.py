"""What is asked of a source, and how its pages are named and read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from courses.harvesting.adapting import ADAPTERS, Adapter
from courses.harvesting.draft import Feed

VERSION = "1"
"""How pages are read: with another one they are read again, although they did not change."""


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
    """Secrets that are sent as arguments of a form, or of the address where none is sent."""

    page: str = ""
    """The one page that is read, where the source said that it changed."""

    encoding: str = ""
    """What people say of its encoding: that stands above what its answers say."""

    month: str = ""
    """The month of the reading, where what a page means depends on it."""

    @property
    def by(self) -> Adapter:
        """The adapter."""
        return ADAPTERS[self.adapter]

    def digest_of(self, address: str) -> str:
        """Name a page, and how it is read: read in another way it is another page."""
        how = (VERSION, self.adapter, self.zone, self.encoding, self.month)
        told = (sorted(self.columns.items()), sorted(self.defaults.items()))
        return digest_of(repr((self.by.named(address), how, told)).encode())

    def feed(self, content: bytes, address: str, charset: str) -> Feed:
        """Make what an adapter reads."""
        said = self.encoding or charset
        return Feed(content, self.columns, self.defaults, self.zone, address, said)


def digest_of(content: bytes) -> str:
    """Name a content: the same one has the same name."""
    return hashlib.sha256(content).hexdigest()
