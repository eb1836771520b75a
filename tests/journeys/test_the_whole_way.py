"""The whole way, from an institution that is new here to a review: everybody at work."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from sqlalchemy import func, select

from academy.db import db, unit_of_work, utcnow
from courses.catalogue.models import Offer, State
from courses.catalogue.runs import Meeting, Run
from courses.jobs import EACH_QUARTER, work_off
from courses.uploads.models import RowState, UploadRow
from tests.journeys.conftest import OpenBrowser
from tests.journeys.mailbox import calendar_in, mail_for, way_in
from tests.journeys.pages import sign_in
from tests.making import PASSWORD
from tests.meeting import events_of
from tests.serving import Site

pytestmark = pytest.mark.browser
HOME, EDITOR, LEARNER = "hill-towns-school", "abena@example.org", "tomas@example.org"
NAME, PLACE, WEBINAR = "Tomas Test-Novák", "institut-communes-sud", "Wells in small towns"
MEETING = "https://meet.example.org/wells"
TEXT = "Bring the map of your wells: we drew on ours for an hour."
FAULTS: tuple[dict[str, str], ...] = (
    {"title": ""},
    {"kind": "conference"},
    {"cost": "perhaps"},
    {"issues": "clouds"},
    {"contact": "", "address": ""},
    {"language": "Martian"},
)


def row(number: int, **changes: str) -> dict[str, str]:
    """Write a row of a sheet, without a fault but for the changes."""
    usual = {
        "id": f"H-{number}",
        "title": f"Hill course {number}",
        "kind": "course",
        "language": "English",
        "address": f"https://example.org/hill/{number}",
        "issues": "water",
        "methodologies": "self-paced",
        "contact": "school@example.org",
        "cost": "free",
        "starts": "",
        "ends": "",
        "zone": "",
        "join_link": "",
    }
    return usual | changes


def sheet(rows: list[dict[str, str]]) -> FilePayload:
    """Make a file of rows, as a browser sends one."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return {"name": "offers.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}


def sign_up(page: Page, home: Path, *, name: str, email: str) -> None:
    """Fill in the form that is open, and follow the link of the mail."""
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.locator("h1")).to_have_text("Look in your mail")
    page.goto(way_in(mail_for(home, email, "Confirm")))
    page.get_by_role("button", name="Confirm and sign in").click()


def set_up_and_invite(page: Page, site: Site) -> None:
    """Let a steward enter a new institution, and invite its first editor."""
    sign_in(page, site, email="steward@sample.example")
    page.goto(f"{site.url}/en/secretariat/institutions/add")
    page.get_by_label("Name, in its own language").fill("Hill Towns School")
    page.get_by_label("The language of that name").select_option("en")
    page.locator('input[name="kind"][value="university"]').check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Hill Towns School")).to_be_visible()
    page.goto(f"{site.url}/en/institutions/{HOME}/desk/people")
    page.get_by_label("E-mail address").fill(EDITOR)
    page.locator('input[name="role"][value="editor"]').check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("Invited, no answer yet")).to_be_visible()


def upload(page: Page, site: Site, place: str, rows: list[dict[str, str]]) -> None:
    """Upload a sheet, and come to the page that shows what each row would do."""
    page.goto(f"{site.url}/en/institutions/{place}/desk/uploads")
    page.get_by_label("Spreadsheet").set_input_files(sheet(rows))
    page.get_by_role("button", name="Look at the rows").click()
    expect(page.locator("h1")).to_have_text("offers.csv")


def publish(page: Page, count: int) -> None:
    """Publish the rows of a short sheet."""
    label = f"Publish {count} rows" if count > 1 else "Publish 1 row"
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_text(re.compile("^Published on"))).to_be_visible()


def test_an_invited_editor_publishes_thirty_rows_of_a_sheet(
    site: Site, demonstration: Flask, open_browser: OpenBrowser
) -> None:
    set_up_and_invite(open_browser().new_page(), site)
    page = open_browser().new_page()
    page.goto(way_in(mail_for(site.home, EDITOR, "invites you")))
    expect(page.locator("h1")).to_have_text("You are invited to work for Hill Towns School")
    page.get_by_role("link", name="Create an account").last.click()
    sign_up(page, site.home, name="Abena Test-Mensah", email=EDITOR)
    page.get_by_role("button", name="Accept").click()

    rows = [row(number) for number in range(30)]
    rows += [row(30 + number, **fault) for number, fault in enumerate(FAULTS)]
    upload(page, site, HOME, rows)
    page.get_by_role("link", name=re.compile("^To mend")).click()
    expect(page.locator("ol.says-list > li")).to_have_count(6)
    expect(page.locator("ol.says-list > li ul")).to_have_count(6)
    publish(page, 30)

    page.goto(f"{site.url}/en/institutions/{HOME}/desk/offers")
    expect(page.get_by_role("link", name=re.compile("Hill course"))).not_to_have_count(0)
    with demonstration.app_context():
        seen = select(Offer.state, func.count()).where(Offer.institution.has(slug=HOME))
        assert db.session.execute(seen.group_by(Offer.state)).all() == [(State.PUBLISHED, 30)]
        faulty = select(func.count(UploadRow.id)).where(UploadRow.state == RowState.FAULTY)
        assert db.session.scalar(faulty) == 6


