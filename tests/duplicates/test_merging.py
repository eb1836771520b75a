"""Two offers made one, and two again: nothing is moved, so nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from academy.audit import AuditEntry
from academy.db import Base, db, unit_of_work
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Kind, Offer
from courses.catalogue.queries import offer_by_slug
from courses.catalogue.runs import Run
from courses.duplicates.finding import look_for_twins
from courses.duplicates.operations import keep_a_canonical
from courses.duplicates.rules import NotMerged, NotOneKind
from courses.feedback.queries import opinion
from courses.saving import operations as saving
from tests.duplicates.published import publish
from tests.making import NOW, make_person
from tests.merged import canonicals, merge, pairs, separate
from tests.search.indexed import drained, indexed, look
from tests.taking_part import enrol, reviewed_by

BESIDE = {"audit", "duplicate_pairs", "stale_offers", "offer_keys"}
pytestmark = pytest.mark.usefixtures("app")


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table but the log, the pairs, and what the index has to learn."""
    db.session.rollback()
    tables = [table for table in Base.metadata.sorted_tables if table.name not in BESIDE]
    return {
        table.name: [
            tuple(row)
            for row in db.session.execute(select(table).order_by(*table.primary_key.columns))
        ]
        for table in tables
    }


def run_of(offer: int) -> str:
    """Give the reference of the run of an offer."""
    return db.session.scalars(select(Run.reference).where(Run.offer_id == offer)).one()


def rating(slug: str) -> tuple[int, int | None]:
    """Tell what lists show of an offer's reviews."""
    db.session.rollback()
    db.session.expunge_all()
    offer = db.session.scalars(select(Offer).where(Offer.slug == slug)).one()
    return offer.review_count, offer.colleague_share


def peopled() -> tuple[int, int, int]:
    """Publish an offer of three partners, with people who took part, said how it was, kept it."""
    river, hill, lake = (publish("Water for all", slug) for slug in ("river", "hill", "lake"))
    reviewed_by(3, run_of(river), yes=3)
    reviewed_by(5, run_of(hill), yes=1)
    reviewed_by(2, run_of(lake), yes=0)
    ana = make_person("keeps@example.org")
    enrol(ana, run_of(hill))
    with unit_of_work():
        saving.save_offer(ana, offer_by_slug("hill"), now=NOW)
    return river, hill, lake


def test_separating_restores_every_row_of_every_table() -> None:
    river, hill, _lake = peopled()
    before = dump()
    merge(river, hill)
    assert dump() != before
    separate(hill)
    assert dump() == before


def test_what_stood_for_others_stands_for_them_again() -> None:
    river, hill, lake = peopled()
    merge(hill, lake)
    before = dump()
    merge(river, hill)
    assert canonicals() == {"river": None, "hill": "river", "lake": "river"}
    separate(hill)
    assert dump() == before
    assert canonicals() == {"river": None, "hill": None, "lake": "hill"}


def test_separating_one_of_three_leaves_the_others_one() -> None:
    river, hill, lake = peopled()
    merge(hill, lake)
    merge(river, hill)
    separate(lake)
    assert canonicals() == {"river": None, "hill": "river", "lake": None}


def test_merging_changes_nothing_but_who_stands_for_whom_and_the_rating() -> None:
    river, hill, _lake = peopled()
    before = dump()
    merge(river, hill)
    after = dump()
    assert [name for name in before if before[name] != after[name]] == ["offers"]
    assert [row for row in after["offers"] if row not in before["offers"]] != []


def test_the_rating_is_over_all_partners_and_their_own_afterwards() -> None:
    river, hill, _lake = peopled()
    assert [rating("river"), rating("hill")] == [(3, None), (5, 20)]
    merge(river, hill)
    assert rating("river") == (8, 50)
    assert opinion(offer_by_slug("river")).count == 8
    separate(hill)
    assert [rating("river"), rating("hill")] == [(3, None), (5, 20)]


def test_a_review_of_a_partners_run_counts_for_the_one_that_stands_for_all() -> None:
    river, hill, lake = (publish("Water for all", slug) for slug in ("river", "hill", "lake"))
    merge(river, hill)
    reviewed_by(5, run_of(hill), yes=5)
    assert rating("river") == (5, 100)
    assert lake


