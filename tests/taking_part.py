"""People taking part and saying how it was, through the operations; one unit of work a step."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from courses.catalogue.content import RunContent
from courses.catalogue.queries import run_by_reference
from courses.catalogue.runs import Run
from courses.enrolment import operations as enrolment
from courses.enrolment.models import Enrolment, Progress
from courses.enrolment.queries import enrolment_by_reference, enrolment_of
from courses.feedback import operations as feedback
from courses.feedback.models import Review, ReviewState
from courses.feedback.operations import Answers
from courses.feedback.queries import review_by_reference, review_of
from tests.making import NOW, make_offer, make_person

WEEK = timedelta(days=7)
COMING = RunContent(starts_at=NOW + WEEK, ends_at=NOW + 2 * WEEK, capacity=5)
BEGUN = RunContent(starts_at=NOW - WEEK, ends_at=NOW + WEEK)
OPEN = RunContent()


def make_run(content: RunContent = COMING, **offer: Any) -> str:
    """Make an offer with this run alone, and give the run's reference."""
    made = make_offer(runs=[content], **offer)
    reference = db.session.scalar(select(Run.reference).where(Run.offer_id == made.id))
    assert reference is not None
    return reference


def enrol(person: Person, reference: str, *, now: datetime = NOW) -> Enrolment:
    """Enrol a person in a run."""
    with unit_of_work():
        return enrolment.enrol(person, run_by_reference(reference), now=now)


def withdraw(person: Person, reference: str, *, now: datetime = NOW) -> None:
    """Withdraw a person from a run."""
    with unit_of_work():
        enrolment.withdraw(person, run_by_reference(reference), now=now)


def declare(person: Person, reference: str, progress: Progress, *, now: datetime = NOW) -> None:
    """Say how far a person got; the reference is that of the enrolment."""
    with unit_of_work():
        enrolment.declare(enrolment_by_reference(reference, person), progress, now=now)


def standing(person: Person, reference: str) -> str | None:
    """Tell how the person's taking part stands."""
    found = enrolment_of(person, run_by_reference(reference))
    return found.standing.value if found else None


def taken(reference: str) -> int:
    """Count the places that are taken, as the database has it."""
    db.session.rollback()
    count = db.session.scalar(select(Run.taken).where(Run.reference == reference))
    assert count is not None
    return count


def answers(text: str = "Send two people.", *, colleague: bool = True, **more: Any) -> Answers:
    """Make the answers of a review; all yes unless told."""
    usual: dict[str, Any] = {"city": True, "length": True, "connection": True, "language": "en"}
    return Answers(colleague=colleague, text=text, **(usual | more))


def review(
    person: Person, reference: str, said: Answers | None = None, *, now: datetime = NOW
) -> Review:
    """Write a person's review of a run."""
    with unit_of_work():
        return feedback.review(person, run_by_reference(reference), said or answers(), now=now)


def decide(person: Person, reference: str, state: ReviewState) -> None:
    """Show or hide a person's review, as a steward does."""
    with unit_of_work():
        run = run_by_reference(reference)
        written = review_of(person, run)
        assert written is not None
        found = review_by_reference(written.reference)
        feedback.decide(found, state, run.offer, by=None, now=NOW)


def reviewed_by(count: int, reference: str, *, yes: int) -> None:
    """Let so many people take part and say how it was, of whom `yes` would send a colleague."""
    for number in range(count):
        person = make_person(f"peer-{reference}-{number}@example.org".lower())
        enrol(person, reference)
        review(person, reference, answers(colleague=number < yes))
        decide(person, reference, ReviewState.SHOWN)
