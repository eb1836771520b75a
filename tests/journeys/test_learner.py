"""The whole way of a learner: find, sign up, enrol, leave, come back, say how it was."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from academy.accounts.queries import person_by_email
from academy.db import db, unit_of_work, utcnow
from courses.catalogue.models import Offer
from courses.enrolment.models import Enrolment
from courses.feedback.models import Review, ReviewState
from courses.feedback.operations import decide
from tests.journeys.conftest import OpenBrowser
from tests.letters import delivered, link_of
from tests.making import PASSWORD
from tests.serving import Site

pytestmark = pytest.mark.browser
NAME, MAIL = "Wanjiru Test-Öztürk", "wanjiru@example.org"
FILTERS = {"language": "fr", "issue": "finance", "methodology": "microlearning"}
SLUG = "your-municipal-budget-in-ten-figures"
TEXT = "The ten figures fit on one page. We put ours at the entrance of the town hall."
WHO = "Senior official, City of 50,000 to 1 million people"


def tick(page: Page, facet: str, code: str) -> None:
    """Tick a value of a facet, unfolding what it is folded into."""
    box = page.locator(f"#{facet}-{code}")
    for fold in reversed(page.locator("details", has=box).all()):
        if fold.get_attribute("open") is None and not box.is_visible():
            fold.locator("> summary").click()
    box.check()


def find_the_course(page: Page, *, script: bool) -> None:
    """Narrow the catalogue with three filters until one course is left."""
    for done, (facet, code) in enumerate(FILTERS.items(), 1):
        tick(page, facet, code)
        if script:
            expect(page.locator(".chip")).to_have_count(done)
    if not script:
        page.get_by_role("button", name="Apply the filters").click()
    expect(page.locator("#h-res")).to_have_text("1 offer")
    # Without the script the address also carries the fields that were left empty.
    assert dict(parse_qsl(urlsplit(page.url).query)) == FILTERS
    page.locator("#results h3 a").click()
    expect(page).to_have_url(re.compile(f"/en/learn/{SLUG}$"))


def sign_up(page: Page, site: Site) -> None:
    """Make an account on the way to enrolling; the link of the mail leads back to the course."""
    page.get_by_role("link", name="Make an account to enrol").click()
    page.get_by_label("Your name").fill(NAME)
    page.get_by_label("E-mail address").fill(MAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.locator("h1")).to_have_text("Look in your mail")
    page.goto(link_of(delivered(site.home, MAIL)))
    page.get_by_role("button", name="Confirm and sign in").click()
    expect(page).to_have_url(re.compile(f"/en/learn/{SLUG}$"))
    expect(page.get_by_text("Welcome. Your account is ready.")).to_be_visible()


def enrol_at_the_partner(page: Page) -> None:
    """Press the button; the page between says where it leads."""
    page.get_by_role("button", name=re.compile("^Enrol at ")).click()
    expect(page).to_have_url(re.compile(f"/en/learn/{SLUG}/leave$"))
    expect(page.locator("h1")).to_have_text("You are leaving the Urban Academy")
    way = page.get_by_role("link", name="Go there now")
    expect(way).to_have_attribute("href", re.compile(r"^https://[a-z0-9.-]+\.example/"))


def say_how_it_was(page: Page, site: Site) -> None:
    """Come back, say that it is finished, and answer the four questions."""
    page.goto(f"{site.url}/en/my")
    page.get_by_role("button", name="I finished").click()
    expect(page.locator("h1")).to_have_text("Say how it was")
    for question, answer in (("colleague", "yes"), ("city", "yes"), ("length", "no")):
        page.locator(f'[name="{question}"][value="{answer}"]').check()
    page.get_by_role("group", name="Did it work on your connection?").get_by_label("Yes").check()
    page.get_by_label("What should a colleague in another city know?").fill(TEXT)
    page.get_by_label("The language you wrote in").select_option("en")
    page.get_by_label("Your role").select_option("senior-official")
    page.get_by_label("The size of your city").select_option("intermediary")
    page.get_by_role("button", name="Send feedback").click()
    expect(page).to_have_url(re.compile(f"/en/learn/{SLUG}#feedback$"))
    expect(page.get_by_text("Thank you. Somebody reads first reviews")).to_be_visible()


def look_at_it(app: Flask) -> None:
    """Show the review to everybody, as a steward does."""
    with app.app_context(), unit_of_work():
        person = person_by_email(MAIL)
        assert person is not None
        written = db.session.scalars(select(Review).where(Review.person_id == person.id)).one()
        said = (written.colleague, written.city, written.length, written.connection)
        assert (said, written.state) == ((True, True, False, True), ReviewState.HELD)
        offer = db.session.scalars(select(Offer).where(Offer.slug == SLUG)).one()
        decide(written, ReviewState.SHOWN, offer, by=None, now=utcnow())


def kept(app: Flask) -> tuple[str, str | None, bool]:
    """Tell what is kept of the learner's taking part."""
    with app.app_context():
        person = person_by_email(MAIL)
        assert person is not None
        mine = db.session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
        return mine.standing.value, mine.progress and mine.progress.value, mine.left_at is not None


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_learner_finds_enrols_leaves_finishes_and_says_how_it_was(
    site: Site, demonstration: Flask, open_browser: OpenBrowser, script: bool
) -> None:
    page = open_browser(java_script_enabled=script).new_page()
    page.goto(f"{site.url}/en/learn")
    find_the_course(page, script=script)
    sign_up(page, site)
    enrol_at_the_partner(page)
    say_how_it_was(page, site)
    assert kept(demonstration) == ("enrolled", "finished", True)
    expect(page.locator("#feedback")).not_to_contain_text(TEXT)
    look_at_it(demonstration)
    visitor = open_browser(java_script_enabled=script).new_page()
    visitor.goto(f"{site.url}/en/learn/{SLUG}")
    said = visitor.locator("#feedback li", has_text=TEXT)
    expect(said).to_have_count(1)
    expect(said).to_contain_text(WHO)
    assert NAME not in visitor.content()
