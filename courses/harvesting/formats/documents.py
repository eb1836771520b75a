"""JSON documents as partners send them: held whole, within bounds, and asked without trust."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from academy.text import clean_line
from courses.catalogue.content import LanguageContent, TextContent
from courses.catalogue.texts import LanguageOrigin
from courses.harvesting.draft import LONGEST_FOUND, Feed, Finding, NotAFeed, Notes, Weight
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.decoding import refuse_markup, refuse_what_is_no_text
from courses.harvesting.reading.languages import language

MOST_PARTS = 250_000
"""Lists and objects of a document: with them, 10 MB stay well under 300 MB of memory."""

MOST_RECORDS = 10_000
"""Records of one document: what has more comes in pages, or line by line."""

DEEPEST = 40
MOST_WORDS = 100
LONGEST_NUMBER = 18
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def document_in(content: bytes) -> Any:
    """Read a JSON document. What is not a number says nothing (NaN).

    Raises NotAFeed.
    """
    refuse_what_is_no_text(content)
    try:
        text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except UnicodeDecodeError as wrong:
        if wrong.reason == "unexpected end of data":
            raise NotAFeed("breaks-off", line=_line(content)) from None
        raise NotAFeed("not-unicode") from None
    if not text.strip():
        raise NotAFeed("empty")
    refuse_markup(text)
    try:
        return parsed(text)
    except json.JSONDecodeError as wrong:
        if wrong.pos >= len(text.rstrip()) or wrong.msg.startswith("Unterminated"):
            raise NotAFeed("breaks-off", line=_line(content)) from None
        raise NotAFeed("not-json", line=str(wrong.lineno)) from None
    except RecursionError:
        raise NotAFeed("overfull") from None


def parsed(text: str) -> Any:
    """Parse JSON in which control characters may stand in texts, as exporters leave them.

    Raises JSONDecodeError, or RecursionError when it holds too much.
    """
    if text.count("{") + text.count("[") > MOST_PARTS:
        raise RecursionError
    told = json.loads(text, strict=False, parse_constant=_nothing, parse_int=_whole)
    if _HALF_CHARACTER.search(text):
        # Half of a pair of escapes is no character, and no database would keep it.
        told = json.loads(json.dumps(told, ensure_ascii=False).encode(errors="replace"))
    return told


def _line(content: bytes) -> str:
    return str(content.count(b"\n") + 1)


def _nothing(_name: str) -> None:
    return None


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= LONGEST_NUMBER else None


def is_too_deep(value: object) -> bool:
    """Tell whether lists and objects are nested beyond all reason."""
    level = [value]
    for _depth in range(DEEPEST):
        children = (
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
        )
        level = [child for child in children if isinstance(child, dict | list)]
        if not level:
            return False
    return True


@dataclass(frozen=True, slots=True)
class Told:
    """An object of a document, asked for its parts: what has the wrong type says nothing."""

    parts: Mapping[str, Any]

    def words(self, *names: str) -> str:
        """Give the first of these parts that is a text or a number, as text."""
        return next((text for name in names if (text := _text(self.parts.get(name)))), "")

    def many(self, *names: str) -> list[str]:
        """Give the texts of these parts, each of them one text or a list of texts."""
        values = (one for name in names for one in _listed(self.parts.get(name)))
        texts = (clean_line(_text(one), limit=reading.LONGEST_WORD) for one in values)
        return list(dict.fromkeys(text for text in texts if text))[:MOST_WORDS]

    def objects(self, *names: str) -> list[Told]:
        """Give the objects of these parts, each of them one object or a list of objects."""
        values = (one for name in names for one in _listed(self.parts.get(name)))
        return [Told(one) for one in values if isinstance(one, dict)][:MOST_WORDS]

    def object(self, *names: str) -> Told:
        """Give the first object of these parts; an empty one when there is none."""
        return next(iter(self.objects(*names)), Told({}))

    def is_true(self, name: str) -> bool:
        """Tell whether a part says yes."""
        return self.parts.get(name) is True or self.words(name).casefold() == "true"


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return reading.said(str(value))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def records_in(document: Any, part: str, *, each: str) -> list[Any]:
    """Give the list of records a document holds, as itself or as a part of it.

    Raises NotAFeed when there is none, or not one of them has the part each should have.
    """
    listed = document.get(part) if isinstance(document, dict) else document
    if not isinstance(listed, list):
        raise NotAFeed("lacks-part", part=part)
    if len(listed) > MOST_RECORDS:
        raise NotAFeed("overfull")
    if listed and not any(isinstance(one, dict) and one.get(each) for one in listed):
        raise NotAFeed("lacks-part", part=each)
    return listed


def unusable(record: object, line: int) -> Finding | None:
    """Say why a record cannot even be asked; None when it can."""
    if isinstance(record, dict) and not is_too_deep(record):
        return None
    code = "overfull" if isinstance(record, dict) else "not-an-object"
    found = "" if isinstance(record, dict) else str(record)[:LONGEST_FOUND]
    return Finding(line, "", code, Weight.REJECTED, found)


def taught_in(words: list[str], feed: Feed, notes: Notes) -> list[LanguageContent]:
    """Give the languages these words name, else the one said for the whole source."""
    codes = {word: language(word) for word in words}
    for word in (word for word, code in codes.items() if code is None):
        notes.add("language", "unknown-language", word)
    said = list(dict.fromkeys(code for code in codes.values() if code))
    default = language(feed.defaults.get("language", ""))
    if said or not default:
        return [LanguageContent(code) for code in said]
    return [LanguageContent(default, origin=LanguageOrigin.SOURCE)]


def text_in(languages: Sequence[LanguageContent], title: str, short: str, long: str) -> TextContent:
    """Make the text of a record; one description is the description, however short."""
    own = languages[0].code if languages else ""
    return TextContent(own, title, short if short and long else None, long or short)


def next_page(link: object, address: str) -> list[str]:
    """Give the page a page leads to, on the host and by the scheme that we asked.

    Behind a proxy, programs often think that they are elsewhere (http, localhost); and a partner's
    secrets must not go where a page points to.
    """
    told = link.get("href") if isinstance(link, dict) else link
    if not isinstance(told, str) or not told.strip():
        return []
    try:
        asked, there = urlsplit(address), urlsplit(urljoin(address, told.strip()))
        return [there._replace(scheme=asked.scheme, netloc=asked.netloc, fragment="").geturl()]
    except ValueError:
        return []
