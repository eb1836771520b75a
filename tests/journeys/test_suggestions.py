"""The search box as a combobox: by keyboard and pointer, in scripts, on lines that save data."""

from __future__ import annotations

import re
from http.client import HTTPConnection

import pytest
from playwright.sync_api import Page, Request, expect

from tests.journeys.conftest import OpenBrowser
from tests.journeys.pages import listen
from tests.journeys.test_axe import violations
from tests.patience import awaited
from tests.serving import Site

pytestmark = pytest.mark.browser
ACTIVE = "document.activeElement.getAttribute('aria-activedescendant')"
OPTIONS = "#q-suggestions [role=option]"
SAVING = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"


@pytest.fixture(scope="module")
def ready(showcase: Site) -> Site:
    """The demonstration network once its titles have been read."""

    def suggested() -> bool:
        connection = HTTPConnection(showcase.host, timeout=5)
        connection.request("GET", "/en/learn/suggestions?q=water")
        return b'"text"' in connection.getresponse().read()

    awaited(suggested, "nothing is suggested")
    return showcase


def opened(site: Site, open_browser: OpenBrowser, path: str = "/en/learn", **more: int) -> Page:
    """Open a page with a search box."""
    page = open_browser(**more).new_page()
    page.goto(site.url + path)
    return page


def type_in(page: Page, text: str) -> None:
    """Type as people do, and wait for what is suggested."""
    page.locator("#q").press_sequentially(text, delay=30)
    expect(page.locator("#q-suggestions")).to_be_visible()


def test_arrows_choose_and_enter_searches(ready: Site, open_browser: OpenBrowser) -> None:
    page = opened(ready, open_browser)
    type_in(page, "wat")
    options, box = page.locator(OPTIONS), page.get_by_role("combobox", name="Search words")
    first, second = options.nth(0), options.nth(1)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#say")).to_have_text(re.compile(r"^\d suggestions$"))
    expect(first).to_have_text("Water and sanitation Issue")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    assert page.evaluate(ACTIVE) == "q-suggestions-1"
    page.keyboard.press("ArrowUp")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_value("wat")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/learn\?q=Water\+and\+sanitation$"))
    expect(box).to_have_value("Water and sanitation")
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_the_list_goes_round(ready: Site, open_browser: OpenBrowser) -> None:
    page = opened(ready, open_browser)
    type_in(page, "wat")
    number = page.locator(OPTIONS).count()
    page.keyboard.press("ArrowUp")
    assert page.evaluate(ACTIVE) == f"q-suggestions-{number - 1}"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(ACTIVE) is None
    page.keyboard.press("ArrowDown")
    assert page.evaluate(ACTIVE) == "q-suggestions-0"


def test_escape_closes_and_leaves_what_was_typed(ready: Site, open_browser: OpenBrowser) -> None:
    page = opened(ready, open_browser)
    type_in(page, "wat")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#q-suggestions")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("wat")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q-suggestions")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/learn\?q=wat$"))


def test_a_click_on_the_front_page_searches(ready: Site, open_browser: OpenBrowser) -> None:
    page = opened(ready, open_browser, "/en/", width=360)
    type_in(page, "hous")
    page.get_by_role("option", name="Housing Issue").click()
    expect(page).to_have_url(re.compile(r"/en/learn\?q=Housing$"))


def test_leaving_the_box_closes_the_list(ready: Site, open_browser: OpenBrowser) -> None:
    page = opened(ready, open_browser)
    type_in(page, "wat")
    page.keyboard.press("Tab")
    expect(page.locator("#q-suggestions")).to_be_hidden()


@pytest.mark.parametrize(
    ("path", "typed"), [("/en/", "wat"), ("/en/learn", "wat"), ("/ar/learn", "ال")]
)
@pytest.mark.parametrize("width", [320, 1280])
def test_an_open_list_has_no_fault(
    ready: Site, open_browser: OpenBrowser, path: str, typed: str, width: int
) -> None:
    page = open_browser(width=width).new_page()
    ear = listen(page.context)
    page.goto(ready.url + path)
    type_in(page, typed)
    page.keyboard.press("ArrowDown")
    assert violations(page) == []
    box, shown = page.locator("#q").bounding_box(), page.locator("#q-suggestions").bounding_box()
    assert box is not None
    assert shown is not None
    assert (shown["x"], shown["width"]) == pytest.approx((box["x"], box["width"]), abs=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(OPTIONS).first.evaluate("one => one.offsetHeight") >= 44
    assert ear.heard == []


def asked(page: Page) -> list[str]:
    """Collect what the page asks for suggestions with."""
    found: list[str] = []

    def note(request: Request) -> None:
        if "/suggestions" in request.url:
            found.append(request.url.partition("?")[2])

    page.on("request", note)
    return found


def test_many_keys_are_one_request(ready: Site, open_browser: OpenBrowser) -> None:
    page = opened(ready, open_browser)
    requests = asked(page)
    page.locator("#q").focus()
    page.keyboard.type("water and san", delay=10)
    expect(page.locator(OPTIONS)).to_have_text(["Water and sanitation Issue"])
    assert requests == ["q=water+and+san"]


def test_where_data_is_saved_nothing_is_loaded(ready: Site, open_browser: OpenBrowser) -> None:
    context = open_browser()
    context.add_init_script(SAVING)
    page = context.new_page()
    page.goto(f"{ready.url}/en/learn")
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.locator("#q").press_sequentially("water", delay=30)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/learn\?q=water$"))
    assert [url for url in loaded if "sugges" in url] == []
    expect(page.get_by_role("combobox")).to_have_count(1)


def test_without_script_the_box_is_as_before(ready: Site, open_browser: OpenBrowser) -> None:
    page = open_browser(java_script_enabled=False).new_page()
    page.goto(f"{ready.url}/en/learn")
    page.get_by_role("searchbox", name="Search words").fill("water")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/learn\?q=water(&|$)"))
