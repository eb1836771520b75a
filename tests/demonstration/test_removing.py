"""Removing the demonstration network: all of it goes, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from academy.accounts.models import Person
from academy.accounts.queries import person_by_email
from academy.announcements.models import Announcement
from academy.announcements.operations import Content, announce
from academy.audit import latest
from academy.db import Base, db, unit_of_work
from academy.institutions import operations as institutions
from academy.institutions.invitations import invite
from academy.institutions.models import Institution, Invitation, MemberRole
from academy.secretariat import operations as secretariat
from courses.catalogue.models import Offer
from courses.catalogue.queries import run_by_reference
from courses.catalogue.runs import Run
from courses.demonstration.removing import remove
from courses.feedback.models import ReviewState
from courses.harvesting.operations import ensure_source
from courses.search.find import find, index_folder
from courses.search.indexing import drain
from courses.search.params import SearchParams
from tests.making import NOW, make_offer, make_person
from tests.taking_part import OPEN, answers, decide, enrol, make_run, review


def rows() -> dict[str, int]:
    """Count the rows of every table but those that follow the others by themselves."""
    db.session.rollback()
    follow = {"stale_offers", "offer_words"}
    tables = [table for table in Base.metadata.sorted_tables if table.name not in follow]
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in tables
    }


def something_real() -> tuple[Person, str]:
    """Make a real person who takes part in a real run and has said how it was."""
    person, run = make_person(), make_run(OPEN)
    enrol(person, run)
    review(person, run)
    decide(person, run, ReviewState.SHOWN)
    return person, run


def somebody_of_the_sample() -> Person:
    """Find one of the sample's people."""
    person = person_by_email("learner-01@sample.example")
    assert person is not None
    return person


def a_run_of_the_sample() -> str:
    """Find a run of the sample that is always open."""
    wanted = select(Run.reference).where(Run.starts_at.is_(None), Run.capacity.is_(None))
    return db.session.scalars(wanted.order_by(Run.id).limit(1)).one()


def test_nothing_of_the_sample_stays_and_nothing_real_goes(
    academy: Callable[..., Flask], demonstration: Flask
) -> None:
    bare = academy(development=True)
    with bare.app_context():
        something_real()
        # Ana hears of her place in the sample too: a mail that is dropped when it would be sent.
        wanted = rows() | {"notices": rows()["notices"] + 1}
    with demonstration.app_context():
        taking_part_in_the_sample = a_run_of_the_sample()
        ana, _run = something_real()
        enrol(ana, taking_part_in_the_sample)
        result = demonstration.test_cli_runner().invoke(args=["demo", "remove"])
        assert result.output == (
            "60 sample offers are gone, with the people and institutions of the sample.\n"
        )
        assert rows() == wanted
        assert db.session.scalars(select(Person.email)).all() == ["ana@example.org"]
        assert db.session.scalars(select(Offer.slug)).all() == ["water-for-all"]


def test_real_offers_lose_the_places_and_reviews_of_the_samples_people(
    demonstration: Flask,
) -> None:
    with demonstration.app_context():
        _ana, run = something_real()
        guest = somebody_of_the_sample()
        enrol(guest, run)
        review(guest, run, answers(colleague=False))
        decide(guest, run, ReviewState.SHOWN)
        before = run_by_reference(run)
        assert (before.taken, before.offer.review_count) == (2, 2)
        remove()
        after = run_by_reference(run)
        assert (after.taken, after.offer.review_count) == (1, 1)


def test_an_institution_with_a_real_offer_stays_and_is_no_longer_sample(
    demonstration: Flask,
) -> None:
    with demonstration.app_context():
        make_offer("A real one", institution="lake-towns-college")
        result = demonstration.test_cli_runner().invoke(args=["demo", "remove"])
        db.session.rollback()
        assert result.output.endswith("1 of the institutions stay: something real hangs on them.\n")
        kept = db.session.execute(select(Institution.slug, Institution.sample)).all()
        assert [tuple(row) for row in kept] == [("lake-towns-college", False)]
        assert db.session.scalars(select(Offer.slug)).all() == ["a-real-one"]


def test_an_institution_whose_feed_is_read_stays(demonstration: Flask) -> None:
    with demonstration.app_context():
        with unit_of_work():
            place = db.session.query(Institution).filter_by(slug="lake-towns-college").one()
            ensure_source(place, "csv", adapter="csv", zone="UTC", now=NOW)
        assert remove() == (60, 1)
        assert db.session.scalars(select(Institution.slug)).all() == ["lake-towns-college"]


def test_a_real_offer_merged_into_one_of_the_sample_stands_by_itself_again(
    demonstration: Flask,
) -> None:
    with demonstration.app_context():
        real = make_offer("A real one").id
        with unit_of_work():
            sample = db.session.scalars(select(Offer.id).where(Offer.sample).limit(1)).one()
            db.session.get_one(Offer, real).canonical_id = sample
        remove()
        while drain(index_folder(), now=NOW):
            pass
        assert find(SearchParams(), now=NOW).numbers == [real]


def test_removing_twice_is_removing_once(demonstration: Flask) -> None:
    with demonstration.app_context():
        assert (remove(), remove()) == ((60, 0), (0, 0))


def test_the_search_forgets_it(demonstration: Flask) -> None:
    with demonstration.app_context():
        remove()
        while drain(index_folder(), now=NOW):
            pass
        found = find(SearchParams(), now=NOW)
        assert (found.total, found.away) == (0, False)


def test_what_the_sample_steward_did_does_not_hold_the_sample_back(demonstration: Flask) -> None:
    with demonstration.app_context():
        real = make_person()
        steward = person_by_email("steward@sample.example")
        assert steward is not None
        real_id, steward_id = real.id, steward.id
        with unit_of_work():
            by, blocked = (db.session.get_one(Person, key) for key in (steward_id, real_id))
            secretariat.block(blocked, reason="To try it.", by=by, now=NOW)
            place = institutions.add_institution("real-school", name={"en": "Real"}, now=NOW)
            invite("ben@example.org", place, MemberRole.OWNER, by=by, now=NOW)
            announce(Content({"en": "Hello."}, NOW), by=by, now=NOW)
        remove()
        told = [entry.person for entry in latest(limit=5, thing=f"person:{real.reference}")]
        left = db.session.scalar(select(Announcement.id))
        assert (told, left, person_by_email("ana@example.org") is None) == ([None], None, False)
        [sent] = db.session.scalars(select(Invitation))
        assert (sent.email, sent.invited_by_id) == ("ben@example.org", None)
