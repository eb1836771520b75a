"""Offers of several partners compared: what becomes one by itself, and what waits for people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from academy.db import db, unit_of_work
from courses.catalogue import operations as catalogue
from courses.catalogue.content import RunContent
from courses.catalogue.models import Kind, Offer
from courses.duplicates.finding import look_for_twins
from courses.duplicates.models import OfferKey
from tests.duplicates.published import publish
from tests.making import NOW, make_offer
from tests.merged import canonicals, look, merge, pairs, separate

PAGE = "https://learn.example.org/water"
COURSE = "https://{host}/courses/course-v1:Org+Water101+{run}/about"
pytestmark = pytest.mark.usefixtures("app")


def looked(*, limit: int = 500, now: Any = NOW) -> int:
    """Look once for twins, as the worker does."""
    with unit_of_work():
        return look_for_twins(now=now, limit=limit)


def test_what_two_partners_tell_of_one_page_becomes_one() -> None:
    publish("Water for all", "river", address=f"{PAGE}?utm_source=river")
    publish("Water for all", "hill", address=f"{PAGE.replace('https', 'http')}/")
    assert look() == 1
    assert canonicals() == {"river": None, "hill": "river"}
    assert pairs() == [("river", "hill", "address", "same")]


def test_one_course_of_two_platforms_becomes_one_whatever_its_run() -> None:
    publish("Water", "river", address=COURSE.format(host="a.example", run="2024"))
    publish("All about urban water", "hill", address=COURSE.format(host="b.example", run="2026"))
    assert look() == 1
    assert canonicals() == {"river": None, "hill": "river"}
    assert pairs() == [("river", "hill", "identifier", "same")]


def test_an_identifier_that_a_title_contradicts_waits_for_people() -> None:
    publish("Water, part 1", "river", address=COURSE.format(host="a.example", run="2024"))
    publish("Water, part 2", "hill", address=COURSE.format(host="b.example", run="2026"))
    assert look() == 1
    assert canonicals() == {"river": None, "hill": None}
    assert pairs() == [("river", "hill", "identifier", "open")]


def test_an_address_that_one_side_uses_twice_makes_pairs_for_people() -> None:
    publish("Water for the city", "river", address=PAGE)
    publish("Water and the city", "river-too", institution="river", address=PAGE)
    publish("Water in the city", "hill", address=PAGE)
    look()
    assert canonicals() == {"river": None, "river-too": None, "hill": None}
    told = {(one, other) for one, other, reason, _decision in pairs() if reason == "address"}
    assert {("river", "hill"), ("river-too", "hill")} <= told


def test_the_front_page_of_a_platform_makes_nothing_one() -> None:
    publish("Water", "river", address="https://learn.example.org/")
    publish("Housing", "hill", address="https://learn.example.org")
    assert look() == 0


def test_one_address_with_other_words_waits_for_people() -> None:
    publish("Water for all", "river", address=PAGE)
    publish("Drains and sewers of the delta", "hill", address=PAGE)
    assert look() == 1
    assert pairs() == [("river", "hill", "address", "open")]


def test_titles_alone_wait_for_people() -> None:
    publish("Resilient cities: an introduction", "river", address="https://a.example/1")
    publish("An introduction: Resilient Cities", "hill", address="https://b.example/1")
    publish("Resilient cities: an introduction 2", "lake", address="https://c.example/1")
    assert look() == 1
    assert pairs() == [("river", "hill", "title", "open")]
    assert canonicals() == {"river": None, "hill": None, "lake": None}


def test_a_course_and_a_webinar_are_two() -> None:
    publish("Water for all", "river", address=PAGE)
    publish("Water for all", "hill", address=PAGE, kind=Kind.WEBINAR)
    assert look() == 0


def test_webinars_with_one_title_are_asked_about_only_within_a_day() -> None:
    for slug, hours in (("river", 0), ("hill", 20), ("lake", 24 * 30)):
        runs = [RunContent(starts_at=NOW + timedelta(hours=hours))]
        publish("Water for all", slug, kind=Kind.WEBINAR, runs=runs)
    assert look() == 1
    assert pairs() == [("river", "hill", "title", "open")]


def test_what_was_told_apart_never_comes_back() -> None:
    one = publish("Water for all", "river", address=PAGE)
    other = publish("Water for all", "hill", address=PAGE)
    look()
    separate(other)
    assert look(now=NOW + timedelta(days=1)) == 0
    assert canonicals() == {"river": None, "hill": None}
    assert pairs() == [("river", "hill", "address", "different")]
    publish("Water for all", "lake", address=PAGE)
    assert look(now=NOW + timedelta(days=2)) == 1
    assert canonicals() == {"river": None, "hill": None, "lake": "river"}
    assert one < other


def test_three_partners_become_one() -> None:
    for slug in ("river", "hill", "lake"):
        publish("Water for all", slug, address=PAGE)
    assert look() == 2
    assert canonicals() == {"river": None, "hill": "river", "lake": "river"}


def test_what_was_to_be_asked_of_one_is_asked_of_the_one_that_stands_for_it() -> None:
    river = publish("Water for all", "river")
    hill = publish("Another name", "hill")
    publish("Water for all", "lake")
    look()
    merge(hill, river)
    assert ("hill", "lake", "title", "open") in pairs()


def test_only_what_changed_is_looked_at_and_nothing_is_written_anew() -> None:
    for number in range(3):
        publish(f"Water {number}", f"offer-{number}", address=f"{PAGE}/{number}")
    assert [looked(limit=2), looked(limit=2), looked(limit=2)] == [2, 1, 0]
    keys = db.session.scalars(select(OfferKey.id).order_by(OfferKey.id)).all()
    db.session.rollback()
    with unit_of_work():
        later = NOW + timedelta(hours=1)
        db.session.execute(update(Offer).where(Offer.slug == "offer-1").values(changed_at=later))
    assert looked(now=NOW + timedelta(hours=2)) == 1
    assert db.session.scalars(select(OfferKey.id).order_by(OfferKey.id)).all() == keys


def test_a_changed_address_changes_the_keys() -> None:
    number = publish("Water", "river", address=PAGE)
    looked()
    before = set(db.session.scalars(select(OfferKey.value)))
    db.session.rollback()
    later = NOW + timedelta(hours=1)
    with unit_of_work():
        offer = db.session.get_one(Offer, number)
        offer.address, offer.changed_at = f"{PAGE}/anew", later
    looked(now=later)
    after = set(db.session.scalars(select(OfferKey.value)))
    assert len(before - after) == len(after - before) == 1


def test_what_is_no_longer_published_is_not_compared() -> None:
    publish("Water for all", "river", address=PAGE)
    number = publish("Water for all", "hill", address=PAGE)
    with unit_of_work():
        catalogue.withdraw(db.session.get_one(Offer, number), now=NOW)
    assert looked() == 1
    assert pairs() == []


def test_a_landing_page_of_very_many_makes_nothing_one(app: Flask) -> None:
    for number in range(24):
        publish(f"Lesson {number}", f"offer-{number}", institution=f"school-{number}", address=PAGE)
    assert look() == 0
    assert db.session.scalar(select(func.count()).select_from(OfferKey)) == 24 * 3


def test_two_offers_made_by_hand_in_one_institution_wait_for_people() -> None:
    make_offer("Water for all")
    make_offer("Water for all")
    assert look() == 1
    assert [decision for *_pair, decision in pairs()] == ["open"]


def test_what_can_still_be_joined_stands_for_what_is_over() -> None:
    days = timedelta(days=1)
    over = [RunContent(starts_at=NOW - 400 * days, ends_at=NOW - 300 * days)]
    coming = [RunContent(starts_at=NOW + 30 * days, ends_at=NOW + 60 * days)]
    publish("Water", "river", address=COURSE.format(host="a.example", run="2024"), runs=over)
    publish("Water", "hill", address=COURSE.format(host="b.example", run="2026"), runs=coming)
    looked()
    assert canonicals() == {"river": "hill", "hill": None}


def test_a_leader_that_is_over_hands_on_when_another_is_to_come() -> None:
    days = timedelta(days=1)
    first = [RunContent(starts_at=NOW + days, ends_at=NOW + 2 * days)]
    later = [RunContent(starts_at=NOW + 30 * days, ends_at=NOW + 60 * days)]
    publish("Water", "river", address=COURSE.format(host="a.example", run="2024"), runs=first)
    publish("Water", "hill", address=COURSE.format(host="b.example", run="2026"), runs=later)
    look()
    assert canonicals() == {"river": None, "hill": "river"}
    looked(now=NOW + 10 * days)
    assert canonicals() == {"river": "hill", "hill": None}
    looked(now=NOW + 90 * days)
    assert canonicals() == {"river": "hill", "hill": None}


def test_one_course_told_in_two_languages_waits_for_people() -> None:
    publish("Water", "river", address=COURSE.format(host="a.example", run="2024"))
    french = COURSE.format(host="b.example", run="2026")
    publish("L'eau", "hill", address=french, language="fr")
    assert look() == 1
    assert pairs() == [("river", "hill", "identifier", "open")]
