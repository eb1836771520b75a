"""What changes is written down with the change, and the index learns it from there."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import OperationalError

from academy.db import db, unit_of_work
from academy.institutions.models import Institution
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Offer, OfferTerm
from courses.catalogue.queries import offers_by_id
from courses.search import indexing
from courses.search.answering.snapshots import Reader
from courses.search.backlog import StaleOffer, mark_stale, waiting
from courses.search.store import index
from courses.vocabularies.models import Term
from tests.making import NOW, content, make_institution, make_offer
from tests.search.indexed import drained, indexed, look, totals


def whole(offer_id: int) -> Offer:
    return offers_by_id([offer_id])[offer_id]


def database(app: Flask) -> sqlite3.Connection:
    """Somebody else at the database."""
    return sqlite3.connect(app.config["SETTINGS"].home / "academy.sqlite", isolation_level=None)


def test_the_row_is_written_in_the_transaction_of_the_change(app: Flask) -> None:
    offer = make_offer().id
    drained(indexed(app))
    other = database(app)
    with unit_of_work():
        db.session.get_one(Offer, offer).provider = "Somebody"
        db.session.flush()
        assert db.session.scalars(select(StaleOffer.offer_id)).all() == [offer]
        assert other.execute("SELECT offer_id FROM stale_offers").fetchall() == []
    assert other.execute("SELECT offer_id FROM stale_offers").fetchall() == [(offer,)]
    other.close()


def test_what_is_taken_back_leaves_no_row(app: Flask) -> None:
    offer = make_offer().id
    drained(indexed(app))

    def change_and_fail() -> None:
        with unit_of_work():
            db.session.get_one(Offer, offer).provider = "Somebody"
            db.session.flush()
            assert waiting() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert waiting() == 0


def test_draining_makes_visible_what_was_published_revised_withdrawn_or_deleted(app: Flask) -> None:
    folder = indexed(app)
    assert totals(folder, "", "harbour", "lagoon") == [0, 0, 0]
    harbour, other = make_offer("Harbour").id, make_offer("Bridges").id
    drained(folder)
    assert totals(folder, "", "harbour", "lagoon") == [2, 1, 0]
    with unit_of_work():
        catalogue.revise(whole(harbour), content("Lagoon", issues=["housing"]), now=NOW)
    drained(folder)
    assert totals(folder, "", "harbour", "lagoon") == [2, 0, 1]
    assert look(folder).counts["issue"] == {"housing": 1, "water": 1}
    with unit_of_work():
        catalogue.withdraw(whole(harbour), now=NOW)
    drained(folder)
    assert totals(folder, "", "lagoon", "bridges") == [1, 0, 1]
    with unit_of_work():
        db.session.delete(whole(other))
    drained(folder)
    assert totals(folder, "", "bridges") == [0, 0]
    assert len(index.numbers(folder)) == 0


def test_a_merged_duplicate_is_not_found(app: Flask) -> None:
    kept, merged = make_offer("Harbour"), make_offer("Harbour works")
    numbers = kept.id, merged.id
    folder = indexed(app)
    with unit_of_work():
        db.session.get_one(Offer, numbers[1]).canonical_id = numbers[0]
    drained(folder)
    assert look(folder, "harbour").numbers == [numbers[0]]


def test_draining_twice_is_draining_once(app: Flask) -> None:
    folder = indexed(app)
    make_offer("Harbour")
    drained(folder)
    before = look(folder, "harbour")
    generation = Reader(folder).snapshot().generation
    with unit_of_work():
        mark_stale([before.numbers[0]] * 3)
    assert drained(folder) == 3
    assert look(folder, "harbour") == before
    assert drained(folder) == 0
    assert len(index.numbers(folder)) == 1
    assert Reader(folder).snapshot().generation == generation + 1


def test_an_offer_that_changed_five_times_is_one_document(app: Flask) -> None:
    folder = indexed(app)
    offer = make_offer("Harbour 0").id
    for number in range(1, 6):
        with unit_of_work():
            catalogue.revise(whole(offer), content(f"Harbour {number}"), now=NOW)
    assert waiting() > 5
    drained(folder)
    assert (look(folder, "harbour").total, len(index.numbers(folder))) == (1, 1)
    assert totals(folder, "0", "4", "5") == [0, 0, 1]
    found = [look(folder, f"harbour {number}") for number in (0, 4, 5)]
    assert [one.with_all_words for one in found] == [0, 0, 1]


def test_a_drain_broken_off_between_index_and_rows_is_done_again_without_harm(app: Flask) -> None:
    folder = indexed(app)
    offer = make_offer("Harbour").id
    rows = waiting()
    other = database(app)
    other.execute("BEGIN IMMEDIATE")
    db.session.execute(text("PRAGMA busy_timeout = 0"))
    with pytest.raises(OperationalError, match="database is locked"):
        indexing.drain(folder, now=NOW)
    other.execute("ROLLBACK")
    other.close()
    # The index knows, and the rows are still there.
    assert (look(folder, "harbour").numbers, waiting()) == ([offer], rows)
    assert drained(folder) == rows
    assert (look(folder, "harbour").numbers, len(index.numbers(folder))) == ([offer], 1)


def test_of_very_many_rows_comes_a_new_index(app: Flask) -> None:
    offer = make_offer("Harbour").id
    folder = indexed(app)
    before = index.current(folder)
    with unit_of_work():
        mark_stale([offer] * indexing.REBUILD_BEYOND)
    drained(folder)
    assert index.current(folder) == before
    with unit_of_work():
        mark_stale([offer] * (indexing.REBUILD_BEYOND + 1))
    assert indexing.drain(folder, now=NOW) == indexing.REBUILD_BEYOND + 1
    assert index.current(folder) != before
    assert (waiting(), look(folder, "harbour").numbers) == (0, [offer])


def test_an_institution_that_changes_takes_its_offers_along(app: Flask) -> None:
    make_offer("Harbour", institution="river-school")
    make_offer("Bridges", institution="north-school")
    folder = indexed(app)
    with unit_of_work():
        place = db.session.query(Institution).filter_by(slug="river-school").one()
        place.name, place.section = {"en": "Lagoon College"}, "uclg-asia"
    drained(folder)
    assert totals(folder, "lagoon", "bridges") == [1, 1]
    assert look(folder).counts["section"] == {"uclg-asia": 1}


def test_a_term_that_moves_in_its_tree_takes_its_offers_along(app: Flask) -> None:
    make_offer("Harbour", issues=["participation"])
    make_offer("Bridges", issues=["water"])
    folder = indexed(app)
    assert look(folder).counts["issue"] == {"participation": 1, "governance": 1, "water": 1}
    with unit_of_work():
        terms = {term.code: term for term in db.session.scalars(select(Term))}
        terms["participation"].broader_id = terms["water"].id
    drained(folder)
    assert look(folder).counts["issue"] == {"participation": 1, "water": 2}


def test_statements_past_the_session_say_themselves_what_they_change(app: Flask) -> None:
    gone, hidden = make_offer("Harbour").id, make_offer("Harbour tours").id
    folder = indexed(app)
    with unit_of_work():
        db.session.execute(delete(OfferTerm).where(OfferTerm.offer_id == gone))
        db.session.execute(delete(Offer).where(Offer.id == gone))
        db.session.execute(update(Offer).where(Offer.id == hidden).values(state="archived"))
        mark_stale([gone, hidden])
    assert drained(folder) == 2
    assert look(folder).total == 0


def test_nobody_who_has_no_offers_leaves_a_row(app: Flask) -> None:
    indexed(app)
    make_institution("empty-school")
    with unit_of_work():
        place = db.session.query(Institution).filter_by(slug="empty-school").one()
        place.city = "Lagoon"
    assert waiting() == 0


def test_draining_builds_the_index_where_there_is_none(app: Flask, tmp_path: Path) -> None:
    make_offer("Harbour")
    assert drained(tmp_path / "elsewhere") > 0
    assert totals(tmp_path / "elsewhere", "harbour") == [1]
