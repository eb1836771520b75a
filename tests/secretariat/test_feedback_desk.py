"""The stewards' desk of the domain: first reviews, concerns, words of terms, figures."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person, Steward
from academy.audit import AuditEntry
from academy.db import db, unit_of_work
from academy.institutions.queries import institution_by_slug
from courses.catalogue.queries import run_by_reference
from courses.feedback.models import Concern, ConcernKind, ReviewState
from courses.feedback.queries import review_of
from courses.reports.queries import FIGURES, WEEK, week_until
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.operations import sync
from courses.vocabularies.queries import vocabularies
from tests.letters import kinds_for, letter
from tests.making import NOW, make_offer, make_person
from tests.taking_part import BEGUN, answers, enrol, make_run, review
from tests.visiting import Visitor

DESK = "/en/secretariat"
HOSTILE = "1 < 2 & '3'"
INERT = "1 &lt; 2 &amp; &#39;3&#39;"


def make_steward(section: str | None = None) -> Person:
    """Make a steward of all, or of a section."""
    key = make_person("steward@example.org", name="Sol").id
    with unit_of_work():
        steward = db.session.get_one(Person, key)
        steward.steward = Steward.SECTION if section else Steward.ALL
        steward.section = section
    return steward


@pytest.fixture
def steward(app: Flask) -> Visitor:
    """A steward of all at the browser."""
    return Visitor(app, make_steward())


def held(person: Person, text: str = "Good for small cities.") -> tuple[str, str]:
    """Let a person say how a run was; gives the references of the run and of the review."""
    run = make_run(BEGUN)
    enrol(person, run)
    reference = review(person, run, answers(text)).reference
    return run, reference


def state_of(person: Person, run: str) -> ReviewState:
    found = review_of(person, run_by_reference(run))
    assert found is not None
    return found.state


def test_a_first_review_waits_and_is_shown_by_a_steward(steward: Visitor, ana: Person) -> None:
    run, reference = held(ana, HOSTILE)

    front = steward.page(DESK)
    listed = steward.page(f"{DESK}/reviews")
    answer = steward.post(f"{DESK}/reviews/{reference}/show")

    assert "1 first review waits for a look" in front
    assert HOSTILE not in listed
    assert INERT in listed
    assert answer.status_code == 303
    assert state_of(ana, run) is ReviewState.SHOWN
    assert db.session.scalars(select(AuditEntry.act)).all() == ["review-shown"]


def test_who_wrote_a_hidden_review_reads_the_reason(
    app: Flask, steward: Visitor, ana: Person
) -> None:
    run, reference = held(ana)
    email = ana.email

    refused = steward.post(f"{DESK}/reviews/{reference}/hide")
    answer = steward.post(f"{DESK}/reviews/{reference}/hide", reason="It names a colleague.")

    assert refused.status_code == 422
    assert answer.status_code == 303
    assert state_of(ana, run) is ReviewState.HIDDEN
    mail = letter(app, "review-hidden", email)
    assert ("Reason", "It names a colleague.") in mail.facts


def test_a_review_shown_again_sends_no_letter_that_it_is_hidden(
    app: Flask, steward: Visitor, ana: Person
) -> None:
    _run, reference = held(ana)
    email = ana.email
    steward.post(f"{DESK}/reviews/{reference}/hide", reason="Too long.")
    steward.post(f"{DESK}/reviews/{reference}/show")

    assert kinds_for(app, email).count("review-hidden") == 1
    with pytest.raises(AssertionError):
        letter(app, "review-hidden", email)


def test_a_steward_of_another_section_sees_and_decides_nothing(app: Flask, ana: Person) -> None:
    run, reference = held(ana)
    with unit_of_work():
        institution_by_slug("river-school").section = "uclg-africa"
    elsewhere = Visitor(app, make_steward("eurasia"))

    assert reference not in elsewhere.page(f"{DESK}/reviews")
    assert elsewhere.post(f"{DESK}/reviews/{reference}/show").status_code == 404
    assert state_of(ana, run) is ReviewState.HELD


def test_anybody_tells_what_is_wrong_and_a_steward_settles_it(
    app: Flask, steward: Visitor, ana: Person
) -> None:
    make_offer("Water for all")
    email = ana.email

    told = Visitor(app, ana).post(
        "/en/learn/water-for-all/concern", kind="dead-link", text=f"Gone. {HOSTILE}"
    )
    listed = steward.page(f"{DESK}/concerns")
    reference = db.session.scalars(select(Concern.reference)).one()
    settled = steward.post(f"{DESK}/concerns/{reference}/settle", answer="It works again.")
    again = steward.post(f"{DESK}/concerns/{reference}/settle", answer="Twice.")

    assert told.status_code == 303
    assert HOSTILE not in listed
    assert f"Gone. {INERT}" in listed
    assert "The link leads nowhere" in listed
    assert (settled.status_code, again.status_code) == (303, 303)
    concern = db.session.scalars(select(Concern)).one()
    assert (concern.answer, concern.kind) == ("It works again.", ConcernKind.DEAD_LINK)
    assert ("Answer", "It works again.") in letter(app, "concern-settled", email).facts
    assert "Nobody says that something is wrong." in steward.page(f"{DESK}/concerns")


def test_a_concern_told_without_an_account_is_kept_without_one(app: Flask) -> None:
    make_offer("Water for all")
    stranger = Visitor(app)

    first = stranger.post("/en/learn/water-for-all/concern", kind="other", text="Hm.")
    trapped = stranger.post("/en/learn/water-for-all/concern", kind="other", topic="x")
    empty = stranger.post("/en/learn/water-for-all/concern", text="Hm.")

    assert [first.status_code, trapped.status_code, empty.status_code] == [303, 303, 422]
    [kept] = db.session.scalars(select(Concern)).all()
    assert (kept.person_id, kept.text) == (None, "Hm.")


def test_the_same_concern_told_twice_is_one(app: Flask, ana: Person) -> None:
    make_offer("Water for all")
    visitor = Visitor(app, ana)

    for text in ("First.", "Second."):
        visitor.post("/en/learn/water-for-all/concern", kind="wrong", text=text)

    assert db.session.scalars(select(Concern.text)).all() == ["Second."]


def test_the_words_of_a_term_are_changed_and_outlast_the_files(steward: Visitor) -> None:
    path = f"{DESK}/vocabularies/issue/water"
    labels = vocabularies().by_code[Vocabulary.ISSUE, "water"].labels
    typed = {f"label-{code}": text for code, text in labels.items()}

    answer = steward.post(path, **(typed | {"label-en": "Water and rivers", "others-en": "Wells"}))
    with unit_of_work():
        sync()

    assert answer.status_code == 303
    water = vocabularies().by_code[Vocabulary.ISSUE, "water"]
    assert water.labels == labels | {"en": "Water and rivers"}
    assert water.alternatives["en"] == ["Wells"]
    assert "Water and rivers" in steward.page("/en/")


def test_a_label_cannot_be_emptied_in_a_published_language(steward: Visitor) -> None:
    path = f"{DESK}/vocabularies/issue/water"
    labels = vocabularies().by_code[Vocabulary.ISSUE, "water"].labels
    typed = {f"label-{code}": text for code, text in labels.items()}

    answer = steward.post(path, **(typed | {"label-fr": ""}))

    assert answer.status_code == 422
    assert vocabularies().by_code[Vocabulary.ISSUE, "water"].labels == labels
    assert steward.get(f"{DESK}/vocabularies/issue/nowhere").status_code == 404
    assert steward.get(f"{DESK}/vocabularies/language/en").status_code == 404


def test_the_figures_count_what_happened_in_two_weeks(app: Flask, ana: Person) -> None:
    run = make_run(BEGUN)
    enrol(ana, run, now=NOW)

    counted = {one.name: one for one in week_until(NOW)}
    later = {one.name: one for one in week_until(NOW + WEEK)}

    assert tuple(counted) == FIGURES
    assert (counted["enrolments"].this_week, counted["enrolments"].week_before) == (1, 0)
    assert (later["enrolments"].this_week, later["enrolments"].week_before) == (0, 1)
    assert (counted["offers"].this_week, counted["reviews"].this_week) == (1, 0)


def test_the_page_of_figures_is_for_stewards(steward: Visitor, visitor: Visitor) -> None:
    assert "Interactions in all" in steward.page(f"{DESK}/figures")
    assert visitor.get(f"{DESK}/figures").status_code == 403
    for page in ("reviews", "concerns", "vocabularies"):
        assert visitor.get(f"{DESK}/{page}").status_code == 403


def test_three_people_who_find_something_wrong_make_a_review_wait(app: Flask, ana: Person) -> None:
    run, reference = held(ana)
    taken_by = "/en/learn/water-for-all"
    with unit_of_work():
        found = review_of(ana, run_by_reference(run))
        assert found is not None
        found.state = ReviewState.SHOWN
    states = []
    for number in range(3):
        teller = make_person(f"teller{number}@example.org")
        path = f"{taken_by}/concern?review={reference}"
        for _twice in range(2):
            Visitor(app, teller).post(path, kind="harmful")
        states.append(state_of(ana, run))

    assert states == [ReviewState.SHOWN, ReviewState.SHOWN, ReviewState.HELD]
