"""An editor watches how the worker publishes a long sheet, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from courses.uploads.rules import AT_ONCE
from tests.journeys.conftest import OpenBrowser
from tests.journeys.pages import sign_in
from tests.serving import Site
from tests.uploading import as_csv, row

pytestmark = pytest.mark.browser
PLACE = "institut-communes-sud"
MANY = AT_ONCE + 20
PATIENCE = 90_000
"""Milliseconds in which the worker publishes them all."""


def publish(page: Page, site: Site) -> None:
    """Upload a long sheet and ask for its publication."""
    sign_in(page, site, email="editor@sample.example")
    page.goto(f"{site.url}/en/institutions/{PLACE}/desk/uploads")
    content = as_csv([row(number) for number in range(MANY)])
    file = {"name": "long.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("Spreadsheet").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look at the rows").click()
    page.get_by_role("button", name=f"Publish {MANY} rows").click()
    expect(page.get_by_role("progressbar")).to_have_attribute("max", str(MANY))


def test_the_page_follows_the_worker_by_itself(site: Site, open_browser: OpenBrowser) -> None:
    page = open_browser().new_page()
    loads: list[str] = []
    publish(page, site)
    page.wait_for_load_state("load")
    page.on("load", lambda loaded: loads.append(loaded.url))

    expect(page.get_by_text(re.compile("^Published on"))).to_be_visible(timeout=PATIENCE)

    assert loads == []
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo it all")).to_be_visible()


def test_without_a_script_one_looks_again(site: Site, open_browser: OpenBrowser) -> None:
    page = open_browser(java_script_enabled=False).new_page()
    publish(page, site)

    def done() -> int:
        with page.expect_navigation():
            page.get_by_role("link", name="Look again").click()
        shown = page.get_by_role("progressbar")
        # All rows are done a moment before the sheet is.
        return int(shown.get_attribute("value") or 0) if shown.count() else MANY + 1

    seen = [done()]
    while seen[-1] <= MANY:
        seen.append(done())

    assert seen == sorted(seen)
    expect(page.get_by_text(re.compile("^Published on"))).to_be_visible()
