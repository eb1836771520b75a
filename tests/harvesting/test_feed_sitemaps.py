"""Where sitemaps and pages that list others lead."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from courses.harvesting.adapters import schemaorg
from courses.harvesting.draft import Feed, NotAFeed
from courses.harvesting.formats.sitemaps import MOST_PAGES
from tests.harvesting.pages_written import COURSE, SITE, SPACE, at, page, read, refused, sitemap


def test_a_reading_of_a_site_begins_at_its_sitemap() -> None:
    assert schemaorg.begin(SITE) == f"{SITE}/sitemap.xml"
    assert schemaorg.begin(f"{SITE}/learn", since=at(2026, 1, 1)) == f"{SITE}/learn"
    assert schemaorg.COMPLETE is True


def test_a_sitemap_leads_to_its_pages_and_an_index_to_its_sitemaps() -> None:
    index = sitemap(f"{SITE}/courses.xml.gz", of="sitemap", root="sitemapindex")
    assert schemaorg.following(Feed(index), f"{SITE}/sitemap.xml") == [f"{SITE}/courses.xml.gz"]
    listed = sitemap(
        f"{SITE}/water?a=1&amp;b=2",
        f"{SITE}/water?a=1&amp;b=2",
        "https://www.school.example/heat",
        "https://elsewhere.example/",
        "javascript:alert(1)",
        "http://[::1",
        "",
    )
    for content in (listed, gzip.compress(listed), listed.replace(b"&amp;", b"&")):
        assert read(content) == []
        assert schemaorg.following(Feed(content), f"{SITE}/courses.xml.gz") == [
            *(f"{SITE}/water?a=1&b=2", "https://www.school.example/heat")
        ]


def test_a_sitemap_without_its_namespace_is_one_too() -> None:
    plain = sitemap(f"{SITE}/1").replace(f' xmlns="{SPACE}"'.encode(), b"")
    assert schemaorg.following(Feed(plain), SITE) == [f"{SITE}/1"]


def test_of_a_sitemap_no_more_is_taken_than_tells_that_there_is_more() -> None:
    pages = [f"{SITE}/{number}" for number in range(MOST_PAGES + 100)]
    listed = {"@type": "ItemList", "itemListElement": pages}
    for content in (sitemap(*pages), page(listed)):
        assert schemaorg.following(Feed(content), SITE) == pages[: MOST_PAGES + 1]
        assert read(content) == []


def test_a_sitemap_that_breaks_off_bursts_or_never_ends_is_refused() -> None:
    good = sitemap(*(f"{SITE}/{n}" for n in range(MOST_PAGES)))
    assert len(schemaorg.following(Feed(good), SITE)) == MOST_PAGES
    assert refused(good[:-20]) == "breaks-off"
    assert refused(gzip.compress(good)[:-20]) == "breaks-off"
    assert refused(gzip.compress(b" " * 20_000_000)) == "too-large"
    assert refused(b"\x1f\x8bnonsense") == "binary"
    burst = b'<!DOCTYPE x [<!ENTITY a "aa">]>\n' + sitemap("&a;")
    with pytest.raises(NotAFeed):
        read(burst)


def test_a_list_of_addresses_leads_to_them_and_to_its_next_page() -> None:
    elements: list[Any] = [
        {"@type": "ListItem", "position": 1, "url": "/water"},
        {"@type": "ListItem", "item": {"@id": f"{SITE}/heat"}},
        {"@type": "ListItem", "item": f"{SITE}/waste"},
        {"@type": "ListItem", "url": "https://elsewhere.example/"},
        f"{SITE}/air",
        7,
    ]
    listing = {"@type": "ItemList", "itemListElement": elements}
    content = page(listing, head='<link rel="next" href="?page=2">')
    assert read(content) == []
    assert schemaorg.following(Feed(content), f"{SITE}/learn") == [
        *(f"{SITE}/water", f"{SITE}/heat", f"{SITE}/waste", f"{SITE}/air"),
        f"{SITE}/learn?page=2",
    ]


def test_a_page_that_tells_of_something_leads_nowhere_else() -> None:
    related = {"@type": "ItemList", "itemListElement": [{"url": f"{SITE}/heat"}]}
    content = page(COURSE, related)
    assert [draft.external_id for draft in read(content)] == [f"{SITE}/water"]
    assert schemaorg.following(Feed(content), f"{SITE}/water") == []
    without = page(COURSE, head='<link rel="next" href="/older">')
    assert schemaorg.following(Feed(without), f"{SITE}/water") == []
