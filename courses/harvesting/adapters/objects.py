"""JSON of any interface: a list of objects, whose parts are columns as those of a table are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from academy.text import clean_line
from courses.harvesting.draft import Draft, Feed, Finding, NotAFeed
from courses.harvesting.formats.documents import MOST_RECORDS, document_in, next_page, unusable
from courses.harvesting.formats.rows import draft_of, row_of
from courses.harvesting.formats.tables import MOST_COLUMNS
from courses.harvesting.reading.columns import check_columns, guess_columns
from courses.harvesting.reading.orders import orders_in

COMPLETE = True
SPEAKS_FOR_IT = ("text", "value", "rendered", "name", "title", "en", "utc", "html")
"""Parts of an object that say what the object is, such as the text of a name."""

DEEPEST_LIST, MOST_LISTED, MOST_PARTS = 3, 50, 300
ERRORS = frozenset(("error", "errors"))
NAMED_BY = ("key", "uuid", "guid")
_OPENED = re.compile(r"(?:runs?|instances|sessions|editions|occurrences|videos)$", re.IGNORECASE)
_CAPITAL_INSIDE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PAGES = ("links", "_links", "pagination", "paging", "meta")


def begin(address: str, *, since: datetime | None = None) -> str:
    """Give the first page, which is the address itself."""
    del since
    return address


def following(feed: Feed, address: str) -> list[str]:
    """Give the next page, where one is named as most interfaces do; an empty page is the last."""
    document = document_in(feed.content)
    if not isinstance(document, dict) or not _records(document):
        return []
    named = (document, *(document.get(name) for name in _PAGES))
    links = (next_page(one.get("next"), address) for one in named if isinstance(one, dict))
    return next((link for link in links if link), [])


def headers(feed: Feed) -> list[str]:
    """Give the names of the parts that the objects have.

    Raises NotAFeed.
    """
    return _headers([_flat(one) for one in _records(document_in(feed.content)) if _fits(one)])


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read one record an object, through the feed's columns or, where it has none, guessed ones.

    Raises NotAFeed before the first record is given.
    """
    records = _records(document_in(feed.content))
    flat = [_flat(one) if _fits(one) else {} for one in records]
    names = _headers(flat)
    columns = feed.columns or guessed(names)
    if records:
        check_columns(columns, names)
    told = ([parts.get(name, "") for name in names] for parts in flat)
    orders = orders_in(names, told, columns)
    for line, (record, parts) in enumerate(zip(records, flat, strict=True), 1):
        bad = unusable(record, line)
        cells = [parts.get(name, "") for name in names]
        yield bad or draft_of(row_of(names, cells, columns, feed, line, orders), feed.zone)


def guessed(names: list[str]) -> dict[str, list[str]]:
    """Guess which parts hold which field; startDate is read as "start date"."""
    spaced = {_CAPITAL_INSIDE.sub(" ", name): name for name in reversed(names)}
    columns = guess_columns(list(reversed(spaced)))
    by_id = [name for name in NAMED_BY if name in names]
    told = {field: [spaced[one] for one in held] for field, held in columns.items()}
    return {"id": by_id[:1], **told} if by_id else told


def _fits(record: object) -> bool:
    return unusable(record, 0) is None


def _records(document: Any) -> list[Any]:
    """Find the records: the longest list of objects that is not inside of one.

    Raises NotAFeed when there is none, or more than a document should have; and with what is wrong
    at the source, where a list of errors is all there is.
    """
    level, lists = [document], list[list[Any]]()
    if _names_objects(document):
        lists.append(list(document.values()))
    for _depth in range(DEEPEST_LIST):
        lists += [one for one in level if isinstance(one, list)]
        level = [part for one in level if isinstance(one, dict) for part in _parts(one)]
    found = max(lists, key=_objects_in, default=None)
    found = found if not found or _objects_in(found) else None
    if found is None:
        _refuse_errors(document)
        raise NotAFeed("lacks-part", part="[ { } ]")
    if len(found) > MOST_RECORDS:
        raise NotAFeed("overfull")
    return found


def _parts(told: Mapping[str, Any]) -> list[Any]:
    return [part for name, part in told.items() if name.casefold() not in ERRORS]


def _refuse_errors(document: Any) -> None:
    told = document.items() if isinstance(document, dict) else ()
    for error in (part for name, part in told if part and name.casefold() in ERRORS):
        first = next(iter(error), "") if isinstance(error, list) else error
        said = first.get("message") if isinstance(first, dict) else None
        raise NotAFeed("source-error", said=clean_line(_text(said or first), limit=200))


def _names_objects(value: Any) -> bool:
    """Tell whether this is an object of objects alike, each named as no list would name them."""
    inner = list(value.values()) if isinstance(value, dict) else []
    if len(inner) < 2 or _objects_in(inner) < len(inner):
        return False
    return bool(set(inner[0]).intersection(*inner[1:]))


def _objects_in(values: list[Any]) -> int:
    return sum(isinstance(one, dict) for one in values)


def _headers(records: list[dict[str, str]]) -> list[str]:
    names = dict.fromkeys(name for record in records for name in record)
    if len(names) > MOST_COLUMNS:
        raise NotAFeed("overfull")
    return list(names)


def _flat(record: Mapping[str, Any]) -> dict[str, str]:
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
                flat[where if name in flat else name] = _text(value)
                opened = value[:1] if isinstance(value, list) and _OPENED.search(name) else [value]
                inner += [(f"{where}.", one) for one in opened if isinstance(one, dict)]
        level = inner
    return flat


def _text(value: Any) -> str:
    """Write a part as a cell of a table: of an object, what speaks for it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        named = (value.get(name) for name in SPEAKS_FOR_IT)
        return next((_text(one) for one in named if isinstance(one, str) and one), "")
    if isinstance(value, list):
        texts = (_text(one) for one in value[:MOST_LISTED] if not isinstance(one, list))
        return " | ".join(text.replace("|", " ") for text in texts if text)
    return str(value) if isinstance(value, str | int | float) else ""
