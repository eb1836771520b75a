"""No page fails what axe-core can tell of accessibility: for everybody, in three scripts."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import OpenBrowser
from tests.journeys.pages import sign_in
from tests.journeys.touring import VISITOR, WHO, Tour
from tests.serving import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
READ = [("en", 360, "light"), ("ar", 1280, "dark"), ("th", 360, "light")]
"""Languages, widths and colours; the same rules of style hold for all pages."""

NO_PAGES = {
    *("courses.offer_calendar", "courses.enrolment_calendar"),
    *("desk.upload_template", "desk.upload_faulty", "courses.unanswered_sheet"),
    *("courses.my_institutions", "courses.go_to_meeting"),
    "courses.suggestions",
}
"""Files, addresses that lead on to another one, and what only the script reads."""


def violations(page: Page) -> list[str]:
    """Name what axe finds wrong with the page that is open, and where."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'][:5])}"
        for one in found
    ]


def unfold(page: Page) -> None:
    """Open everything that is folded in the page's main part."""
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("look", READ, ids=str)
def test_axe_finds_nothing(
    tour: Tour, town: Site, open_browser: OpenBrowser, look: tuple[str, int, str], who: str
) -> None:
    language, width, colours = look
    page = open_browser(width=width, color_scheme=colours, reduced_motion="reduce").new_page()
    if who != VISITOR:
        sign_in(page, town, email=f"{who}@sample.example", language=language)
    pages, wrong = tour.pages()[who], {}
    for address in pages:
        page.goto(f"{town.url}/{language}/{address.removeprefix('/en/')}")
        unfold(page)
        if found := violations(page):
            wrong[address] = found
    assert len(pages) > 2
    assert wrong == {}


def test_every_page_there_is_was_looked_at(tour: Tour) -> None:
    pages = {
        rule.endpoint
        for rule in tour.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and str(rule).startswith("/<language:lang>")
    }
    looked_at = {tour.route(address) for found in tour.pages().values() for address in found}
    assert pages - looked_at == NO_PAGES


def test_axe_finds_what_is_wrong(open_browser: OpenBrowser) -> None:
    page = open_browser().new_page()
    page.set_content("<html lang=en><title>T</title><main><h1>H</h1><input></main>")
    assert [line.partition(":")[0] for line in violations(page)] == ["label"]
