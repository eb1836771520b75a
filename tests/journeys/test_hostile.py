"""Offers, reviews and people whose every text tries to act: pages show it, and nothing happens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Page
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from academy.institutions.operations import add_institution
from courses.catalogue import operations as catalogue
from courses.catalogue.content import MeetingContent, OfferContent, RunContent, TextContent
from courses.catalogue.models import Kind, Offer
from courses.catalogue.runs import Run
from courses.feedback.models import ReviewState
from courses.search.backlog import waiting
from tests.journeys.conftest import OpenBrowser
from tests.journeys.pages import listen
from tests.letters import delivered, link_of
from tests.making import PASSWORD, content, make_person
from tests.patience import awaited
from tests.serving import Site, serving
from tests.taking_part import answers, decide, enrol, review

pytestmark = pytest.mark.browser
ACT = "window.acted=(window.acted||0)+1"
PAYLOADS = (
    f"<script>{ACT}</script>",
    f'"><img src=x onerror="{ACT}">',
    f"'><svg onload='{ACT}'>",
    f"</title><script>{ACT}</script>",
    f'</script><script>{ACT}</script><a href="javascript:{ACT}">',
    f"<iframe srcdoc='<script>parent.{ACT}</script>'></iframe>",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    f"<math><mtext><table><mglyph><style><img src onerror={ACT}>",
)
HOSTILE = "Water " + " ".join(PAYLOADS)
CALL = f"javascript:{ACT}"
PLACE, ACTED = "hostile-school", "window.acted || 0"
STRANGE = "main script, main iframe, main svg[onload], main img, main math, main style, body > img"


def hostile_content() -> OfferContent:
    """Make an offer whose every text is hostile."""
    start = utcnow() - timedelta(days=1)
    hours = [MeetingContent(start, start + timedelta(hours=1), {"en": HOSTILE}, CALL)]
    made = content(HOSTILE, summary=HOSTILE, description=HOSTILE, kind=Kind.COURSE)
    texts = [*made.texts, TextContent("ar", HOSTILE, HOSTILE, HOSTILE)]
    return OfferContent(
        kind=made.kind,
        language="en",
        texts=texts,
        languages=made.languages,
        term_ids=made.term_ids,
        provider=HOSTILE,
        address="https://school.example/?q=%22%3E%3Cscript%3E",
        contact=HOSTILE[:250],
        audience={"en": HOSTILE},
        cost=made.cost,
        workload=HOSTILE,
        runs=[RunContent(start, start + timedelta(days=9), meetings=hours)],
    )


def make_hostile_offer() -> str:
    """Make a hostile institution and its offer; give the run's reference."""
    with unit_of_work():
        place = add_institution(PLACE, name={"en": HOSTILE}, now=utcnow())
        place.about, place.city = {"en": HOSTILE}, HOSTILE[:110]
        place.homepage, place.contact, place.country = CALL, HOSTILE[:250], "\"'"
        offer = catalogue.add_offer(place, hostile_content(), address="hostile", now=utcnow())
        catalogue.publish(offer, now=utcnow())
    return db.session.scalars(
        select(Run.reference).join(Offer).where(Offer.slug == "hostile")
    ).one()


def make_reviews(run: str) -> None:
    """Let a person with a hostile name write a hostile review, and show it."""
    person: Person = make_person("mallory@example.org", name=HOSTILE[:110])
    enrol(person, run, now=utcnow())
    review(person, run, answers(HOSTILE), now=utcnow())
    decide(person, run, ReviewState.SHOWN)


def left(app: Flask) -> int:
    """Count what the index has yet to learn."""
    with app.app_context():
        return waiting()


@pytest.fixture
def hostile(demonstration: Flask) -> Iterator[Site]:
    """The demonstration network with hostile texts in it, behind the real server."""
    with demonstration.app_context():
        make_reviews(make_hostile_offer())
    with serving(demonstration.config["SETTINGS"]) as running:
        awaited(lambda: not left(demonstration), "the worker does not bring the index up to date")
        yield running


def pages(run: str) -> list[str]:
    """Give every page on which some of it is shown, and those that repeat what they are asked."""
    asked = quote(HOSTILE)
    return [
        *("", "learn?sort=newest", "learn?q=water", "institutions", f"institutions/{PLACE}"),
        *("learn/hostile", "learn/hostile/leave", f"learn?institution={PLACE}&language=hi"),
        *(f"learn?q={asked}", f"learn?issue={asked}&sort={asked}", f"sign-up?next={quote(CALL)}"),
        *("my", "my/account", f"runs/{run}/review", f"learn/{asked}"),
    ]


def walk(page: Page, site: Site, run: str) -> dict[str, object]:
    """Open every page in two languages; give what happened where something did."""
    happened: dict[str, object] = {}
    for path in [f"/{language}/{path}" for language in ("en", "ar") for path in pages(run)]:
        page.goto(f"{site.url}{path}")
        found = (page.evaluate(ACTED), page.locator(STRANGE).count(), page.evaluate("reports"))
        if found != (0, 0, []):
            happened[path] = found
        calls = page.locator("a[href^='javascript:' i], form[action^='javascript:' i]").count()
        if calls:
            happened[path] = f"{calls} addresses that act"
    return happened


def test_hostile_texts_are_shown_and_do_nothing(
    hostile: Site, demonstration: Flask, open_browser: OpenBrowser
) -> None:
    with demonstration.app_context():
        run = db.session.scalars(
            select(Run.reference).join(Offer).where(Offer.slug == "hostile")
        ).one()
    context = open_browser()
    ear, dialogs = listen(context), []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    context.on("dialog", dismiss)
    page = context.new_page()
    as_visitor = walk(page, hostile, run)
    page.goto(f"{hostile.url}/en/sign-in")
    page.locator("#f-email").fill("mallory@example.org")
    page.locator("#f-password").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/en/my")
    as_learner = walk(page, hostile, run)
    assert (as_visitor, as_learner, dialogs) == ({}, {}, [])
    assert [line for line in ear.heard if "404 (NOT FOUND)" not in line] == []


def test_a_hostile_name_can_be_signed_up_with_and_is_only_text(
    site: Site, open_browser: OpenBrowser
) -> None:
    context = open_browser()
    ear, page = listen(context), context.new_page()
    page.goto(f"{site.url}/en/sign-up")
    page.locator("#f-name").fill(f'Eve & "Ed" {{{{ 7*7 }}}} <img src=x onerror={ACT}>')
    page.locator("#f-email").fill("eve@example.org")
    page.locator("#f-password").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/en/sign-in/code")
    page.goto(link_of(delivered(site.home, "eve@example.org")))
    page.locator("main form button").click()
    page.wait_for_url("**/en/my")
    shown = page.locator(".me > summary").inner_text()
    assert shown.endswith('Eve & "Ed" {{ 7*7 }}')
    assert (page.evaluate(ACTED), ear.heard) == (0, [])


@pytest.mark.parametrize("payload", PAYLOADS[:4])
def test_the_texts_do_act_where_nothing_stops_them(open_browser: OpenBrowser, payload: str) -> None:
    page = open_browser().new_page()
    page.set_content(f"<title>{payload}</title><p title='\"{payload}\"'>{payload}</p>")
    page.wait_for_function(ACTED)
    assert page.evaluate(ACTED) > 0