def test_chains_and_rings_cannot_be_made() -> None:
    river, hill, lake = peopled()
    merge(river, hill)
    merge(hill, lake)
    assert canonicals() == {"river": None, "hill": "river", "lake": "river"}
    merge(lake, river)
    merge(river, river)
    assert canonicals() == {"river": None, "hill": "river", "lake": "river"}


def test_a_course_and_a_webinar_cannot_be_one() -> None:
    river, hill = publish("Water", "river"), publish("Water", "hill", kind=Kind.WEBINAR)
    with pytest.raises(NotOneKind):
        merge(river, hill)


def test_what_stands_for_itself_cannot_be_separated() -> None:
    with pytest.raises(NotMerged):
        separate(publish("Water", "river"))


def test_who_decided_is_kept_and_the_log_tells_of_it() -> None:
    river, hill, _lake = peopled()
    sol = make_person("sol@example.org")
    number = sol.id
    merge(river, hill, by=sol)
    separate(hill, by=sol)
    assert pairs() == [("river", "hill", "identifier", "different")]
    noted = db.session.execute(
        select(AuditEntry.act, AuditEntry.thing, AuditEntry.person_id).order_by(AuditEntry.id)
    )
    told = [tuple(row) for row in noted if row.act.startswith("offers-")]
    assert told == [
        ("offers-merged", "offer:hill", number),
        ("offers-separated", "offer:hill", number),
    ]


def test_one_offer_counts_once_in_lists_and_in_every_facet(app: Flask) -> None:
    river, hill = publish("Water for all", "river"), publish("Water for all", "hill")
    folder = indexed(app)
    merge(river, hill)
    drained(folder)
    merged = look(folder)
    assert merged.total == 1
    counted = {name: values for name, values in merged.counts.items() if values}
    assert counted.pop("institution") == {"river": 1, "hill": 1}
    assert {sum(values.values()) for values in counted.values()} <= {0, 1}
    assert merged.counts["issue"]["water"] == 1
    separate(hill)
    drained(folder)
    apart = look(folder)
    assert (apart.total, apart.counts["issue"]["water"]) == (2, 2)


@pytest.mark.parametrize("what", ["withdrawn", "vanished", "broken"])
def test_another_partner_stands_for_all_when_the_first_is_gone(what: str) -> None:
    river, hill, lake = peopled()
    merge(river, hill)
    merge(river, lake)
    with unit_of_work():
        first = db.session.get_one(Offer, river)
        if what == "withdrawn":
            catalogue.withdraw(first, now=NOW)
        elif what == "vanished":
            first.vanished_at = NOW
        else:
            first.broken_at = NOW
    with unit_of_work():
        assert keep_a_canonical([lake], now=NOW) == 1
        assert keep_a_canonical([lake], now=NOW) == 0
    assert canonicals() == {"river": "hill", "hill": None, "lake": "hill"}
    assert rating("hill") == (10, 40)


def test_the_worker_finds_groups_that_need_another_to_stand_for_them() -> None:
    river, hill, _lake = peopled()
    merge(river, hill)
    with unit_of_work():
        db.session.get_one(Offer, river).vanished_at = NOW
    with unit_of_work():
        look_for_twins(now=NOW + timedelta(hours=1), limit=10)
    assert canonicals()["hill"] is None
    assert canonicals()["river"] == "hill"


def test_where_nobody_is_fit_to_stand_for_all_everything_stays() -> None:
    river, hill, _lake = peopled()
    merge(river, hill)
    with unit_of_work():
        for number in (river, hill):
            db.session.get_one(Offer, number).vanished_at = NOW
    with unit_of_work():
        assert keep_a_canonical([river], now=NOW) == 0
    assert canonicals()["hill"] == "river"


def test_a_group_is_separated_exactly_after_another_came_to_stand_for_it() -> None:
    river, hill, lake = peopled()
    merge(river, hill)
    merge(river, lake)
    with unit_of_work():
        db.session.get_one(Offer, river).broken_at = NOW
    with unit_of_work():
        keep_a_canonical([river], now=NOW)
    separate(river)
    assert canonicals() == {"river": None, "hill": None, "lake": "hill"}
    separate(lake)
    assert canonicals() == {"river": None, "hill": None, "lake": None}
