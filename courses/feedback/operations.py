"""What can be done in feedback: write a review, show or hide one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from academy import audit
from academy.accounts.models import CitySize, Person, WorkRole
from academy.db import db
from academy.notices.operations import notify
from academy.text import clean_line, excerpt
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Offer
from courses.catalogue.runs import Run
from courses.enrolment.queries import enrolment_of
from courses.feedback import queries, rules
from courses.feedback.models import Review, ReviewState

STILL_ASKED = timedelta(days=14)
"""How long after its time the question how it was is still sent."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the form of a review asks."""

    colleague: bool
    city: bool
    length: bool
    connection: bool
    text: str
    language: str
    role: WorkRole | None = None
    city_size: CitySize | None = None


def review(person: Person, run: Run, answers: Answers, *, now: datetime) -> Review:
    """Write the person's review of a run, or write it anew; one for both, whatever happens.

    Refuses with MayNotReview.
    """
    rules.check_may_review(enrolment_of(person, run), run, now)
    found = queries.review_of(person, run)
    if found is None:
        state = rules.first_state(queries.shown_reviews_by(person))
        found = Review(person_id=person.id, run_id=run.id, state=state, written_at=now)
        db.session.add(found)
    for name in rules.QUESTIONS:
        setattr(found, name, getattr(answers, name))
    found.text = excerpt(_paragraphs(answers.text), rules.LONGEST_TEXT)
    found.language, found.changed_at = answers.language, now
    found.role = person.role = answers.role or person.role
    found.city_size = person.city_size = answers.city_size or person.city_size
    db.session.flush()
    recount(run.offer)
    return found


def decide(
    reviewed: Review,
    state: ReviewState,
    offer: Offer,
    *,
    by: Person | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Show a held review to everybody, or hide one; who wrote it hears why it is hidden.

    `by` is None for the operator of the academy.
    """
    reviewed.state, reviewed.reason = state, reason
    reviewed.decided_by_id, reviewed.decided_at = by.id if by else None, now
    audit.note(
        f"review-{state.value}", f"review:{reviewed.reference}", by=by, now=now, reason=reason
    )
    if state is ReviewState.HIDDEN:
        about = f"{reviewed.reference}:{now.isoformat()}"
        writer = reviewed.person
        notify("review-hidden", writer, about=about, now=now, review=reviewed.reference)
    db.session.flush()
    recount(offer)


def hold_for_a_look(reviewed: Review, offer: Offer) -> None:
    """Let a shown review wait for a steward's look; what a steward decided stays decided."""
    if reviewed.state is ReviewState.SHOWN and reviewed.decided_by_id is None:
        reviewed.state = ReviewState.HELD
        db.session.flush()
        recount(offer)


def recount(offer: Offer) -> None:
    """Bring what the catalogue shows of an offer's reviews in line with those that are shown.

    Where the offer was merged into another, that other one's, too.
    """
    leader = db.session.get(Offer, offer.canonical_id) if offer.canonical_id else None
    for one in filter(None, (offer, leader)):
        found = queries.opinion(one)
        catalogue.rate(one, review_count=found.count, colleague_share=found.shares["colleague"])
    db.session.flush()


def ask_for_reviews(*, now: datetime, limit: int) -> int:
    """Ask those whose run has ended how it was; tells how many.

    A webinar is asked about an hour after its end, a course the day after; nobody is asked twice,
    nor after a review, nor long after the time for it.
    """
    asked = queries.to_ask_for_a_review(now=now, limit=limit)
    for enrolment in asked:
        notify(
            "review-asked",
            enrolment.person,
            about=enrolment.reference,
            now=now,
            expires_at=now + STILL_ASKED,
            enrolment=enrolment.reference,
        )
    return len(asked)


def merge(old: Person, kept: Person) -> None:
    """Hand over the reviews of an account that becomes part of another; the newer one stays."""
    theirs = {one.run_id: one for one in queries.reviews_by(kept)}
    for mine in queries.reviews_by(old):
        other = theirs.get(mine.run_id)
        newest = mine if other is None else max(mine, other, key=lambda one: one.changed_at)
        for older in {mine, other} - {newest, None}:
            db.session.delete(older)
            db.session.flush()
        newest.person_id = kept.id
        db.session.flush()
        recount(newest.run.offer)


def forget(person: Person) -> None:
    """Keep of an erased person's reviews the four answers that are counted, and nothing else."""
    for mine in queries.reviews_by(person):
        mine.text, mine.role, mine.city_size = "", None, None
    db.session.flush()


def _paragraphs(text: str) -> str:
    """Clean each line of a text that people typed; their line breaks stay."""
    return "\n".join(clean_line(line, limit=rules.LONGEST_TEXT) for line in text.splitlines())
