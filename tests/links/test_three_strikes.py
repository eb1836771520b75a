"""Three strikes on three days take an offer out of the lists; a good answer brings it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.catalogue.rules import is_listed, is_visible
from courses.links.models import Answered
from courses.links.operations import ask_again
from courses.links.queries import broken, broken_count, check_of, due, due_count, links_of
from courses.links.rules import Verdict
from courses.search.backlog import StaleOffer
from tests.links.links_kept import BUSY, DAY, FINE, GONE, MONDAY, check, kept, linked, offer
from tests.links.links_kept import struck_out as three_strikes
from tests.making import make_institution, make_offer

WEEK = timedelta(days=7)
EVERYWHERE = Offer.id.is_not(None)

pytestmark = pytest.mark.usefixtures("app")


def addresses(limit: int = 10) -> list[str]:
    return [one.address for one in due(MONDAY, limit=limit)]


def test_two_strikes_are_borne_and_the_third_marks_the_offer() -> None:
    key = linked()
    for day, strikes in enumerate((1, 2)):
        kept(key, GONE, MONDAY + day * DAY)
        assert (check(key).strikes, is_listed(offer(key))) == (strikes, True)
    kept(key, GONE, MONDAY + 2 * DAY)
    marked = offer(key)
    assert (marked.broken_at, is_listed(marked), is_visible(marked)) == (
        *(MONDAY + 2 * DAY, False, True),
    )


def test_ten_strikes_on_one_day_are_one() -> None:
    key = linked()
    for hour in range(10):
        kept(key, GONE, MONDAY + timedelta(hours=hour))
    assert (check(key).strikes, is_listed(offer(key))) == (1, True)


def test_a_good_answer_between_strikes_forgives_them() -> None:
    key = linked()
    kept(key, GONE, MONDAY)
    kept(key, GONE, MONDAY + DAY)
    kept(key, FINE, MONDAY + 2 * DAY)
    kept(key, GONE, MONDAY + 9 * DAY)
    assert (check(key).strikes, is_listed(offer(key))) == (1, True)


@pytest.mark.parametrize("verdict", [FINE, Verdict(Answered.SIGN_IN, "401")])
def test_any_good_answer_restores_the_offer(verdict: Verdict) -> None:
    key = linked()
    last = three_strikes(key)
    kept(key, verdict, last + DAY)
    assert (is_listed(offer(key)), check(key).strikes, check(key).due_at) == (
        *(True, 0, last + DAY + WEEK),
    )


def test_who_is_busy_says_nothing() -> None:
    key = linked()
    last = three_strikes(key)
    kept(key, BUSY, last + DAY)
    assert (is_listed(offer(key)), check(key).strikes) == (False, 3)
    other = linked("https://lake.city/heat", "Heat")
    kept(other, BUSY, MONDAY)
    assert (is_listed(offer(other)), check(other).strikes) == (True, 0)


def test_the_index_hears_of_it_in_the_same_transaction() -> None:
    key = linked()
    three_strikes(key, MONDAY - DAY)
    with unit_of_work():
        db.session.execute(delete(StaleOffer))
    kept(key, FINE, MONDAY + 2 * DAY)
    assert db.session.scalars(select(StaleOffer.offer_id)).all() == [key]


def test_an_answer_that_changes_nothing_costs_the_index_nothing() -> None:
    key = linked()
    with unit_of_work():
        db.session.execute(delete(StaleOffer))
    kept(key, FINE, MONDAY)
    kept(key, GONE, MONDAY + WEEK)
    assert db.session.scalar(select(func.count()).select_from(StaleOffer)) == 0


def test_another_address_starts_anew() -> None:
    key = linked()
    last = three_strikes(key)
    with unit_of_work():
        db.session.get_one(Offer, key).address = "https://school.city/water-again"
    assert [one.offer_id for one in due(last, limit=5)] == [key]
    assert check_of(offer(key)) is None
    kept(key, GONE, last + DAY)
    assert (check(key).strikes, is_listed(offer(key))) == (1, True)


def test_an_answer_of_an_address_that_was_left_says_nothing() -> None:
    key = linked()
    kept(key, FINE, MONDAY)
    kept(key, GONE, MONDAY + DAY, address="https://school.city/old")
    found = check_of(offer(key))
    assert found is not None
    assert (found.answered, found.checked_at) == (Answered.FINE, MONDAY)


def test_an_answer_for_an_offer_that_is_gone_is_dropped() -> None:
    kept(linked(), FINE, MONDAY)
    with unit_of_work():
        db.session.delete(db.session.scalars(select(Offer)).one())
    db.session.rollback()
    assert (due_count(MONDAY), db.session.scalars(select(Offer.id)).all()) == (0, [])


def test_each_host_has_one_turn_and_who_waited_longest_comes_first() -> None:
    keys = [linked(f"https://school.city/{name}", name) for name in ("one", "two", "three")]
    keys.append(linked("https://lake.city/heat", "Heat"))
    for at, key in enumerate(keys):
        kept(key, FINE, MONDAY - WEEK - at * DAY)
    assert addresses() == ["https://lake.city/heat", "https://school.city/three"]
    assert addresses(limit=1) == ["https://lake.city/heat"]
    assert due_count(MONDAY) == 4


def test_what_was_looked_at_this_week_is_not_due() -> None:
    key = linked()
    kept(key, FINE, MONDAY - WEEK + DAY)
    assert addresses() == []
    with unit_of_work():
        ask_again(db.session.get_one(Offer, key), now=MONDAY)
    assert addresses() == ["https://school.city/water"]


def test_samples_drafts_and_what_leads_nowhere_by_design_are_left_alone() -> None:
    key = linked()
    make_offer("No address")
    linked("https://example.org/heat", "Heat")
    with unit_of_work():
        db.session.get_one(Offer, key).sample = True
    assert addresses() == []
    with unit_of_work():
        sample = db.session.get_one(Offer, key)
        sample.sample, sample.state = False, sample.state.DRAFT
    assert addresses() == []


def test_broken_links_are_listed_with_the_last_answer() -> None:
    key = linked()
    last = three_strikes(key)
    linked("https://lake.city/heat", "Heat")
    [(found, looked)] = broken(EVERYWHERE, limit=5)
    assert looked is not None
    assert (found.id, looked.reason, looked.checked_at) == (key, "404", last)
    assert broken_count(EVERYWHERE) == 1
    assert len(links_of(make_institution())) == 2