def announce(page: Page, site: Site) -> datetime:
    """Let an editor publish a webinar that begins in some minutes; tells when."""
    starts = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=12)
    hours = {"starts": f"{starts:%Y-%m-%d %H:%M}", "zone": "UTC", "join_link": MEETING}
    hours["ends"] = f"{starts + timedelta(hours=1):%Y-%m-%d %H:%M}"
    told = {"title": WEBINAR, "kind": "Webinar", "address": "", "methodologies": "webinar"}
    sign_in(page, site, email="editor@sample.example")
    upload(page, site, PLACE, [row(1, **told, **hours)])
    publish(page, 1)
    return starts


def take_part(page: Page, site: Site, starts: datetime) -> None:
    """Let somebody new enrol, read the mail with the calendar file, and go in."""
    page.goto(f"{site.url}/en/learn/wells-in-small-towns")
    page.get_by_role("link", name="Make an account to enrol").click()
    sign_up(page, site.home, name=NAME, email=LEARNER)
    page.get_by_role("button", name="Enrol", exact=True).click()
    expect(page.locator("h1")).to_have_text("You are enrolled")
    reference = page.url.rpartition("/")[2]
    mail = mail_for(site.home, LEARNER, "You are enrolled")
    [event] = events_of(calendar_in(mail))
    assert (event.start, event.end) == (starts, starts + timedelta(hours=1))
    assert str(event["SUMMARY"]) == WEBINAR
    door = f"{site.url}/en/my/enrolments/{reference}/join"
    assert door in str(event.get("URL", "")) + str(event.get("DESCRIPTION", ""))
    assert MEETING not in mail.as_string()
    page.goto(door)
    page.get_by_role("button", name="Join now").click()
    expect(page.get_by_role("link", name="Go there now")).to_have_attribute("href", MEETING)


def end_the_webinar(app: Flask) -> None:
    """Let three hours pass: the webinar is over, and the clock of the worker strikes."""
    hours = timedelta(hours=3)
    with app.app_context():
        with unit_of_work():
            run = select(Run).join(Run.offer).where(Offer.slug == "wells-in-small-towns")
            found = db.session.scalars(run).one()
            for one in (found, *db.session.scalars(select(Meeting).where(Meeting.run == found))):
                assert one.starts_at is not None
                assert one.ends_at is not None
                one.starts_at, one.ends_at = one.starts_at - hours, one.ends_at - hours
        work_off(EACH_QUARTER, now=utcnow())


def review(stranger: BrowserContext, site: Site) -> None:
    """Follow the link of the mail in a browser that knows nobody, and say how it was."""
    page = stranger.new_page()
    page.goto(way_in(mail_for(site.home, LEARNER, "How was it?")))
    for question in ("colleague", "city", "length", "connection"):
        page.locator(f'[name="{question}"][value="yes"]').check()
    page.get_by_label("What should a colleague in another city know?").fill(TEXT)
    page.get_by_role("button", name="Send feedback").click()
    expect(page.get_by_text("Thank you. Somebody reads first reviews")).to_be_visible()
    expect(page.locator(".signin")).to_be_visible()
    assert "academy" not in {one.get("name") for one in stranger.cookies()}


def look_at_who_came(page: Page, site: Site) -> None:
    """Let a facilitator see who takes part, and that they went in."""
    sign_in(page, site, email="facilitator@sample.example")
    page.goto(f"{site.url}/en/institutions/{PLACE}/desk/participants")
    page.get_by_role("link", name=WEBINAR).click()
    person = page.locator("tr", has=page.get_by_role("rowheader", name=NAME))
    expect(person).to_contain_text("Registered")
    expect(person.locator('[data-th="Joined"] time')).to_have_count(1)
    assert LEARNER not in page.content()


def show_the_review(page: Page, site: Site) -> None:
    """Let a steward read the first review of somebody, and show it."""
    sign_in(page, site, email="steward@sample.example")
    page.goto(f"{site.url}/en/secretariat/reviews")
    held = page.locator("main li", has_text=TEXT)
    expect(held).to_have_count(1)
    held.get_by_role("button", name=re.compile("^Show it to everybody")).click()
    expect(page.get_by_text("Everybody can read it now.")).to_be_visible()


def test_a_learner_joins_a_webinar_and_reviews_it_by_mail(
    site: Site, demonstration: Flask, open_browser: OpenBrowser
) -> None:
    starts = announce(open_browser().new_page(), site)
    take_part(open_browser().new_page(), site, starts)
    end_the_webinar(demonstration)
    visitor = open_browser().new_page()
    review(open_browser(), site)
    visitor.goto(f"{site.url}/en/learn/wells-in-small-towns")
    expect(visitor.locator("#feedback")).not_to_contain_text(TEXT)

    look_at_who_came(open_browser().new_page(), site)
    show_the_review(open_browser().new_page(), site)
    visitor.reload()
    expect(visitor.locator("#feedback")).to_contain_text(TEXT)
    assert NAME not in visitor.content()
