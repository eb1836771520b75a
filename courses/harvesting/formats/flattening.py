"""An object of JSON as a row of a table: its parts side by side, each written as a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

SPEAKS_FOR_IT = ("text", "value", "rendered", "name", "title", "en", "utc", "html")
"""Parts of an object that say what the object is, such as the text of a name."""

MOST_LISTED, MOST_PARTS = 50, 300
_OPENED = re.compile(r"(?:runs?|instances|sessions|editions|occurrences|videos)$", re.IGNORECASE)


def flat_parts(record: Mapping[str, Any]) -> dict[str, str]:
    """Lay the parts of an object side by side.

    What stands deeper is called by its own name while nothing above it has that name.
    """
    flat: dict[str, str] = {}
    level: list[tuple[str, Mapping[str, Any]]] = [("", record)]
    while level and len(flat) < MOST_PARTS:
        inner: list[tuple[str, Mapping[str, Any]]] = []
        for path, told in level:
            for name, value in told.items():
                where = f"{path}{name}"
                flat[where if name in flat else name] = text_of(value)
                opened = value[:1] if isinstance(value, list) and _OPENED.search(name) else [value]
                inner += [(f"{where}.", one) for one in opened if isinstance(one, dict)]
        level = inner
    return flat


def text_of(value: Any) -> str:
    """Write a part as a cell of a table: of an object, what speaks for it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        named = (value.get(name) for name in SPEAKS_FOR_IT)
        return next((text_of(one) for one in named if isinstance(one, str) and one), "")
    if isinstance(value, list):
        texts = (text_of(one) for one in value[:MOST_LISTED] if not isinstance(one, list))
        return " | ".join(text.replace("|", " ") for text in texts if text)
    return str(value) if isinstance(value, str | int | float) else ""
