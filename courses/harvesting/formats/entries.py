"""Feeds of entries (RSS, Atom) taken apart, so that each entry is parsed alone: a bad one is alone.

Cutting is linear and knows no entities; only what expat accepts within bounds is handed on.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from xml.parsers import expat

from courses.harvesting.draft import NotAFeed
from courses.harvesting.formats.mending import mended, text_of_feed

MOST_ENTRIES = 10_000
MOST_NAMESPACES = 100
LONGEST_ENTRY = 4_000_000
LONGEST_HEAD = 200_000
LONGEST_AROUND = 1_000_000
DEEPEST = 60
MOST_ELEMENTS = 20_000
MOST_PREFIXES = 20
MOST_STRAY, MOST_STRAY_IN_ALL = 50_000, 1_000_000
BATCH = 100
LONGEST_BATCH = 200_000
MOST_ELEMENTS_IN_ALL = 200_000
LOOKED_AT = 4_000
_TOKEN = re.compile(r"<!--|<!\[CDATA\[|<(/?)(?:[\w.-]{1,40}:)?(item|entry|deleted-entry)(?=[\s/>])")
_CLOSED_BY: Final = {"<!--": "-->", "<![CDATA[": "]]>"}
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(rss|feed|RDF)(?=[\s>])[^<>]{0,10000}>")
_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_NAMESPACE = re.compile(r"xmlns(?::[\w.-]{1,60})?\s*=\s*[\"'][^\"'<>]{0,300}")
_DECLARED = re.compile(r"xmlns:([\w.-]{1,60})\s*=")
# Attributes without end: expat compares each with all others.
_LONG_TAG = re.compile(r"<(?!!)[^<>]{50000}")
_PREFIX = re.compile(r"<([A-Za-z][\w.-]{0,30}):")
Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """An entry as it stands there: its line, and its text; none where it does not end."""

    line: int
    text: str
    is_tombstone: bool


@dataclass(slots=True)
class Cut:
    """A feed cut up: the tag it begins with, what is said around its entries, where those are."""

    text: str
    root: str
    around: str
    spans: list[tuple[int, int, bool]]
    elements: int = 0
    """Elements of entries read so far; in all there may be MOST_ELEMENTS_IN_ALL."""

    stray: int = 0
    """Signs of entries that were looked at for being mended; in all MOST_STRAY_IN_ALL."""

    guessed: str = ""
    """In which encoding it was taken to be, where that is not known."""

    def pieces(self) -> Iterator[Piece]:
        """Give the entries in their order."""
        line, counted = 1, 0
        for start, end, is_tombstone in self.spans:
            line, counted = line + self.text.count("\n", counted, start), start
            told = self.text[start:end] if end - start <= LONGEST_ENTRY else ""
            yield Piece(line, told, is_tombstone)

    def about(self, base: str = "") -> Entry:
        """Give what the feed says of itself, as feedparser reads it; nothing when it cannot."""
        stray = self.around.count("&") > MOST_STRAY
        for told in (self.around, "" if stray else mended(self.around)):
            if _elements(told.encode(errors="replace")):
                return dict(_parsed(told, base).feed)
        return {}

    def entries(self, base: str) -> Iterator[tuple[Piece, Entry | None]]:
        """Parse the entries, many at once where they are sound; None for what cannot be read."""
        batch: list[Piece] = []
        for piece in self.pieces():
            # feedparser takes the language of an entry for that of those after it.
            alone = piece.is_tombstone or "language>" in piece.text
            size = sum(len(one.text) for one in batch)
            if batch and (alone or len(batch) == BATCH or size + len(piece.text) > LONGEST_BATCH):
                yield from self._parsed_together(batch, base)
                batch = []
            if piece.is_tombstone:
                yield piece, None
                continue
            batch.append(piece)
            if alone:
                yield from self._parsed_together(batch, base)
                batch = []
        yield from self._parsed_together(batch, base)

    def _parsed_together(
        self, batch: list[Piece], base: str
    ) -> Iterator[tuple[Piece, Entry | None]]:
        read = self._read(self.root, "".join(one.text for one in batch), base)
        if len(read) == len(batch) > 0:
            yield from zip(batch, read, strict=True)
            return
        for piece in batch:
            entry = self._read(self.root, piece.text, base) or self._mended(piece, base)
            yield piece, entry[0] if len(entry) == 1 else None

    def _mended(self, piece: Piece, base: str) -> list[Entry]:
        stray = piece.text.count("&")
        self.stray += stray
        too_many = stray > MOST_STRAY or self.stray > MOST_STRAY_IN_ALL
        if not piece.text or piece.is_tombstone or too_many:
            return []
        return self._read(_with_prefixes(self.root, piece.text), mended(piece.text), base)

    def _read(self, root: str, told: str, base: str) -> list[Entry]:
        whole = f"{root}{told}</{_tag(root)}>"
        if self.elements > MOST_ELEMENTS_IN_ALL or _LONG_TAG.search(told):
            return []
        counted = _elements(whole.encode(errors="replace"))
        self.elements += counted
        return [dict(one) for one in _parsed(whole, base).entries] if counted else []


def tombstone(piece: Piece) -> str:
    """Give the identifier of an entry that is said to be deleted (RFC 6721)."""
    found = re.search(r"\sref\s*=\s*(?:\"([^\"]{1,500})\"|'([^']{1,500})')", piece.text)
    return html.unescape(found[1] or found[2]).strip() if found else ""


def _parsed(told: str, base: str) -> Any:
    about = {"content-type": "application/xml; charset=utf-8", "content-location": base}
    # Ten megabytes that only the worker needs, when it reads such a feed.
    import feedparser  # noqa: PLC0415

    return feedparser.parse(
        # As a stream: of bytes it would ask whether they are the name of a file.
        io.BytesIO(told.encode(errors="replace")),
        response_headers=about,
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _with_prefixes(root: str, told: str) -> str:
    """Declare the prefixes that an entry uses and nobody declared."""
    declared = {"xml", *_DECLARED.findall(root), *_DECLARED.findall(told)}
    unknown = [name for name in dict.fromkeys(_PREFIX.findall(told)) if name not in declared]
    more = "".join(f' xmlns:{name}="urn:undeclared:{name}"' for name in unknown[:MOST_PREFIXES])
    return f"{root[:-1]}{more}>"


def cut(content: bytes, charset: str = "") -> Cut:
    """Cut a feed up.

    Raises NotAFeed when it is none, breaks off, or declares entities.
    """
    text, guessed = text_of_feed(content, charset)
    root = _ROOT.search(text[:LONGEST_HEAD])
    if root is None:
        raise NotAFeed("html" if _PAGE.search(text[:LOOKED_AT]) else "not-rss")
    if "<!ENTITY" in text[: root.start()].upper():
        raise NotAFeed("entities")
    if len(set(_NAMESPACE.findall(text))) > MOST_NAMESPACES:
        raise NotAFeed("overfull")
    spans = list(_spans(text, root.end()))
    first, last = (spans[0][0], spans[-1][1]) if spans else (len(text), len(text))
    head, tail = text[root.end() : first], text[last:]
    closing = f"</{_tag(root[0])}"
    around, ends, _rest = f"{root[0]}{head}{tail}".rpartition(closing)
    if not ends and "</channel" not in tail:
        raise NotAFeed("breaks-off", line=str(text.count("\n") + 1))
    whole = f"{around or root[0] + head + tail}{closing}>"
    return Cut(text, root[0], whole if len(whole) <= LONGEST_AROUND else "", spans, guessed=guessed)


def _tag(root: str) -> str:
    return re.split(r"[\s/>]", root[1:], maxsplit=1)[0]


def _spans(text: str, position: int) -> Iterator[tuple[int, int, bool]]:
    """Give where entries begin and end; one that another begins inside of ends there."""
    begun, name, count = -1, "", 0
    while found := _TOKEN.search(text, position):
        position = found.end()
        closed_by = _CLOSED_BY.get(found[0])
        if closed_by:
            position = text.find(closed_by, position)
            if position < 0:
                return
            continue
        end = text.find(">", position) + 1 or len(text)
        is_end = bool(found[1]) or (begun < 0 and text[end - 2 : end] == "/>")
        if begun >= 0 and (found[2] == name or not found[1]):
            yield begun, end if is_end else found.start(), name == "deleted-entry"
            begun, count = -1, count + 1
        if is_end and not found[1]:
            yield found.start(), end, found[2] == "deleted-entry"
            count += 1
        elif not found[1]:
            begun, name = found.start(), found[2]
        if count > MOST_ENTRIES:
            raise NotAFeed("overfull")
        position = end


class _TooMuch(Exception):
    """More elements, or deeper, than an entry can have reason for."""


def _elements(document: bytes) -> int:
    """Count the elements of a document; 0 when expat does not read it, or they are too many."""
    depth = count = 0

    def begins(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST_ELEMENTS:
            raise _TooMuch

    def ends(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuses(*_declared: object) -> None:
        raise _TooMuch

    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler, parser.EndElementHandler = begins, ends
    parser.StartDoctypeDeclHandler = refuses
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, _TooMuch):
        return 0
    return count
