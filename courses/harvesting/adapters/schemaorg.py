"""schema.org in web pages (JSON-LD), which a sitemap or a page that lists them leads to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from academy.text import is_web_address
from courses.harvesting.draft import (
    LONGEST_FOUND,
    LONGEST_ID,
    Draft,
    Feed,
    Finding,
    NotAFeed,
    Notes,
    Weight,
)
from courses.harvesting.formats.addresses import arguments_of, beside, joined, path_of
from courses.harvesting.formats.documents import MOST_RECORDS
from courses.harvesting.formats.jsonld import Graph, Node
from courses.harvesting.formats.occasions import EVENTS
from courses.harvesting.formats.pages import Block, Page, page_of
from courses.harvesting.formats.room import within_room
from courses.harvesting.formats.sitemaps import (
    MOST_PAGES,
    is_sitemap,
    on_the_same_site,
    pages_of,
    unpacked,
)
from courses.harvesting.formats.things import COURSES, MATERIALS, VIDEOS, Thing, draft_of
from courses.harvesting.reading.decoding import noted

COMPLETE = True
WANTED = COURSES | EVENTS | MATERIALS | VIDEOS
LIST = frozenset(("ItemList",))


def begin(address: str, *, since: datetime | None = None) -> str:
    """Give what to begin with; of a site as a whole, the sitemap where sitemaps stand."""
    del since
    of_a_page = path_of(address) or arguments_of(address)
    return address if of_a_page else beside(address, "/sitemap.xml")


def following(feed: Feed, address: str) -> list[str]:
    """Give the pages of a sitemap, or those that a page lists without telling of them itself.

    All are of the site that was asked. Raises NotAFeed as `read` does.
    """
    content = unpacked(feed.content)
    if is_sitemap(content):
        return on_the_same_site(pages_of(content), address)
    page = page_of(content, feed.charset)
    graph = _graph(page)
    lists = [
        one for block in page.blocks for one in graph.things(block.data, LIST) if one.types & LIST
    ]
    told_here = any(one.types for _block, one in _things(page, graph))
    listed = [] if told_here else [link for one in lists for link in _links(one)]
    if lists and page.follows:
        listed.append(page.follows)
    whole = dict.fromkeys(joined(address, link) for link in listed)
    pages = on_the_same_site([one for one in whole if is_web_address(one)], address)
    return pages[: MOST_PAGES + 1]


def read(feed: Feed) -> Iterator[Draft | Finding]:
    """Read what a page tells of. A sitemap tells of nothing, and neither do many pages.

    Raises NotAFeed before the first record is given.
    """
    content = unpacked(feed.content)
    if is_sitemap(content):
        pages_of(content)
        return
    page = page_of(content, feed.charset)
    yield from noted(within_room(_told(page, feed)), page.guessed)


def _told(page: Page, feed: Feed) -> Iterator[Draft | Finding]:
    things = _things(page, _graph(page))
    where = feed.address[:LONGEST_ID]
    for block in (one for one in page.blocks if one.broken):
        yield Finding(block.line, "", block.broken, Weight.REJECTED, external_id=where)
    for block, node in things:
        notes = Notes(block.line)
        if block.mended:
            notes.add("", "mended-block", weight=Weight.REPAIRED)
        if node.types:
            yield draft_of(Thing(node, page, feed, notes, len(things) == 1))
        else:
            found = node.words("name")[:LONGEST_FOUND]
            yield Finding(block.line, "@type", "no-type", Weight.REJECTED, found, node.id or where)


def _graph(page: Page) -> Graph:
    graph = Graph()
    for block in page.blocks:
        graph.add(block.data)
    return graph


def _things(page: Page, graph: Graph) -> list[tuple[Block, Node]]:
    """Give each thing once; runs stand in their courses, and a film beside them is only that.

    Raises NotAFeed when there are more of them than a page can tell of.
    """
    found: dict[str | int, tuple[Block, Node]] = {}
    for block in page.blocks:
        for node in graph.things(block.data, WANTED):
            found.setdefault(_key(node), (block, node))
            if len(found) > MOST_RECORDS:
                raise NotAFeed("overfull")
    runs = {
        _key(run)
        for key, (_block, node) in found.items()
        for run in node.nodes("hasCourseInstance")
        if _key(run) != key
    }
    kept = [one for key, one in found.items() if key not in runs]
    if not any(node.types & (WANTED - VIDEOS) for _block, node in kept):
        return kept
    return [(block, node) for block, node in kept if not node.types or node.types - VIDEOS]


def _key(node: Node) -> str | int:
    name = node.told.get("@id")
    return name if isinstance(name, str) and name else id(node.told)


def _links(listing: Node) -> Iterator[str]:
    """Give the addresses a list names: each its own, or that of the item it stands for."""
    elements = listing.told.get("itemListElement")
    for one in elements if isinstance(elements, list) else [elements]:
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            node = listing.graph.node(one)
            items = (
                item if isinstance(item, str) else item.words("url") or item.id
                for item in node.values("item")
                if isinstance(item, str | Node)
            )
            yield next((link for link in (*items, node.words("url"), node.id) if link), "")
