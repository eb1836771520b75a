"""The pages of offers that are one, that vanished, that do not answer, that are gone."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from courses.catalogue import operations as catalogue
from courses.catalogue.content import MeetingContent, RunContent
from courses.catalogue.models import Kind, Offer
from courses.catalogue.runs import Run
from courses.feedback.models import ReviewState
from courses.links.models import Answered, LinkCheck
from courses.webinars.queries import expected
from tests.duplicates.published import publish
from tests.merged import merge, separate
from tests.taking_part import answers, decide, enrol, review, reviewed_by
from tests.visiting import Visitor

PARTNERS = re.compile(r'<section [^>]*id="partners">.*?</section>', re.DOTALL)
NAMES = re.compile(r'<strong><a href="[^"]*/institutions/([\w-]+)">')
NOINDEX = '<meta name="robots" content="noindex, follow">'
JSON_LD = '<script type="application/ld+json">'


def runs_of(offer: int) -> list[str]:
    """Give the references of the runs of an offer."""
    return list(db.session.scalars(select(Run.reference).where(Run.offer_id == offer)))


def change(number: int, **values: object) -> None:
    """Let something become of an offer."""
    with unit_of_work():
        offer = db.session.get_one(Offer, number)
        for name, value in values.items():
            setattr(offer, name, value)


def gone(number: int) -> None:
    """Withdraw an offer."""
    with unit_of_work():
        catalogue.withdraw(db.session.get_one(Offer, number), now=utcnow())


@pytest.fixture
def three(app: Flask) -> tuple[int, int, int]:
    """One offer of three partners, each with an address of its own."""
    made = [
        publish(f"Water for {slug}", slug, address=f"https://{slug}.example/water")
        for slug in ("river", "hill", "lake")
    ]
    merge(made[0], made[1])
    merge(made[0], made[2])
    return made[0], made[1], made[2]


@pytest.mark.usefixtures("three")
def test_the_page_tells_who_offers_it_and_leads_to_each(visitor: Visitor) -> None:
    page = visitor.page("/en/learn/river")
    [section] = PARTNERS.findall(page)
    assert "Offered by 3 partners" in section
    assert NAMES.findall(section) == ["river", "hill", "lake"]
    assert re.findall(r'href="(/en/learn/\w+/leave)"', section) == [
        f"/en/learn/{slug}/leave" for slug in ("river", "hill", "lake")
    ]
    assert visitor.page("/en/learn/hill/leave").count("https://hill.example/water") > 0


def test_each_partner_has_its_own_way_in(visitor: Visitor, three: tuple[int, int, int]) -> None:
    [section] = PARTNERS.findall(visitor.page("/en/learn/river"))
    ways = re.findall(r'action="/en/runs/([^/"]+)/leave"', section)
    assert ways == [*runs_of(three[1]), *runs_of(three[2])]


@pytest.mark.usefixtures("three")
def test_the_address_of_a_partner_leads_to_the_page_of_all_for_good(visitor: Visitor) -> None:
    for language in ("en", "ar"):
        answer = visitor.get(f"/{language}/learn/hill")
        assert (answer.status_code, answer.location) == (301, f"/{language}/learn/river")
    page = visitor.page("/ar/learn/river")
    assert NAMES.search(page) or 'institutions/hill"' in page


def test_an_offer_of_its_own_tells_of_no_partners(visitor: Visitor) -> None:
    publish("Water", "river")
    assert PARTNERS.findall(visitor.page("/en/learn/river")) == []


def test_a_partner_that_tells_no_longer_is_left_out(
    visitor: Visitor, three: tuple[int, int, int]
) -> None:
    change(three[2], vanished_at=utcnow())
    page = visitor.page("/en/learn/river")
    [section] = PARTNERS.findall(page)
    assert "Offered by 2 partners" in section
    assert NOINDEX not in page
    gone(three[1])
    assert PARTNERS.findall(visitor.page("/en/learn/river")) == []
    assert visitor.get("/en/learn/hill").location == "/en/learn/river"


def test_who_takes_part_with_a_partner_keeps_every_page(app: Flask, ana: Person) -> None:
    soon = utcnow() + timedelta(minutes=30)
    end = soon + timedelta(hours=1)
    live = RunContent(soon, end, meetings=[MeetingContent(soon, end)])
    number = publish("Water live", "river", kind=Kind.WEBINAR)
    other = publish("Water, live", "hill", kind=Kind.WEBINAR, runs=[live])
    mine = enrol(ana, runs_of(other)[0], now=utcnow()).reference
    merge(number, other)
    visitor = Visitor(app, ana)
    assert "Water, live" in html.unescape(visitor.page("/en/my"))
    assert "Water, live" in html.unescape(visitor.page(f"/en/my/enrolments/{mine}"))
    assert visitor.get(f"/en/my/enrolments/{mine}.ics").status_code == 200
    assert visitor.get("/en/learn/hill.ics").status_code == 200
    assert "You are enrolled" in visitor.page("/en/learn/river")


@pytest.mark.parametrize("what", ["merged", "vanished", "broken"])
def test_who_takes_part_is_reminded_whatever_becomes_of_the_listing(
    app: Flask, ana: Person, what: str
) -> None:
    soon = utcnow() + timedelta(minutes=30)
    end = soon + timedelta(hours=1)
    live = RunContent(soon, end, meetings=[MeetingContent(soon, end)])
    number = publish("Water live", "river", kind=Kind.WEBINAR, runs=[live])
    mine = enrol(ana, runs_of(number)[0], now=utcnow()).reference
    if what == "merged":
        merge(publish("Water live", "hill", kind=Kind.WEBINAR), number)
    else:
        change(number, **{f"{what}_at": utcnow()})
    [one] = expected(after=utcnow(), until=end)
    assert one.enrolment == mine
    assert app


def test_what_peers_say_of_all_partners_stands_together(
    app: Flask, ana: Person, three: tuple[int, int, int]
) -> None:
    river, hill, _lake = three
    reviewed_by(3, runs_of(river)[0], yes=3)
    reviewed_by(2, runs_of(hill)[0], yes=0)
    enrol(ana, runs_of(hill)[0], now=utcnow())
    review(ana, runs_of(hill)[0], answers("Said of the hill."), now=utcnow())
    page = Visitor(app, ana).page("/en/learn/river")
    assert '<span class="val">60%</span>' in page
    assert "Said of the hill." not in page
    decide(ana, runs_of(hill)[0], ReviewState.SHOWN)
    page = Visitor(app, ana).page("/en/learn/river")
    assert "Said of the hill." in page
    assert f'href="/en/runs/{runs_of(hill)[0]}/review"' in page
    [concern] = re.findall(r'href="(/en/learn/hill/concern\?review=[^"]+)"', page)[:1]
    assert "Said of the hill." in Visitor(app).page(html.unescape(concern))


def test_separated_offers_have_their_pages_again(
    visitor: Visitor, three: tuple[int, int, int]
) -> None:
    separate(three[1])
    assert "Water for hill" in visitor.page("/en/learn/hill")


def test_a_vanished_offer_says_since_when_and_stays(visitor: Visitor) -> None:
    number = publish("Water", "river")
    page = visitor.page("/en/learn/river")
    assert JSON_LD in page
    assert NOINDEX not in page
    change(number, vanished_at=utcnow())
    page = visitor.page("/en/learn/river")
    assert "The river has not told of this offer since <time" in page
    assert NOINDEX in page
    assert JSON_LD not in page
    assert 'href="/en/learn?q=Water"' in page


def test_a_broken_address_says_since_when_and_when_it_was_looked_at(visitor: Visitor) -> None:
    address = "https://river.example/water"
    number = publish("Water", "river", address=address)
    change(number, broken_at=utcnow())
    with unit_of_work():
        at = utcnow() - timedelta(days=3, minutes=1)
        check = {"answered": Answered.STRIKE, "reason": "404", "checked_at": at, "due_at": at}
        db.session.add(LinkCheck(offer_id=number, address=address, **check))
    page = visitor.page("/en/learn/river")
    assert re.search(
        r"Its address has led nowhere since <time [^>]*>[^<]*</time>\. The page is not", page
    )
    assert "We looked again 3 days ago." in page
    assert NOINDEX in page
    assert visitor.get("/ar/learn/river").status_code == 200


@pytest.mark.parametrize("vanished", [True, False])
def test_what_is_gone_says_so_and_what_there_is_instead(visitor: Visitor, vanished: bool) -> None:
    number = publish("Water for deltas", "river")
    publish("Water again", "hill")
    change(number, vanished_at=utcnow() if vanished else None)
    gone(number)
    answer = visitor.get("/en/learn/river")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 410
    said = "has not told of this offer" if vanished else "has withdrawn this offer"
    assert said in page
    assert re.findall(r'<nav class="crumbs".*?</nav>', page, re.DOTALL)[0].count("<li>") == 2
    assert 'href="/en/learn/hill"' in page
    assert 'href="/en/learn?institution=river"' in page
    assert 'href="/en/learn?q=Water+for+deltas"' in page
    assert NOINDEX in page
    assert JSON_LD not in page
    arabic = visitor.get("/ar/learn/river")
    assert (arabic.status_code, 'dir="rtl"' in arabic.get_data(as_text=True)) == (410, True)


def test_what_was_never_shown_is_not_there(visitor: Visitor) -> None:
    number = publish("Water", "river")
    gone(number)
    change(number, published_at=None)
    assert visitor.get("/en/learn/river").status_code == 404
    assert visitor.get("/en/learn/nothing").status_code == 404


def test_the_api_tells_of_partners_leads_on_and_says_what_is_gone(
    visitor: Visitor, three: tuple[int, int, int]
) -> None:
    told = visitor.get("/api/v1/offers/river").get_json()
    assert told["canonical"] is None
    assert [one["institution"] for one in told["offered_by"]] == ["river", "hill", "lake"]
    assert told["offered_by"][1]["address"] == "https://hill.example/water"
    answer = visitor.get("/api/v1/offers/hill")
    assert (answer.status_code, answer.location) == (301, "/api/v1/offers/river")
    for number in three:
        gone(number)
    answer = visitor.get("/api/v1/offers/river")
    assert (answer.status_code, answer.content_type) == (410, "application/problem+json")
    assert answer.get_json()["code"] == "offer-gone"


def test_the_api_names_an_offer_alone_as_its_only_partner(visitor: Visitor) -> None:
    publish("Water", "river")
    told = visitor.get("/api/v1/offers/river").get_json()
    assert [one["slug"] for one in told["offered_by"]] == ["river"]
