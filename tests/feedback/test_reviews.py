"""Who may say how it was, what is kept of it, and what it adds up to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.accounts.models import CitySize, Person, WorkRole
from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.catalogue.queries import run_by_reference
from courses.feedback import queries
from courses.feedback.models import Review, ReviewState
from courses.feedback.rules import MayNotReview
from courses.search.find import find, index_folder
from courses.search.indexing import drain, rebuild
from courses.search.params import SearchParams, Sort
from tests.making import NOW, make_person
from tests.taking_part import (
    BEGUN,
    COMING,
    OPEN,
    WEEK,
    answers,
    decide,
    enrol,
    make_run,
    review,
    reviewed_by,
    withdraw,
)

pytestmark = pytest.mark.usefixtures("app")
HELD, SHOWN, HIDDEN = ReviewState.HELD, ReviewState.SHOWN, ReviewState.HIDDEN


def kept() -> int:
    """Count the reviews."""
    return db.session.scalar(select(func.count()).select_from(Review)) or 0


def figures(run: str) -> tuple[int, int | None]:
    """Give what the offer of a run keeps of its reviews: how many, and the share in percent."""
    db.session.rollback()
    offer = run_by_reference(run).offer
    return offer.review_count, offer.colleague_share


def shares(run: str) -> dict[str, int | None]:
    """Give the shares of yes that are shown for the offer of a run."""
    return queries.opinion(run_by_reference(run).offer).shares


def took_part(run: str) -> Person:
    """Make a person who is enrolled in the run."""
    person = make_person()
    enrol(person, run)
    return person


def test_who_is_not_enrolled_cannot_review() -> None:
    ana, run = make_person(), make_run(BEGUN)
    with pytest.raises(MayNotReview):
        review(ana, run)
    assert kept() == 0


def test_nobody_reviews_a_run_before_it_begins() -> None:
    run = make_run(COMING)
    ana = took_part(run)
    with pytest.raises(MayNotReview):
        review(ana, run, now=NOW + WEEK - timedelta(seconds=1))
    assert review(ana, run, now=NOW + WEEK).state is HELD


def test_who_withdrew_cannot_review() -> None:
    run = make_run(BEGUN)
    ana = took_part(run)
    withdraw(ana, run)
    with pytest.raises(MayNotReview):
        review(ana, run)
    assert kept() == 0


def test_a_run_that_is_always_open_is_reviewed_at_once() -> None:
    run = make_run(OPEN)
    assert review(took_part(run), run).state is HELD


def test_enrolment_in_one_run_gives_no_say_on_another() -> None:
    ana, mine, other = make_person(), make_run(BEGUN), make_run(BEGUN, title="Heat")
    enrol(ana, mine)
    with pytest.raises(MayNotReview):
        review(ana, other)


def test_writing_again_changes_the_one_review_there_is() -> None:
    run = make_run(BEGUN)
    ana = took_part(run)
    review(ana, run, answers("Good."))
    later = NOW + timedelta(days=1)
    changed = review(ana, run, answers("Less good.", colleague=False), now=later)
    assert (changed.text, changed.colleague, changed.written_at, changed.changed_at) == (
        "Less good.",
        False,
        NOW,
        later,
    )
    assert kept() == 1


def test_the_database_itself_keeps_one_review_for_a_person_and_a_run() -> None:
    run = make_run(BEGUN)
    first = review(took_part(run), run)
    names = [column.name for column in Review.__table__.columns if column.name != "id"]
    twin = {name: getattr(first, name) for name in names}
    with pytest.raises(IntegrityError, match="person_id"), unit_of_work():
        db.session.add(Review(**twin))
    assert kept() == 1


def test_a_first_review_waits_for_a_look_and_the_next_is_shown_at_once() -> None:
    run, other = make_run(BEGUN), make_run(BEGUN, title="Heat")
    ana = took_part(run)
    enrol(ana, other)
    assert review(ana, run).state is HELD
    decide(ana, run, SHOWN)
    assert review(ana, other).state is SHOWN


def test_a_second_review_waits_too_while_the_first_has_not_been_shown() -> None:
    run, other = make_run(BEGUN), make_run(BEGUN, title="Heat")
    ana = took_part(run)
    enrol(ana, other)
    review(ana, run)
    assert review(ana, other).state is HELD
    decide(ana, run, HIDDEN)
    assert review(ana, other).state is HELD


@pytest.mark.parametrize("state", [HELD, SHOWN, HIDDEN])
def test_changing_a_review_does_not_change_whether_it_is_shown(state: ReviewState) -> None:
    run = make_run(BEGUN)
    ana = took_part(run)
    review(ana, run)
    decide(ana, run, state)
    assert review(ana, run, answers("Another text.")).state is state


def test_a_held_review_counts_for_nothing_until_it_is_shown() -> None:
    run = make_run(BEGUN)
    ana = took_part(run)
    review(ana, run)
    before = figures(run)
    decide(ana, run, SHOWN)
    assert (before, figures(run)) == ((0, None), (1, None))


def test_a_hidden_review_no_longer_counts() -> None:
    run = make_run(BEGUN)
    reviewed_by(5, run, yes=4)
    ana = took_part(run)
    review(ana, run, answers(colleague=False))
    decide(ana, run, SHOWN)
    shown = figures(run)
    decide(ana, run, HIDDEN)
    assert (shown, figures(run)) == ((6, 67), (5, 80))


@pytest.mark.parametrize(
    ("count", "yes", "share"),
    [(4, 4, None), (5, 5, 100), (5, 4, 80), (5, 0, 0), (6, 1, 17), (7, 2, 29)],
)
def test_shares_are_shown_from_five_reviews_on(count: int, yes: int, share: int | None) -> None:
    run = make_run(OPEN)
    reviewed_by(count, run, yes=yes)
    assert figures(run) == (count, share)
    others = 100 if share is not None else None
    assert shares(run) == {
        "colleague": share,
        "city": others,
        "length": others,
        "connection": others,
    }


def test_each_question_has_a_share_of_its_own() -> None:
    run = make_run(OPEN)
    reviewed_by(4, run, yes=2)
    ana = took_part(run)
    review(ana, run, answers(city=False, length=False, connection=True))
    decide(ana, run, SHOWN)
    assert shares(run) == {"colleague": 60, "city": 80, "length": 80, "connection": 100}


def test_the_text_keeps_its_lines_and_loses_every_tag() -> None:
    run = make_run(BEGUN)
    said = (
        "<b>Good</b> <script>alert(1)</script>trainers.\r\n<img src=x onerror=alert(1)>Bring maps."
    )
    assert review(took_part(run), run, answers(said)).text == "Good trainers.\nBring maps."


def test_a_very_long_text_is_cut_at_a_word() -> None:
    run = make_run(BEGUN)
    text = review(took_part(run), run, answers("water " * 2_000)).text
    assert (len(text) <= 4_000, text[-7:]) == (True, " water…")


def test_the_review_keeps_role_and_city_size_and_so_does_the_person() -> None:
    run = make_run(BEGUN)
    ana = took_part(run)
    told = answers(role=WorkRole.TECHNICAL, city_size=CitySize.SMALL)
    written = review(ana, run, told)
    assert (written.role, written.city_size) == (WorkRole.TECHNICAL, CitySize.SMALL)
    again = review(ana, run, answers("Said nothing of the role this time."))
    assert (again.role, again.city_size) == (WorkRole.TECHNICAL, CitySize.SMALL)
    assert (ana.role, ana.city_size) == (WorkRole.TECHNICAL, CitySize.SMALL)


def test_reviews_of_all_runs_of_an_offer_are_gathered_latest_first() -> None:
    run = make_run(OPEN)
    for number, text in enumerate(("First.", "Second.")):
        person = make_person(f"peer{number}@example.org")
        enrol(person, run)
        review(person, run, answers(text), now=NOW + timedelta(hours=number))
        decide(person, run, SHOWN)
    found = queries.opinion(run_by_reference(run).offer)
    assert [one.text for one in found.reviews] == ["Second.", "First."]


def test_the_sort_by_peers_follows_what_they_say(app: Flask) -> None:
    runs = {title: make_run(replace(OPEN), title=title) for title in ("Water", "Heat", "Buses")}
    rebuild(index_folder(app), now=NOW, progress=lambda _done, _total: None)
    reviewed_by(5, runs["Heat"], yes=5)
    reviewed_by(5, runs["Water"], yes=3)
    db.session.rollback()
    while drain(index_folder(app), now=NOW):
        pass
    found = find(SearchParams(sort=Sort.REVIEWED), now=NOW)
    titles = dict(db.session.execute(select(Offer.id, Offer.slug)).all())
    assert found.away is False
    assert [titles[number] for number in found.numbers] == ["heat", "water", "buses"]
