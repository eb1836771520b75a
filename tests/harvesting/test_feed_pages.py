"""How data are found in web pages, whole, broken or hidden."""

from __future__ import annotations

import json

import pytest

from courses.harvesting.formats.pages import LARGEST_BLOCK
from tests.harvesting.harvested import drafts, rejections
from tests.harvesting.pages_written import COURSE, EVENT, SITE, codes, only, page, read, refused


def test_addresses_are_completed_by_that_of_the_page() -> None:
    head = f'<link rel="canonical" href="{SITE}/list/">'
    drafts_ = read(page([COURSE | {"@id": "#a", "url": "../a"}, COURSE], head=head))
    assert (drafts_[0].external_id, drafts_[0].address) == (f"{SITE}/list/#a", f"{SITE}/a")
    bad = only(COURSE | {"url": "javascript:alert(1)", "@id": ""})
    assert (bad.address, codes(bad)) == (None, ["url:unusable-address", "id:no-own-id"])


def test_data_alone_are_read_as_those_of_a_page() -> None:
    nameless = {"name": "Heat", "startDate": "2026-06-01"}
    items = read(json.dumps([COURSE, nameless, EVENT]).encode())
    assert [draft.line for draft in drafts(items)] == [1, 3]
    assert [(bad.line, bad.code, bad.found) for bad in rejections(items)] == [
        (2, "no-type", "Heat")
    ]


@pytest.mark.parametrize(
    "block",
    [
        "<!-- {} -->",
        "//<![CDATA[\n{}\n//]]>",
        "{} // a note",
        "\n{},\n]".replace("{}", "[{}"),
    ],
)
def test_blocks_that_are_not_quite_json_are_mended(block: str) -> None:
    [draft] = read(page(block.replace("{}", json.dumps(COURSE))))
    assert (draft.external_id, codes(draft)) == (f"{SITE}/water", [":mended-block"])


def test_line_breaks_in_texts_are_no_fault() -> None:
    [draft] = read(page('{"@type": "Course", "name": "Water\nin // cities, ]"}'))
    assert draft.texts[0].title == "Water\nin // cities, ]"
    assert codes(draft) == ["id:no-own-id"]


def test_a_broken_block_costs_itself_alone() -> None:
    huge = json.dumps(COURSE | {"description": "x" * LARGEST_BLOCK})
    deep = '{"a":' * 100 + "1" + "}" * 100
    items = read(page("{nonsense", COURSE, huge, deep))
    assert [draft.external_id for draft in drafts(items)] == [f"{SITE}/water"]
    assert [(bad.line, bad.code) for bad in rejections(items)] == [
        *((3, "broken-block"), (5, "overfull"), (6, "overfull"))
    ]


def test_what_stands_in_comments_and_other_scripts_is_not_read() -> None:
    course = json.dumps(COURSE)
    hidden = f'<!-- <script type="application/ld+json">{course}</script> -->'
    other = f"<script>const told = '{course}'</script>"
    assert read(page(head=hidden + other)) == []
    [draft] = read(page(head=other + hidden).replace(b"</html>", page(COURSE)))
    assert draft.external_id == f"{SITE}/water"


def test_a_page_in_an_older_encoding_is_read_as_it_says() -> None:
    thai = page('{"@type": "Course", "name": "น้ำในเมือง"}', head='<meta charset="windows-874">')
    [draft] = read(thai.decode().encode("cp874"))
    assert draft.texts[0].title == "น้ำในเมือง"
    western = page('{"@type": "Course", "name": "Été"}', head='<meta charset="iso-8859-1">')
    assert read(western.decode().encode("cp1252"))[0].texts[0].title == "Été"
    assert read(page(COURSE).decode().encode("utf-16"))[0].external_id == f"{SITE}/water"


def test_what_is_neither_page_nor_sitemap_nor_data_is_refused() -> None:
    assert refused(b"") == "empty"
    assert refused(b"User-agent: *\nDisallow:\n") == "not-a-page"
    assert refused(b'<?xml version="1.0"?>\n<schedule><day/></schedule>') == "not-a-page"
    assert refused(b'{"detail": "Not found."}') == "lacks-part"
    assert refused(b'[{"name": "Water"}]') == "lacks-part"
    assert refused(b'{"@type": "Course", "name": "Wa') == "breaks-off"
    assert refused(b'{"@type": "Course" "name": "Water"}') == "not-json"
    assert refused(b"[" * 100_000) == "overfull"
    assert refused(b'{"@type": "Course", "name": "\xff\xfa"}') == "not-unicode"
    assert refused(b"[" + b'{"@type": "Course"},' * 10_000 + b"{}]") == "overfull"


def test_a_page_that_tells_of_nothing_gives_nothing() -> None:
    assert read(b"<!doctype html><title>Sign in</title>") == []
    assert read(page({"@type": "Organization", "name": "River School"})) == []
    assert read(b"[]") == []


def test_the_same_page_is_read_the_same_whatever_else_changed_on_it() -> None:
    before, after = page(COURSE), page(COURSE, head="<title>New dress</title>\n<style></style>")
    assert read(before)[0].fingerprint() == read(after)[0].fingerprint()
