"""The stewards' desk and the pages of who works where, in a real browser, on a narrow screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import OpenBrowser
from tests.journeys.pages import listen, sign_in, sound, told
from tests.serving import Site

STEWARD, OWNER = "steward@sample.example", "owner@sample.example"
PLACE = "asia-pacific-cities-hub"
DESK = (
    *("secretariat", "secretariat/people", "secretariat/people?q=sample&page=2"),
    *("secretariat/institutions", "secretariat/institutions/add"),
    *(f"secretariat/institutions/{PLACE}", "secretariat/requests", "secretariat/announcements"),
    *("secretariat/log", "secretariat/searches", f"institutions/{PLACE}/desk/people"),
)
OWN = ("my/roles", "my/roles?q=cities")

pytestmark = pytest.mark.browser


def faults(page: Page, site: Site, language: str, path: str) -> dict[str, object]:
    """Open a page, unfold what is folded, and tell what a browser finds wrong with it."""
    answer = page.goto(f"{site.url}/{language}/{path}")
    assert answer is not None
    assert answer.status == 200, path
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
    found, usual = told(page), sound(language)
    return {name: found[name] for name in usual if found[name] != usual[name]}


@pytest.mark.parametrize("language", ["en", "ar", "th"])
def test_every_page_of_the_desk_is_sound_on_a_narrow_screen(
    open_browser: OpenBrowser, showcase: Site, language: str
) -> None:
    context = open_browser(width=320)
    ear, page = listen(context), context.new_page()
    sign_in(page, showcase, email=STEWARD, language=language)
    found = {path: faults(page, showcase, language, path) for path in (*DESK, *OWN)}
    page.goto(f"{showcase.url}/{language}/secretariat/people?q=learner-02")
    page.locator("main .says-list a").first.click()
    person = page.url.partition(f"/{language}/")[2]
    for path in (person, f"{person}/merge?q=learner"):
        found[path] = faults(page, showcase, language, path)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert ear.heard == []
