"""Which columns of a table were read as what, and which were left alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from courses.harvesting.adapters import csv, objects, sheet
from courses.harvesting.draft import LONGEST_FOUND, Feed, Finding, NotAFeed
from courses.harvesting.harvests.asked import Asked
from courses.harvesting.harvests.fetching import Gathered
from courses.harvesting.reading.columns import Columns, guess_columns

READ, UNREAD = "column-read", "column-unread"
"""What is kept of it in a reading: a finding that is no fault, for each column."""

MOST_COLUMNS = 60
_NAMELESS = re.compile(r"column \d+")

Head = tuple[Sequence[str], Columns]
"""The headers of a table, and which of them hold which field."""


@dataclass(frozen=True, slots=True)
class Understood:
    """The columns that were read, as field and header, and those that were not."""

    read: Sequence[tuple[str, str]]
    unread: Sequence[str]


def _of_text(feed: Feed) -> Iterable[Head]:
    headers = csv.headers(feed)
    return [(headers, feed.columns or guess_columns(headers))]


def _of_objects(feed: Feed) -> Iterable[Head]:
    names = objects.headers(feed)
    return [(names, feed.columns or objects.guessed(names))]


HEADS: Mapping[str, Callable[[Feed], Iterable[Head]]] = {
    "csv": _of_text,
    "objects": _of_objects,
    "sheet": sheet.heads,
}


def understood(asked: Asked, gathered: Gathered) -> Understood | None:
    """Say how the columns of the first page were understood; None where it has no columns."""
    page = next(iter(gathered.pages), None)
    if asked.adapter not in HEADS or page is None or page.file is None or not page.changed:
        return None
    feed = asked.feed(page.file.read_bytes(), page.address, page.charset)
    try:
        heads = list(HEADS[asked.adapter](feed))
    except NotAFeed:
        return None
    read = [
        (field, header)
        for headers, columns in heads
        for field, wanted in columns.items()
        for header in wanted
        if header in headers
    ]
    held = {header for _field, header in read}
    named = (name for headers, _columns in heads for name in headers)
    unread = (name for name in named if name not in held and not _NAMELESS.fullmatch(name))
    return Understood(
        list(islice(dict.fromkeys(read), MOST_COLUMNS)),
        list(islice(dict.fromkeys(unread), MOST_COLUMNS)),
    )


def told_columns(asked: Asked, gathered: Gathered) -> Iterator[Finding]:
    """Tell how columns were understood, to be kept beside what was found in the records."""
    found = understood(asked, gathered) or Understood((), ())
    for field, header in found.read:
        yield Finding(0, field, READ, found=header[:LONGEST_FOUND])
    for header in found.unread:
        yield Finding(0, "", UNREAD, found=header[:LONGEST_FOUND])
