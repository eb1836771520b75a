"""The page of one's own enrolment: how it stands, when it is, what happens next, the way out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import utcnow
from courses.catalogue.content import RunContent
from tests.making import make_person
from tests.meeting import meeting, set_zone, webinar, withdraw_offer
from tests.taking_part import enrol, make_run, withdraw
from tests.visiting import Visitor

DAY = timedelta(days=1)
NOW = utcnow()
SOON = (NOW + 7 * DAY).replace(hour=14, minute=0, second=0, microsecond=0)
COMING = RunContent(NOW + 7 * DAY, NOW + 9 * DAY, capacity=1)
PAST = RunContent(NOW - 9 * DAY, NOW - 7 * DAY)
PARTNER = "https://school.example/water"


def page_of(visitor: Visitor, person: Person, run: str) -> str:
    """Enrol somebody, and give the main part of the page that says what happens next."""
    reference = enrol(person, run, now=NOW - 10 * DAY).reference
    page = visitor.page(f"/en/my/enrolments/{reference}")
    return str(page.partition("<main")[2].partition("</main>")[0])


def heading(page: str) -> str:
    """Give the heading."""
    return str(re.findall(r"<h1[^>]*>([^<]*)</h1>", page)[0])


def stops(page: str) -> list[str]:
    """Give the stops of the way; those that are done in brackets."""
    found = re.findall(r'<span class="dot( done)?".*?<h3>([^<]*)', page, re.DOTALL)
    return [f"({name})" if done else name for done, name in found]


def buttons(page: str) -> list[str]:
    """Give what one can do, as it is said."""
    found = re.findall(r'<(?:button|a class="btn)[^>]*>(.*?)</(?:button|a)>', page, re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", text).split()) for text in found]


def test_a_webinar_tells_its_hour_in_the_zone_of_the_account_and_in_utc(
    visitor: Visitor, ana: Person
) -> None:
    set_zone(ana, "Asia/Kathmandu")
    page = page_of(visitor, ana, webinar(SOON))
    day = f"{SOON.day} {SOON:%B %Y}"
    [told] = re.findall(r"<time[^>]*>([^<]*–[^<]*)</time>", page)
    assert told == f"{day}, 19:45 (Asia/Kathmandu) – 14:00 UTC"
    assert heading(page) == "You are enrolled"


def test_without_a_zone_the_script_tells_the_hour_as_the_browser_has_it(
    visitor: Visitor, ana: Person
) -> None:
    page = page_of(visitor, ana, webinar(SOON))
    [told] = re.findall(r'<time datetime="[^"]*" data-local="full">([^<]*)</time>', page)
    assert told == f"{SOON.day} {SOON:%B %Y}, 14:00 UTC"


def test_a_webinar_says_how_one_is_reminded_joins_and_leaves(visitor: Visitor, ana: Person) -> None:
    page = page_of(visitor, ana, webinar(SOON))
    assert stops(page) == [
        "(Enrolled)",
        "We remind you",
        "You join from here",
        "We ask how it was",
    ]
    assert buttons(page) == ["To the meeting", "Calendar file", "Withdraw"]


def test_a_partners_course_says_that_one_goes_on_there_and_is_asked_later(
    visitor: Visitor, ana: Person
) -> None:
    page = page_of(visitor, ana, make_run(RunContent(), address=PARTNER))
    assert stops(page) == ["(Enrolled)", "You go on at the institution", "We ask how far you got"]
    assert buttons(page)[0] == "Go to the institution’s site"
    assert "Start any time" in page


def test_a_course_of_an_institution_without_a_page_says_who_gets_in_touch(
    visitor: Visitor, ana: Person
) -> None:
    page = page_of(visitor, ana, make_run(COMING))
    assert stops(page) == ["(Enrolled)", "The institution gets in touch", "We ask how it was"]
    assert buttons(page) == ["Withdraw"]


def test_who_waits_reads_their_place_and_what_follows(app: Flask, ana: Person) -> None:
    run = make_run(COMING)
    enrol(make_person("ben@example.org"), run, now=NOW - 11 * DAY)
    page = page_of(Visitor(app, ana), ana, run)
    assert heading(page) == "You are waiting"
    assert "You are number 1 of those who wait" in page
    assert buttons(page) == ["Leave the waiting list"]
    assert stops(page)[0] == "(On the waiting list)"


def test_who_withdrew_reads_so_and_has_nothing_to_press(visitor: Visitor, ana: Person) -> None:
    run = make_run(COMING)
    reference = enrol(ana, run, now=NOW).reference
    withdraw(ana, run, now=NOW)
    page = visitor.page(f"/en/my/enrolments/{reference}").partition("<main")[2]
    assert (heading(page), stops(page)) == ("You have withdrawn", [])
    assert "Withdraw</button>" not in page


def test_what_is_over_can_be_watched_again(visitor: Visitor, ana: Person) -> None:
    films = "https://films.example/water"
    hours = [meeting(NOW - 3 * DAY, recording=films)]
    page = page_of(visitor, ana, webinar(meetings=hours))
    assert (heading(page), page.count(f'href="{films}"')) == ("You took part", 1)
    assert buttons(page) == ["Calendar file"]


def test_what_the_institution_withdrew_says_so_and_leads_nowhere(
    visitor: Visitor, ana: Person
) -> None:
    run = make_run(replace(COMING, capacity=None), address=PARTNER)
    reference = enrol(ana, run, now=NOW).reference
    withdraw_offer(run, now=NOW)
    page = visitor.page(f"/en/my/enrolments/{reference}").partition("<main")[2]
    assert "The institution no longer offers this." in page
    assert ("/en/learn/water-for-all" in page, PARTNER in page) == (False, False)


@pytest.mark.parametrize("run", [COMING, PAST])
def test_the_offer_and_my_learning_lead_to_the_page(
    visitor: Visitor, ana: Person, run: RunContent
) -> None:
    reference = enrol(ana, make_run(run), now=NOW - 10 * DAY).reference
    way = f'href="/en/my/enrolments/{reference}"'
    assert [way in visitor.page(path) for path in ("/en/learn/water-for-all", "/en/my")] == [
        True,
        True,
    ]
