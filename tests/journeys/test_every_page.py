"""Every page in five languages on a phone and on a desk: nothing broken, nothing cut off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenBrowser
from tests.journeys.pages import (
    MANY_RUNS,
    OPEN_TO_ALL,
    SIGNED_IN,
    Ear,
    listen,
    sign_in,
    sound,
    told,
)
from tests.serving import Site

pytestmark = pytest.mark.browser
READ = [*((language, width) for language in ("en", "ar", "th") for width in (360, 1280))]
READ += [("fr", 360), ("es", 360)]
"""Languages and widths; words are longest in French and Spanish, and a phone is narrowest."""

NOT_FOUND = "error: Failed to load resource: the server responded with a status of 404 (NOT FOUND)"
UNPROCESSABLE = NOT_FOUND.replace("404 (NOT FOUND)", "422 (UNPROCESSABLE ENTITY)")
Look = tuple[str, Page, Ear]


@pytest.fixture(params=READ, ids=str)
def look(request: pytest.FixtureRequest, open_browser: OpenBrowser) -> Look:
    """A browser of a width, and the language to read in."""
    language, width = request.param
    context = open_browser(width=width)
    ear = listen(context)
    return language, context.new_page(), ear


def check(page: Page, language: str, wrong: dict[str, object]) -> None:
    """Note what is not as it should be on the page that is open."""
    unfold(page)
    found, wanted = told(page), sound(language)
    differs = {name: value for name, value in found.items() if value != wanted[name]}
    if differs:
        wrong[page.url] = differs


def unfold(page: Page) -> None:
    """Open everything that is folded in the page's main part."""
    page.locator("main").evaluate(
        "main => main.querySelectorAll('details').forEach(one => { one.open = true })"
    )


def test_pages_for_everybody(look: Look, showcase: Site) -> None:
    language, page, ear = look
    wrong: dict[str, object] = {}
    for path in (path for paths in OPEN_TO_ALL.values() for path in paths):
        page.goto(f"{showcase.url}/{language}/{path}")
        check(page, language, wrong)
    assert wrong == {}
    assert [line for line in ear.heard if line != NOT_FOUND] == []


def test_pages_for_who_is_signed_in(look: Look, showcase: Site) -> None:
    language, page, ear = look
    wrong: dict[str, object] = {}
    sign_in(page, showcase, language=language)
    for path in ("", "learn", *(path for paths in SIGNED_IN.values() for path in paths)):
        page.goto(f"{showcase.url}/{language}/{path}")
        check(page, language, wrong)
    page.goto(f"{showcase.url}/{language}/my")
    for link in ("a[href$='/review']", "a[href*='/learn/']"):
        page.goto(f"{showcase.url}/{language}/my")
        page.locator(f"main {link}").first.click()
        check(page, language, wrong)
    assert (wrong, ear.heard) == ({}, [])


def test_forms_that_came_back(look: Look, showcase: Site) -> None:
    language, page, ear = look
    wrong: dict[str, object] = {}
    for path in ("sign-up", "sign-in"):
        page.goto(f"{showcase.url}/{language}/{path}")
        page.locator("main form button").click()
        expect(page.locator("#problem")).to_be_focused()
        check(page, language, wrong)
    sign_in(page, showcase, language=language)
    page.locator("main a[href$='/review']").first.click()
    page.locator("input[type=radio]").evaluate_all("all => all.forEach(one => one.checked = false)")
    page.locator("main form button").click()
    expect(page.locator("#problem")).to_be_focused()
    check(page, language, wrong)
    assert (wrong, set(ear.heard)) == ({}, {UNPROCESSABLE})


def test_the_skip_link_leads_to_the_content(look: Look, showcase: Site) -> None:
    language, page, _ear = look
    page.goto(f"{showcase.url}/{language}/learn")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    within: bool = page.evaluate("document.activeElement.closest('#main') !== null")
    assert within


def test_a_summary_of_problems_leads_to_each_field(look: Look, showcase: Site) -> None:
    language, page, _ear = look
    page.goto(f"{showcase.url}/{language}/sign-up")
    page.locator("main form button").click()
    links = page.locator("#problem a")
    expect(links).to_have_count(2)
    for place, field in enumerate(("f-name", "f-email")):
        links.nth(place).click()
        expect(page.locator(f"#{field}")).to_be_focused()


def test_an_offer_prints_without_what_only_a_screen_needs(
    showcase: Site, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    page = open_browser().new_page()
    page.goto(f"{showcase.url}/en/{MANY_RUNS}")
    page.emulate_media(media="print")
    for part in (".nav", ".signin", ".lang", ".sample", ".btn", "main form"):
        expect(page.locator(part).first).to_be_hidden()
    for part in ("h1", ".ticket", "#h-about", "#feedback"):
        expect(page.locator(part).first).to_be_visible()
    expect(page.locator(".onpaper")).to_have_text(re.compile(r"^https://[a-z.-]+\.example/\S+$"))
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) in range(1, 5)
