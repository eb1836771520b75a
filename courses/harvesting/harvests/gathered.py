"""The records of the pages that were gathered: page by page, or of all pages together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from courses.catalogue.content import RunContent
from courses.harvesting.adapting import Item
from courses.harvesting.draft import Draft, Finding, Weight
from courses.harvesting.harvests.asked import Asked
from courses.harvesting.harvests.fetching import Gathered, Page

MOST_RUNS = 300
NEVER = datetime.min.replace(tzinfo=UTC)


def parts_of(asked: Asked, gathered: Gathered) -> list[list[Page]]:
    """Give the pages that are read together: each alone, unless records spread over several."""
    if asked.by.gathers:
        return [gathered.pages] if gathered.pages else []
    return [[page] for page in gathered.pages]


def items_of(asked: Asked, pages: Sequence[Page]) -> Iterator[Item]:
    """Read pages; the parts of one record on several of them become one.

    Raises NotAFeed for the first that cannot be read.
    """
    if asked.by.gathers:
        return _joined(asked, pages)
    return (item for page in pages for item in _read(asked, page))


def _read(asked: Asked, page: Page) -> Iterator[Item]:
    if page.file is None:
        raise ValueError("a page that did not change is not read")
    return asked.by.read(asked.feed(page.file.read_bytes(), page.address, page.charset))


def _joined(asked: Asked, pages: Sequence[Page]) -> Iterator[Item]:
    """Put the drafts of one record together: each waits for the last page that tells of it.

    Pages are read twice, so that no more than what is still incomplete is in memory.
    """
    last: dict[str, int] = {}
    for number, page in enumerate(pages):
        told = (item.external_id for item in _read(asked, page) if isinstance(item, Draft))
        last.update(dict.fromkeys(told, number))
    waiting: dict[str, Draft] = {}
    for number, page in enumerate(pages):
        for item in _read(asked, page):
            if isinstance(item, Draft):
                before = waiting.get(item.external_id)
                waiting[item.external_id] = _together(before, item) if before else item
            else:
                yield item
        for name in [name for name in waiting if last[name] == number]:
            yield waiting.pop(name)


def _together(one: Draft, other: Draft) -> Draft:
    """Make one draft of two: that of the newest run speaks, the other adds its runs."""
    starts = {run.starts_at for run in one.runs}
    runs = [*one.runs, *(run for run in other.runs if run.starts_at not in starts)]
    if len(runs) > MOST_RUNS:
        runs = sorted(runs, key=_start)[-MOST_RUNS:]
    newest = max(one, other, key=lambda draft: max(map(_start, draft.runs), default=NEVER))
    return replace(newest, line=one.line, runs=runs)


def _start(run: RunContent) -> datetime:
    return run.starts_at or NEVER


def without_data(asked: Asked, gathered: Gathered) -> Iterator[Finding]:
    """Tell of a site on whose pages there was nothing that we read."""
    read = [page for page in gathered.pages if not page.following]
    if asked.by.crawls and read:
        yield Finding(0, "page", "no-data", Weight.NOTED, str(len(read)))


def unread(gathered: Gathered) -> Iterator[Finding]:
    """Tell of the pages that were left out; they are not records, so none is rejected."""
    for address, code in (*gathered.left_out, *gathered.empty):
        sent = address.partition("#")[0]
        yield Finding(0, "page", "page-left-out", Weight.NOTED, f"{sent[:180]} ({code})")
