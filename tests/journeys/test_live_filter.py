"""The live filter: what a tick changes, what it leaves alone, and that Back and reload hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import OpenBrowser
from tests.serving import Site

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement.id"
STORED = "[localStorage.length, sessionStorage.length]"


@dataclass(frozen=True)
class State:
    """What the page shows of one question."""

    heading: str
    titles: list[str]
    ticked: list[str]
    counts: dict[str, str]
    tab: str


def state(page: Page) -> State:
    """Read the page."""
    boxes = page.locator("#filters .tick:has(input)")
    counts: dict[str, str] = boxes.evaluate_all(
        "all => Object.fromEntries(all.map(one =>"
        " [one.querySelector('input').id, one.querySelector('.n').textContent]))"
    )
    ticked: list[str] = page.locator("#filters input:checked").evaluate_all(
        "all => all.map(one => one.id)"
    )
    titles = page.locator("#results h3").all_inner_texts()
    return State(page.locator("#h-res").inner_text(), titles, ticked, counts, page.title())


def tick_with_the_keyboard(page: Page, box: Locator) -> None:
    """Tick as people do who use no mouse."""
    box.focus()
    page.keyboard.press("Space")


@pytest.fixture
def page(showcase: Site, open_browser: OpenBrowser) -> Page:
    """The catalogue, as one finds it."""
    opened = open_browser().new_page()
    opened.goto(f"{showcase.url}/en/learn")
    return opened


def narrow(page: Page, identifier: str) -> State:
    """Tick a box with the keyboard and wait until its chip is there."""
    chips = page.locator(".chip").count()
    tick_with_the_keyboard(page, page.locator(f"#{identifier}"))
    expect(page.locator(".chip")).to_have_count(chips + 1)
    return state(page)


def test_a_tick_changes_results_counts_address_title_and_what_is_said(page: Page) -> None:
    before = state(page)
    after = narrow(page, "issue-water")
    expect(page).to_have_url(re.compile(r"/en/learn\?issue=water$"))
    expect(page).to_have_title(f"\u2068Water and sanitation\u2069: {after.heading} – Urban Academy")
    expect(page.locator("#say")).to_have_text(after.heading)
    assert after.heading == f"{len(after.titles)} offers" != before.heading
    assert before.counts["issue-water"] == str(len(after.titles))
    assert before.counts["language-en"] != after.counts["language-en"]
    assert (before.ticked, after.ticked) == ([], ["issue-water"])


def test_every_count_tells_what_ticking_it_would_give(page: Page) -> None:
    before = narrow(page, "issue-water")
    after = narrow(page, "language-fr")
    assert len(after.titles) == int(before.counts["language-fr"])
    wider = narrow(page, "language-ar")
    assert len(wider.titles) == int(re.sub(r"\D", "", wider.heading))
    assert len(wider.titles) >= len(after.titles)


@pytest.mark.parametrize("identifier", ["issue-water", "language-fr", "methodology-webinar"])
def test_the_focus_stays_on_the_box_that_was_ticked(page: Page, identifier: str) -> None:
    before = page.locator("#h-res").inner_text()
    narrow(page, identifier)
    assert page.evaluate(FOCUSED) == identifier
    page.keyboard.press("Space")
    expect(page.locator(".chip")).to_have_count(0)
    expect(page.locator("#h-res")).to_have_text(before)
    assert page.evaluate(FOCUSED) == identifier


def test_back_restores_results_counts_and_ticks(page: Page) -> None:
    states = [state(page), narrow(page, "issue-water"), narrow(page, "language-fr")]
    for earlier in (states[1], states[0]):
        page.go_back()
        expect(page.locator("#h-res")).to_have_text(earlier.heading)
        expect(page.locator("#filters input:checked")).to_have_count(len(earlier.ticked))
        expect(page).to_have_title(earlier.tab)
        assert state(page) == earlier
    page.go_forward()
    expect(page.locator("#filters input:checked")).to_have_count(1)
    assert state(page) == states[1]


def test_coming_back_from_an_offer_restores_the_list(page: Page) -> None:
    narrow(page, "issue-water")
    before = narrow(page, "language-fr")
    page.locator("#results h3 a").first.click()
    expect(page).to_have_url(re.compile(r"/en/learn/[a-z-]+$"))
    page.go_back()
    expect(page.locator("#h-res")).to_have_text(before.heading)
    assert state(page) == before


def test_reloading_and_pasting_the_address_give_the_same_page(
    page: Page, open_browser: OpenBrowser
) -> None:
    narrow(page, "issue-water")
    before = narrow(page, "language-fr")
    page.reload()
    pasted = open_browser().new_page()
    pasted.goto(page.url)
    assert (state(page), state(pasted)) == (before, before)


def test_a_chip_takes_its_filter_back(page: Page) -> None:
    before = page.locator("#h-res").inner_text()
    narrow(page, "issue-water")
    page.get_by_role("link", name="Remove filter: Water and sanitation").click()
    expect(page.locator("#h-res")).to_have_text(before)
    assert state(page).ticked == []


def test_sorting_keeps_filters_and_the_focus(page: Page) -> None:
    before = narrow(page, "language-fr")
    page.locator("#sort").focus()
    page.locator("#sort").select_option("reviewed")
    expect(page).to_have_url(re.compile(r"\?language=fr&sort=reviewed$"))
    after = state(page)
    assert (sorted(after.titles), after.ticked) == (sorted(before.titles), before.ticked)
    assert after.titles != before.titles
    assert page.evaluate(FOCUSED) == "sort"


def test_words_and_filters_add_up_and_enter_searches(page: Page) -> None:
    page.locator("#q").fill("budget")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/learn\?q=budget$"))
    after = narrow(page, "language-fr")
    expect(page).to_have_url(re.compile(r"\?q=budget&language=fr$"))
    assert page.locator("#q").input_value() == "budget"
    assert int(re.sub(r"\D", "", after.heading)) == len(after.titles) > 0


def test_the_language_list_keeps_the_filters(page: Page) -> None:
    narrow(page, "issue-water")
    page.locator(".lang > summary").click()
    page.locator(".lang a[hreflang=ar]").click()
    expect(page).to_have_url(re.compile(r"/ar/learn\?issue=water$"))
    expect(page.locator("#issue-water")).to_be_checked()


def test_nothing_is_left_in_the_browser(page: Page) -> None:
    narrow(page, "issue-water")
    narrow(page, "language-fr")
    page.go_back()
    expect(page.locator("#filters input:checked")).to_have_count(1)
    assert page.evaluate(STORED) == [0, 0]
    assert page.context.cookies() == []


def test_nothing_found_names_the_filters_to_drop(page: Page, showcase: Site) -> None:
    page.goto(f"{showcase.url}/en/learn?language=hi&issue=housing")
    expect(page.locator(".none h3")).to_have_text("Nothing fits all of this at once.")
    ways = page.locator(".ways a").all_inner_texts()
    assert [re.sub(r"\d+", "N", way) for way in ways] == [
        "Without “\u2068हिन्दी\u2069”: N offers",
        "Without “\u2068Housing\u2069”: N offers",
    ]
    page.locator(".ways a").first.click()
    expect(page.locator("#h-res")).to_have_text(re.sub(r".*: ", "", ways[0]))


def test_words_that_are_not_all_there_are_told_and_said(page: Page) -> None:
    page.locator("#q").fill("logement eau")
    page.keyboard.press("Enter")
    told = page.locator("#results > p.outcome")
    expect(told).to_have_text(re.compile(r"^\d+ offers? ha(s|ve) all your words\. The others have"))
    heading = page.locator("#h-res").inner_text()
    expect(page.locator("#say")).to_have_text(f"{heading}. {told.inner_text()}")
    expect(page.locator("#results .facts strong").first).to_contain_text("In French")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_value_behind_more_is_opened_and_ticked_with_the_keyboard(
    showcase: Site, open_browser: OpenBrowser, width: int
) -> None:
    page = open_browser(width=width).new_page()
    page.goto(f"{showcase.url}/en/learn")
    if width < 992:
        page.locator("#filters > summary").click()
    more = page.locator("#more-issue")
    label = more.locator(".tick").nth(-1)
    expect(label).not_to_be_visible()
    more.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(label).to_be_visible()
    count, identifier = label.locator(".n").inner_text(), label.locator("input").get_attribute("id")
    after = narrow(page, str(identifier))
    assert after.heading.split()[0] == count
    assert page.locator("#facet-issue input").first.get_attribute("id") == identifier
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_on_a_phone_the_filters_close_when_the_list_is_asked_for(
    showcase: Site, open_browser: OpenBrowser
) -> None:
    page = open_browser(width=360).new_page()
    page.goto(f"{showcase.url}/en/learn")
    page.locator("#filters > summary").click()
    narrow(page, "language-fr")
    page.locator(".facets__go button").click()
    expect(page.locator("#filters")).not_to_have_attribute("open", "")
    assert page.evaluate(FOCUSED) == "h-res"
