"""Files of one JSON object a line: told from other files, and read without keeping them."""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from courses.harvesting.draft import NotAFeed
from courses.harvesting.reading.decoding import refuse_markup, refuse_what_is_no_text

LOOKED_AT = 50
MOST_LINES = 50_000
MOST_PARTS = 50_000
"""Lists and objects of a line, and parts of them: more would take more memory than may be."""

_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


def lines_of(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the lines that hold something, with their numbers."""
    begin = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    file = io.BytesIO(content)
    file.seek(begin)
    for number, line in enumerate(file, 1):
        if line.strip():
            yield number, line


def check_lines(content: bytes) -> None:
    """Refuse what is no JSON Lines file at all, and what breaks off.

    Raises NotAFeed.
    """
    refuse_what_is_no_text(content)
    if content.count(b"\n") > MOST_LINES:
        raise NotAFeed("overfull")
    first = [line for _, line in islice(lines_of(content), LOOKED_AT)]
    if not first:
        raise NotAFeed("empty")
    refuse_markup(first[0][:1_000].decode(errors="replace"))
    if first[0].lstrip().startswith(b"["):
        raise NotAFeed("json-array")
    if not any(map(_is_utf_8, first)):
        raise NotAFeed("not-utf-8")
    if all(object_in(line) is None for line in first):
        raise NotAFeed("overfull" if any(map(is_overfull, first)) else "not-json-lines")
    last = content[content.rfind(b"\n") + 1 :]
    if last.strip() and object_in(last) is None:
        raise NotAFeed("breaks-off", line=str(content.count(b"\n") + 1))


def _is_utf_8(line: bytes) -> bool:
    try:
        return bool(line.decode())
    except UnicodeDecodeError:
        return False


def is_overfull(line: bytes) -> bool:
    """Tell whether a line holds more things than are read."""
    return line.count(b"{") + line.count(b"[") > MOST_PARTS or line.count(b'":') > MOST_PARTS


def object_in(line: bytes) -> dict[str, Any] | None:
    """Read a line; None when it is no JSON object. What is not a number says nothing (NaN)."""
    if is_overfull(line):
        return None
    try:
        told = json.loads(line.decode(), parse_constant=lambda _name: None)
        if _HALF_CHARACTER.search(line):
            # Half of a pair of escapes is no character, and no database would keep it.
            told = json.loads(json.dumps(told, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
