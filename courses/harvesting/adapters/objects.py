"""JSON of any interface: a list of objects, whose parts are columns as those of a table are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from academy.text import clean_line
from courses.harvesting.draft import Draft, Feed, Finding, NotAFeed
from courses.harvesting.formats.documents import MOST_RECORDS, document_in, next_page, unusable
from courses.harvesting.formats.flattening import flat_parts, text_of
from courses.harvesting.formats.rows import draft_of, row_of
from courses.harvesting.formats.tables import MOST_COLUMNS
from courses.harvesting.reading.columns import check_columns, guess_columns
from courses.harvesting.reading.orders import orders_in

COMPLETE = True
DEEPEST_LIST = 3
ERRORS = frozenset(("error", "errors"))
NAMED_BY = ("key", "uuid", "guid")
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
    return _headers([flat_parts(one) for one in _records(document_in(feed.content)) if _fits(one)])


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read one record an object, through the feed's columns or, where it has none, guessed ones.

    Raises NotAFeed before the first record is given.
    """
    records = _records(document_in(feed.content))
    flat = [flat_parts(one) if _fits(one) else {} for one in records]
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
        raise NotAFeed("source-error", said=clean_line(text_of(said or first), limit=200))


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
