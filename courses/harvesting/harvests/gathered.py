"""The records of the pages that were gathered: page by page, or of all pages together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from courses.harvesting.adapting import Item
from courses.harvesting.draft import Draft, Finding, Weight
from courses.harvesting.harvests.fetching import Asked, Gathered, Page


def parts_of(asked: Asked, gathered: Gathered) -> list[list[Page]]:
    """Give the pages that are read together: each alone, unless records spread over several."""
    if asked.by.gathers:
        return [gathered.pages] if gathered.pages else []
    return [[page] for page in gathered.pages]


def items_of(asked: Asked, pages: Iterable[Page]) -> Iterator[Item]:
    """Read pages; the parts of one record on several of them become one.

    Raises NotAFeed for the first that cannot be read.
    """
    items = (item for page in pages for item in _read(asked, page))
    return _joined(items) if asked.by.gathers else items


def _read(asked: Asked, page: Page) -> Iterator[Item]:
    if page.file is None:
        raise ValueError("a page that did not change is not read")
    return asked.by.read(asked.feed(page.file.read_bytes(), page.address))


def _joined(items: Iterable[Item]) -> Iterator[Item]:
    """Put the drafts of one record together: the first speaks, the others add their runs."""
    drafts: dict[str, Draft] = {}
    for item in items:
        if not isinstance(item, Draft):
            yield item
        elif known := drafts.get(item.external_id):
            starts = {run.starts_at for run in known.runs}
            more = [run for run in item.runs if run.starts_at not in starts]
            drafts[item.external_id] = replace(known, runs=[*known.runs, *more])
        else:
            drafts[item.external_id] = item
    yield from drafts.values()


def unread(gathered: Gathered) -> Iterator[Finding]:
    """Tell of the pages that were left out; they are not records, so none is rejected."""
    for address, code in (*gathered.left_out, *gathered.empty):
        yield Finding(0, "page", "page-left-out", Weight.NOTED, f"{address[:180]} ({code})")
