"""What can be asked about feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from academy.accounts.models import Person
from academy.db import db
from academy.errors import Missing
from courses.catalogue.models import Kind, Offer
from courses.catalogue.queries import listed, visible, whole
from courses.catalogue.runs import Meeting, Run
from courses.enrolment.models import Enrolment
from courses.enrolment.queries import is_here, not_told
from courses.enrolment.rules import TAKING_PART
from courses.feedback import rules
from courses.feedback.models import Review, ReviewState
from courses.feedback.rules import QUESTIONS, share


@dataclass(frozen=True, slots=True)
class Opinion:
    """What peers say of an offer: reviews, and from five on the share of yes for each question."""

    reviews: Sequence[Review]
    count: int
    shares: dict[str, int | None]


def review_of(person: Person, run: Run) -> Review | None:
    """Find the person's review of a run."""
    return db.session.scalar(
        select(Review).where(Review.person_id == person.id, Review.run_id == run.id)
    )


def review_by_number(number: int) -> Review | None:
    """Find a review by its key, with its offer."""
    return db.session.scalar(_with_offer().where(Review.id == number))


def review_by_reference(reference: str, *, kept: ColumnElement[bool] | None = None) -> Review:
    """Find a review by its reference, with its offer; of the institutions told of, if any are.

    Raises Missing when there is none.
    """
    found = _with_offer().where(Review.reference == reference)
    if kept is not None:
        found = _of_institutions(found, kept)
    review = db.session.scalar(found)
    if review is None:
        raise Missing
    return review


def shown_review_of(offer: Offer, reference: str) -> Review | None:
    """Find a review of the offer that everybody reads."""
    return db.session.scalar(
        select(Review)
        .join(Review.run)
        .where(
            Run.offer_id == offer.id,
            Review.reference == reference,
            Review.state == ReviewState.SHOWN,
        )
    )


def held_reviews(*, limit: int) -> list[Review]:
    """List the reviews that wait for a look, oldest first, with their offers."""
    held = _with_offer().where(Review.state == ReviewState.HELD)
    return list(db.session.scalars(held.order_by(Review.written_at, Review.id).limit(limit)))


def reviews_in(
    state: ReviewState, kept: ColumnElement[bool], *, limit: int, offset: int
) -> list[Review]:
    """List the reviews in this state of offers of these institutions, offers whole.

    Those that wait stand oldest first, the others latest first.
    """
    found = _of_institutions(select(Review), kept).where(Review.state == state)
    order = Review.written_at if state is ReviewState.HELD else Review.written_at.desc()
    whole_offer = joinedload(Review.run).joinedload(Run.offer).options(*whole())
    page = found.options(whole_offer).order_by(order, Review.id).limit(limit).offset(offset)
    return list(db.session.scalars(page).unique())


def review_count(state: ReviewState, kept: ColumnElement[bool]) -> int:
    """Count the reviews in this state of offers of these institutions."""
    counted = _of_institutions(select(func.count(Review.id)), kept).where(Review.state == state)
    return db.session.scalar(counted) or 0


def _of_institutions(asked: Select[Any], kept: ColumnElement[bool]) -> Select[Any]:
    return asked.join(Review.run).join(Run.offer).join(Offer.institution).where(kept)


def _with_offer() -> Select[Review]:
    offer = joinedload(Review.run).joinedload(Run.offer)
    return select(Review).options(joinedload(Review.person), offer)


def reviews_by(person: Person) -> list[Review]:
    """List the person's reviews, with their offers, by run."""
    written = _with_offer().where(Review.person_id == person.id)
    return list(db.session.scalars(written.order_by(Review.run_id)))


def to_ask_for_a_review(*, now: datetime, limit: int) -> Sequence[Enrolment]:
    """List who took part in a run that ended lately, with the people: not asked, not reviewed."""
    last_hour = select(func.max(Meeting.ends_at)).where(Meeting.run_id == Run.id).scalar_subquery()
    end = func.coalesce(Run.ends_at, last_hour, Run.starts_at)
    webinar = and_(Offer.kind == Kind.WEBINAR, *_lately(end, now - rules.ASK_AFTER_WEBINAR))
    course = and_(Offer.kind == Kind.COURSE, *_lately(Run.ends_at, now - rules.ASK_AFTER_COURSE))
    reviewed = exists(
        select(Review.id).where(
            Review.run_id == Enrolment.run_id, Review.person_id == Enrolment.person_id
        )
    )
    asked = select(Enrolment).join(Enrolment.run).join(Run.offer).join(Enrolment.person)
    wanted = asked.options(contains_eager(Enrolment.person)).where(
        visible(), or_(webinar, course), Enrolment.standing.in_(TAKING_PART), ~reviewed
    )
    wanted = wanted.where(not_told("review-asked"), *is_here()).order_by(Enrolment.id)
    return db.session.scalars(wanted.limit(limit)).all()


def _lately(end: Any, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return end > until - rules.ASKED_WITHIN, end <= until


def reviewed_runs(person: Person) -> set[int]:
    """Give the keys of the runs the person has reviewed."""
    return set(db.session.scalars(select(Review.run_id).where(Review.person_id == person.id)))


def shown_reviews_by(person: Person) -> int:
    """Count the person's reviews that everybody reads."""
    counted = select(func.count()).select_from(Review)
    shown = counted.where(Review.person_id == person.id, Review.state == ReviewState.SHOWN)
    return db.session.scalar(shown) or 0


def opinion(offer: Offer) -> Opinion:
    """Gather what peers say of an offer, over all its runs, latest first, with run and offer.

    What was merged into the offer is the offer.
    """
    found = select(Review).join(Review.run).join(Run.offer)
    found = found.options(contains_eager(Review.run).contains_eager(Run.offer))
    one = or_(Offer.id == offer.id, Offer.canonical_id == offer.id)
    shown = found.where(one, Review.state == ReviewState.SHOWN)
    latest = shown.order_by(Review.written_at.desc(), Review.id.desc())
    reviews = list(db.session.scalars(latest))
    shares = {name: share([getattr(one, name) for one in reviews]) for name in QUESTIONS}
    return Opinion(reviews, len(reviews), shares)


def latest_sayings(*, limit: int) -> list[Review]:
    """List the latest shown reviews that say something, one an offer, with their offers whole."""
    offer = joinedload(Review.run).joinedload(Run.offer)
    says = (Review.state == ReviewState.SHOWN, Review.text != "")
    latest = select(func.max(Review.id)).join(Run).where(*says).group_by(Run.offer_id)
    return list(
        db.session.scalars(
            select(Review)
            .join(Run)
            .join(Offer)
            .options(joinedload(Review.run), offer.options(*whole()))
            .where(Review.id.in_(latest), listed())
            .order_by(Review.written_at.desc(), Review.id.desc())
            .limit(limit)
        ).unique()
    )
