"""Taking part on the real database: places, dates, twice, back again, and how far one got."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from academy.db import db, unit_of_work
from academy.errors import Invalid, Missing
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Kind, Offer
from courses.catalogue.queries import run_by_reference
from courses.catalogue.rules import OfferWithdrawn
from courses.catalogue.runs import Run
from courses.enrolment import operations, queries
from courses.enrolment.models import Enrolment, Progress
from courses.enrolment.rules import EnrolmentClosed, NotEnrolled
from tests.making import NOW, make_person
from tests.taking_part import (
    BEGUN,
    COMING,
    OPEN,
    WEEK,
    declare,
    enrol,
    make_run,
    standing,
    taken,
    withdraw,
)

pytestmark = pytest.mark.usefixtures("app")


def rows() -> int:
    """Count the enrolments."""
    return db.session.scalar(select(func.count()).select_from(Enrolment)) or 0


def test_enrolling_takes_one_place() -> None:
    ana, run = make_person(), make_run()
    enrol(ana, run)
    assert (standing(ana, run), taken(run), rows()) == ("enrolled", 1, 1)


def test_enrolling_twice_keeps_one_place() -> None:
    ana, run = make_person(), make_run()
    first = enrol(ana, run).reference
    second = enrol(ana, run, now=NOW + timedelta(hours=1)).reference
    assert (first == second, taken(run), rows()) == (True, 1, 1)


def test_the_database_itself_keeps_one_enrolment_for_a_person_and_a_run() -> None:
    ana, run = make_person(), make_run()
    kept = enrol(ana, run)
    twin = {name: getattr(kept, name) for name in ("person_id", "run_id", "standing")}
    with pytest.raises(IntegrityError, match="person_id"), unit_of_work():
        db.session.add(Enrolment(**twin, enrolled_at=NOW, changed_at=NOW))
    assert rows() == 1


def test_withdrawing_gives_the_place_back() -> None:
    ana, run = make_person(), make_run()
    enrol(ana, run)
    withdraw(ana, run)
    assert (standing(ana, run), taken(run)) == ("withdrawn", 0)


def test_withdrawing_twice_gives_one_place_back() -> None:
    ana, ben, run = make_person(), make_person("ben@example.org"), make_run()
    enrol(ana, run)
    enrol(ben, run)
    withdraw(ana, run)
    withdraw(ana, run)
    assert taken(run) == 1


def test_withdrawing_without_an_enrolment_changes_nothing() -> None:
    ana, ben, run = make_person(), make_person("ben@example.org"), make_run()
    enrol(ana, run)
    withdraw(ben, run)
    assert (standing(ben, run), taken(run), rows()) == (None, 1, 1)


def test_enrolling_again_after_withdrawing_uses_the_same_row_and_starts_afresh() -> None:
    ana, run = make_person(), make_run(BEGUN)
    first = enrol(ana, run).reference
    declare(ana, first, Progress.STARTED)
    withdraw(ana, run)
    again = enrol(ana, run, now=NOW + timedelta(hours=2))
    assert (again.reference, again.progress, again.enrolled_at) == (first, None, NOW)
    assert (standing(ana, run), taken(run), rows()) == ("enrolled", 1, 1)


def test_who_comes_to_a_full_run_waits_and_takes_no_place() -> None:
    run = make_run(replace(COMING, capacity=1))
    enrol(make_person(), run)
    ben = make_person("ben@example.org")
    waiting = enrol(ben, run)
    assert (waiting.standing, waiting.waiting_since) == ("waiting", NOW)
    assert (taken(run), rows()) == (1, 2)


def test_a_place_given_back_can_be_taken_by_somebody_else() -> None:
    ana, ben = make_person(), make_person("ben@example.org")
    run = make_run(replace(COMING, capacity=1))
    enrol(ana, run)
    withdraw(ana, run)
    enrol(ben, run)
    enrol(ana, run)
    assert (standing(ana, run), standing(ben, run), taken(run)) == ("waiting", "enrolled", 1)


def test_a_run_without_places_to_count_takes_everybody() -> None:
    run = make_run(OPEN)
    for number in range(3):
        enrol(make_person(f"peer{number}@example.org"), run)
    assert taken(run) == 3


@pytest.mark.parametrize(("taken_places", "rule"), [(6, "within_capacity"), (-1, "not_negative")])
def test_the_database_refuses_places_that_are_not_there(taken_places: int, rule: str) -> None:
    run = make_run()
    with pytest.raises(IntegrityError, match=f"ck_runs_taken_{rule}"), unit_of_work():
        db.session.execute(update(Run).values(taken=taken_places))
    assert taken(run) == 0


def test_enrolment_is_open_until_the_last_instant_and_closed_after_it() -> None:
    ana, ben = make_person(), make_person("ben@example.org")
    run = make_run(replace(COMING, enrol_until=NOW))
    enrol(ana, run, now=NOW)
    with pytest.raises(EnrolmentClosed):
        enrol(ben, run, now=NOW + timedelta(microseconds=1))
    assert taken(run) == 1


def test_a_course_takes_people_until_its_end_and_no_longer() -> None:
    ana, ben, run = make_person(), make_person("ben@example.org"), make_run(BEGUN)
    enrol(ana, run, now=NOW + WEEK)
    with pytest.raises(EnrolmentClosed):
        enrol(ben, run, now=NOW + WEEK + timedelta(seconds=1))
    assert taken(run) == 1


def test_a_webinar_without_an_end_is_over_once_it_has_begun() -> None:
    ana = make_person()
    run = make_run(replace(COMING, ends_at=None), kind=Kind.WEBINAR)
    with pytest.raises(EnrolmentClosed):
        enrol(ana, run, now=NOW + WEEK + timedelta(seconds=1))
    assert enrol(ana, run, now=NOW + WEEK).standing == "enrolled"


def test_nobody_enrols_in_an_offer_that_was_withdrawn() -> None:
    ana, run = make_person(), make_run()
    with unit_of_work():
        catalogue.withdraw(run_by_reference(run).offer, now=NOW)
    with pytest.raises(OfferWithdrawn):
        enrol(ana, run)
    assert (rows(), taken(run)) == (0, 0)


def test_an_offer_merged_into_another_still_has_its_own_places() -> None:
    ana, run, other = make_person(), make_run(), make_run(title="Water for everybody")
    with unit_of_work():
        kept = run_by_reference(other).offer_id
        db.session.execute(
            update(Offer)
            .where(Offer.id == run_by_reference(run).offer_id)
            .values(canonical_id=kept)
        )
    enrol(ana, run)
    assert (taken(run), taken(other)) == (1, 0)


def test_who_takes_part_stays_enrolled_when_enrolment_closes() -> None:
    ana, run = make_person(), make_run(replace(COMING, enrol_until=NOW))
    enrol(ana, run)
    enrol(ana, run, now=NOW + timedelta(days=1))
    assert (standing(ana, run), taken(run)) == ("enrolled", 1)


def test_leaving_for_the_partner_enrols_and_remembers_when() -> None:
    ana, run = make_person(), make_run(address="https://school.example/water")
    with unit_of_work():
        operations.leave_for_partner(ana, run_by_reference(run), now=NOW)
    mine = queries.enrolment_of(ana, run_by_reference(run))
    assert mine is not None
    assert (mine.standing, mine.progress, mine.left_at) == ("enrolled", "left", NOW)
    assert taken(run) == 1


def test_leaving_once_more_keeps_what_was_declared() -> None:
    ana, run = make_person(), make_run(BEGUN, address="https://school.example/water")
    reference = enrol(ana, run).reference
    declare(ana, reference, Progress.STARTED)
    with unit_of_work():
        operations.leave_for_partner(ana, run_by_reference(run), now=NOW + timedelta(days=1))
    mine = queries.enrolment_by_reference(reference, ana)
    assert (mine.progress, mine.left_at, taken(run)) == ("started", NOW + timedelta(days=1), 1)


@pytest.mark.parametrize("said", [Progress.STARTED, Progress.FINISHED, Progress.STOPPED])
def test_who_takes_part_says_how_far_they_got(said: Progress) -> None:
    ana, run = make_person(), make_run(BEGUN)
    reference = enrol(ana, run).reference
    declare(ana, reference, said, now=NOW + WEEK)
    mine = queries.enrolment_by_reference(reference, ana)
    assert (mine.progress, mine.changed_at, mine.standing) == (said, NOW + WEEK, "enrolled")


def test_nobody_declares_anything_after_withdrawing() -> None:
    ana, run = make_person(), make_run(BEGUN)
    reference = enrol(ana, run).reference
    withdraw(ana, run)
    with pytest.raises(NotEnrolled):
        declare(ana, reference, Progress.FINISHED)
    assert queries.enrolment_by_reference(reference, ana).progress is None


def test_having_left_for_the_partner_is_not_for_the_learner_to_declare() -> None:
    ana, run = make_person(), make_run(BEGUN)
    reference = enrol(ana, run).reference
    with pytest.raises(Invalid):
        declare(ana, reference, Progress.LEFT)
    assert queries.enrolment_by_reference(reference, ana).progress is None


def test_the_enrolment_of_somebody_else_is_not_to_be_found() -> None:
    ana, ben, run = make_person(), make_person("ben@example.org"), make_run()
    reference = enrol(ana, run).reference
    with pytest.raises(Missing):
        queries.enrolment_by_reference(reference, ben)
    assert queries.enrolment_by_reference(reference, ana).reference == reference


def test_my_learning_lists_the_latest_first_and_leaves_out_what_was_withdrawn() -> None:
    ana = make_person()
    first, second, third = (make_run(title=title) for title in ("Water", "Heat", "Buses"))
    for hours, run in enumerate((first, second, third)):
        enrol(ana, run, now=NOW + timedelta(hours=hours))
    withdraw(ana, second)
    listed = [one.run.reference for one in queries.learning_of(ana)]
    assert listed == [third, first]
