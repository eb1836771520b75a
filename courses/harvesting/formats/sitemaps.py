"""Sitemaps and indexes of them: which pages a site has."""

from __future__ import annotations

import re
import zlib
from urllib.parse import urlsplit

from academy.text import is_web_address
from courses.harvesting.draft import NotAFeed
from courses.harvesting.formats.markup import Element, document_of
from courses.harvesting.reading.values import LONGEST_ADDRESS

GZIP = b"\x1f\x8b"
LARGEST = 10_000_000
MOST_PAGES = 5_000
"""Pages of a site that are read: a second apart, they take an hour and a half. A list of them
leads to one more, so that it is known that there are others."""

_ROOT = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b")


def unpacked(content: bytes) -> bytes:
    """Unpack what is packed by gzip, up to 10 MB.

    Raises NotAFeed.
    """
    if not content.startswith(GZIP):
        return content
    unpacker = zlib.decompressobj(wbits=31)
    try:
        inside = unpacker.decompress(content, LARGEST)
    except zlib.error:
        raise NotAFeed("binary") from None
    if unpacker.unconsumed_tail:
        raise NotAFeed("too-large", limit=str(LARGEST // 1_000_000))
    if not unpacker.eof:
        raise NotAFeed("breaks-off", line="1")
    return inside


def is_sitemap(content: bytes) -> bool:
    """Tell whether this is a sitemap or an index of sitemaps."""
    return _ROOT.search(content[:5_000]) is not None


def pages_of(content: bytes) -> list[str]:
    """Give the addresses a sitemap lists, each once, up to one more than are read.

    Raises NotAFeed for what breaks off, and for entities.
    """
    document = document_of(content)
    space = document.root[: document.root.rfind("}") + 1]
    found: dict[str, None] = {}
    for listed in document.elements(f"{space}url", f"{space}sitemap"):
        told = listed.texts(f"{space}loc") if isinstance(listed, Element) else []
        address = next(iter(told), "")
        if len(address) <= LONGEST_ADDRESS and is_web_address(address):
            found[address] = None
        if len(found) > MOST_PAGES:
            break
    return list(found)


def on_the_same_site(pages: list[str], address: str) -> list[str]:
    """Keep the pages of the site we asked: a sitemap speaks of no other."""
    site = _site(address)
    return [page for page in pages if _site(page) == site]


def _site(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
