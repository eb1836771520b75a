"""The whole way of an editor: write an offer in two languages, publish, change it, take it back."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from academy.accounts.queries import person_by_email
from academy.db import unit_of_work, utcnow
from academy.institutions.models import MemberRole
from academy.institutions.operations import appoint
from academy.institutions.queries import institution_by_slug
from tests.journeys.conftest import OpenBrowser
from tests.journeys.pages import LEARNER, listen, sign_in, sound, told
from tests.serving import Site

pytestmark = pytest.mark.browser
PLACE, SLUG = "asia-pacific-cities-hub", "shade-for-every-street"


def make_editor(app: Flask) -> None:
    """Let one of the sample's people edit for an institution."""
    with app.app_context(), unit_of_work():
        person = person_by_email(LEARNER)
        assert person is not None
        appoint(person, institution_by_slug(PLACE), MemberRole.EDITOR, now=utcnow())


def begin(page: Page) -> None:
    """Come to the desk through the menu, and begin a course."""
    page.locator(".me summary").click()
    page.get_by_role("link", name="Your institution").click()
    page.get_by_role("link", name="Offers", exact=True).click()
    page.get_by_role("link", name="New course").click()
    page.get_by_label("Title", exact=True).fill("Shade for every street")
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile(f"/desk/offers/{SLUG}$"))


def write(page: Page) -> None:
    """Fill in what is needed, in two languages, with an edition that has a meeting."""
    page.locator("#f-texts-en-description").fill("Where trees stand, people stay.\n\nSix weeks.")
    page.locator("#f-new_language").select_option("fr")
    page.get_by_role("button", name="Add this language").click()
    page.locator("#f-texts-fr-title").fill("De l'ombre dans chaque rue")
    for label in ("Climate and resilience", "Self-paced course", "Free of charge"):
        page.get_by_label(label, exact=True).check()
    page.get_by_role("group", name="Taught in").get_by_label("English").check()
    page.locator("#f-contact").fill("shade@example.org")
    page.get_by_role("button", name="Add an edition").click()
    page.locator("#f-runs-0-zone").fill("Asia/Tokyo")
    page.get_by_role("button", name="Add a meeting").click()
    page.locator("#f-runs-0-meetings-0-date").fill("2027-05-03")
    page.locator("#f-runs-0-meetings-0-starts").fill("10:00")
    page.locator("#f-runs-0-meetings-0-ends").fill("11:00")
    page.get_by_role("button", name="Save and preview").click()


def publish(page: Page) -> None:
    """Publish what stands in the form."""
    page.get_by_role("button", name="Publish").click()
    expect(page).to_have_url(re.compile(f"/en/learn/{SLUG}$"))
    expect(page.get_by_text("Published. Everybody can see it now.")).to_be_visible()


def restore(page: Page, history: str) -> None:
    """Take the first version back, and publish it."""
    page.goto(history)
    page.get_by_role("button", name="Restore this version").click()
    expect(page.locator("ins")).to_have_text("shade@example.org")
    publish(page)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_an_editor_writes_publishes_changes_and_restores(
    site: Site, demonstration: Flask, open_browser: OpenBrowser, script: bool
) -> None:
    make_editor(demonstration)
    page = open_browser(java_script_enabled=script).new_page()
    sign_in(page, site)
    begin(page)
    write(page)
    expect(page.get_by_text("This is a preview.")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Shade for every street")
    page.get_by_role("link", name="See what changes, and publish").click()
    publish(page)
    visitor = open_browser(java_script_enabled=script).new_page()
    visitor.goto(f"{site.url}/fr/learn/{SLUG}")
    expect(visitor.locator("h1 + .gloss")).to_have_text("De l'ombre dans chaque rue")

    desk = f"{site.url}/en/institutions/{PLACE}/desk/offers/{SLUG}"
    change_the_contact(page, visitor, desk)
    restore(page, f"{desk}/history")
    visitor.reload()
    expect(visitor.locator(".ticket")).to_contain_text("shade@example.org")


def change_the_contact(page: Page, visitor: Page, desk: str) -> None:
    """Write another contact: visitors read it once it is published, and not before."""
    page.goto(desk)
    page.locator("#f-contact").fill("trees@example.org")
    page.get_by_role("button", name="Save, see what changes, and publish").click()
    expect(page.locator("del")).to_have_text("shade@example.org")
    expect(page.locator("ins")).to_have_text("trees@example.org")
    visitor.reload()
    expect(visitor.locator(".ticket")).to_contain_text("shade@example.org")
    publish(page)
    visitor.reload()
    expect(visitor.locator(".ticket")).to_contain_text("trees@example.org")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 320), ("th", 320)])
def test_every_page_of_the_desk_is_sound(
    site: Site, demonstration: Flask, open_browser: OpenBrowser, language: str, width: int
) -> None:
    make_editor(demonstration)
    context = open_browser(width=width)
    page, ear = context.new_page(), listen(context)
    sign_in(page, site)
    desk = f"{site.url}/{language}/institutions/{PLACE}/desk"
    page.goto(f"{desk}/offers")
    first = page.locator(".says-list h3 a").first.get_attribute("href")
    paths = [desk, f"{desk}/offers", f"{desk}/begin", f"{desk}/profile", f"{site.url}{first}"]
    paths += [f"{site.url}{first}/{act}" for act in ("difference", "history", "withdraw")]
    paths += [f"{site.url}{first}/preview", f"{site.url}/{language}/my/institutions"]
    faulty = {}
    for path in paths:
        page.goto(path)
        found = told(page)
        if found != sound(language):
            faulty[path] = {name: one for name, one in found.items() if one}
    assert faulty == {}
    assert ear.heard == []
