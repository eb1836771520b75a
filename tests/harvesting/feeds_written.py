"""Feeds of entries as tests write them, and what the adapter makes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from courses.harvesting.adapters import feed as adapter
from courses.harvesting.draft import Draft, Feed, Finding, Gone

HERE = "https://school.example/feed"
CHANNEL = "<title>River School</title><link>https://school.example/</link><language>en</language>"
NAMES = (
    'xmlns:ev="http://purl.org/rss/1.0/modules/event/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
    'xmlns:at="http://purl.org/atompub/tombstones/1.0"'
)


def item(name: str = "water", more: str = "") -> str:
    link = f"https://school.example/{name}"
    return (
        f"<item><title>About {name}</title><link>{link}</link>"
        f'<guid isPermaLink="false">{name}-1</guid>'
        f"<description>All a city needs to know.</description>{more}</item>\n"
    )


def rss(*items: str, channel: str = CHANNEL) -> bytes:
    inner = "".join(items)
    head = f'<?xml version="1.0"?>\n<rss version="2.0" {NAMES}><channel>{channel}'
    return f"{head}\n{inner}</channel></rss>".encode()


def atom(inner: str, language: str = "") -> bytes:
    names = f'xmlns="http://www.w3.org/2005/Atom" {NAMES}{language}'
    return f"<feed {names}><title>River School</title>{inner}</feed>".encode()


def read(content: bytes, **more: Any) -> list[Draft | Finding | Gone]:
    return list(adapter.read(Feed(content, **more)))


def only(content: bytes, **more: Any) -> Draft:
    [draft] = read(content, **more)
    assert isinstance(draft, Draft)
    return draft


def codes(draft: Draft) -> list[str]:
    return [f"{found.field}:{found.code}" for found in draft.findings]


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]
