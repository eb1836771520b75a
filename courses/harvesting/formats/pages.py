"""Web pages: the blocks of data in them, and what they say of themselves.

A page is first cut into tags, in one go from left to right, and only the few tags that matter are
given to the parser of HTML: on megabytes of "<a<a<a" it would take hours.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

from academy.text import is_web_address
from courses.harvesting.draft import NotAFeed
from courses.harvesting.formats.addresses import joined
from courses.harvesting.formats.documents import MOST_RECORDS, document_in, is_too_deep, parsed
from courses.harvesting.reading.decoding import decoded, refuse_what_is_no_text

LARGEST_BLOCK = 1_000_000
MOST_BLOCKS = 50
MOST_TAGS = 2_000
"""Tags of a page that are looked into; no page has so many of those that matter."""

_TAG = re.compile(r"<!--|<(?:html|link|base|meta|script)\b[^<>]{0,2000}>", re.IGNORECASE)
_SAID_OF_DATA = {"@type", "@graph", "@context"}
_OF_A_PAGE = re.compile(rb"<(?:!doctype html|html|head|body|script)\b", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script\b", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset=[\"']?([\w-]{1,40})", re.IGNORECASE)
_WRAPPED = re.compile(r"\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
# A text is kept as it is; comments of a line and commas before an end are left out.
_MENDED = re.compile(r"(\"(?:[^\"\\]++|\\.)*+\"?)|//[^\n]*|,(?=\s*[\]}])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of data in a page, as it could be read."""

    line: int
    data: Any = None
    mended: bool = False
    broken: str = ""
    """Why it could not be read."""


@dataclass
class Page:
    """What a page says of itself, and its blocks."""

    language: str = ""
    address: str = ""
    follows: str = ""
    blocks: list[Block] = field(default_factory=list)
    guessed: str = ""
    """In which encoding it was taken to be, where that is not known."""

    def absolute(self, address: str) -> str:
        """Complete an address of the page."""
        return joined(self.address, address)


def page_of(content: bytes, charset: str = "") -> Page:
    """Read a page, or data that stand alone as the data of one.

    Raises NotAFeed.
    """
    refuse_what_is_no_text(content)
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    begins = content[:1_000].decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")[:1]
    if begins in {"{", "["}:
        return _page_of(document_in(content))
    if begins == "<" and (encoding != "utf-8" or _OF_A_PAGE.search(content)):
        said = _CHARSET.search(content[:5_000])
        text, guessed = decoded(content, charset, said[1].decode() if said else "")
        return replace(_page_in(text), guessed=guessed)
    raise NotAFeed("not-a-page")


def _page_of(document: Any) -> Page:
    """Take a document for the data of a page; each thing of a list is a block of its own."""
    told = document if isinstance(document, list) else [document]
    if len(told) > MOST_RECORDS:
        raise NotAFeed("overfull")
    if told and not any(isinstance(one, dict) and one.keys() & _SAID_OF_DATA for one in told):
        raise NotAFeed("lacks-part", part="@type")
    return Page(
        blocks=[
            Block(number, broken="overfull") if is_too_deep(one) else Block(number, one)
            for number, one in enumerate(told, 1)
        ]
    )


def _page_in(text: str) -> Page:
    """Read a page; nothing is wrong enough to stop."""
    page, begin, looked_into = Page(), 0, 0
    while looked_into < MOST_TAGS and (tag := _TAG.search(text, begin)) is not None:
        begin = tag.end()
        if tag[0] == "<!--":
            begin = _after(text, "-->", begin)
            continue
        read, looked_into = _Tag(tag[0]), looked_into + 1
        if read.name == "script":
            end = _SCRIPT_END.search(text, begin)
            inside = text[begin : end.start() if end else len(text)]
            if "ld+json" in read.said("type").casefold() and len(page.blocks) < MOST_BLOCKS:
                page.blocks.append(_block(inside, 1 + text.count("\n", 0, begin)))
            begin = end.end() if end else len(text)
        else:
            _take(read, page)
    return page


def _after(text: str, sign: str, begin: int) -> int:
    found = text.find(sign, begin)
    return len(text) if found < 0 else found + len(sign)


class _Tag(HTMLParser):
    """One start tag, read by the parser of HTML."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.name = ""
        self._said: dict[str, str] = {}
        self.feed(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what the tag says."""
        self.name, self._said = tag, {name: value or "" for name, value in attrs}

    def said(self, name: str) -> str:
        """Give what an attribute says."""
        return self._said.get(name, "").strip()


def _take(tag: _Tag, page: Page) -> None:
    relation, link = tag.said("rel").casefold().split(), tag.said("href")
    if tag.name == "html":
        page.language = page.language or tag.said("lang")
    elif tag.name == "link" and "canonical" in relation and is_web_address(link):
        page.address = link
    elif tag.name == "link" and "next" in relation:
        page.follows = page.follows or link
    elif tag.said("property").casefold() == "og:url" and is_web_address(tag.said("content")):
        page.address = page.address or tag.said("content")


def _block(text: str, line: int) -> Block:
    """Read a block; when it is not JSON, without what writers of pages often leave in it."""
    if len(text) > LARGEST_BLOCK:
        return Block(line, broken="overfull")
    mended = False
    for attempt in (text, _MENDED.sub(r"\1", _WRAPPED.sub("", text))):
        try:
            data = parsed(attempt)
        except json.JSONDecodeError:
            mended = True
        except (RecursionError, ValueError):
            return Block(line, broken="overfull")
        else:
            return (
                Block(line, broken="overfull") if is_too_deep(data) else Block(line, data, mended)
            )
    return Block(line, broken="broken-block")
