"""What can be asked about taking part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from academy.accounts.models import Person
from academy.db import db
from academy.errors import Missing
from academy.notices.models import Notice
from courses.catalogue.models import Kind, Offer, State
from courses.catalogue.queries import visible, whole
from courses.catalogue.runs import Run
from courses.enrolment.models import Enrolment, Progress, Standing
from courses.enrolment.rules import MAY_WITHDRAW

LATELY = timedelta(days=30)
"""What was withdrawn longer ago is not told of any more."""


def enrolment_of(person: Person, run: Run) -> Enrolment | None:
    """Find the person's enrolment in a run."""
    return db.session.scalar(
        select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.run_id == run.id)
    )


def enrolments_in(person: Person, offer: Offer) -> dict[int, Enrolment]:
    """Give the person's enrolments in the runs of an offer, by the run's key."""
    rows = db.session.scalars(
        select(Enrolment)
        .join(Run)
        .where(Enrolment.person_id == person.id, Run.offer_id == offer.id)
    )
    return {row.run_id: row for row in rows}


def enrolment_by_reference(reference: str, person: Person) -> Enrolment:
    """Find the person's own enrolment by its reference, with run, meetings and whole offer.

    Raises Missing when there is none, or it is somebody else's.
    """
    enrolment = db.session.scalar(
        _whole().where(Enrolment.reference == reference, Enrolment.person_id == person.id)
    )
    if enrolment is None:
        raise Missing
    return enrolment


def enrolment_told_of(reference: str) -> Enrolment | None:
    """Find an enrolment by its reference, with person, run, meetings and whole offer."""
    return db.session.scalar(
        _whole().options(joinedload(Enrolment.person)).where(Enrolment.reference == reference)
    )


def learning_of(person: Person) -> list[Enrolment]:
    """List what the person takes or took part in, latest first, offers whole."""
    offer = joinedload(Enrolment.run).joinedload(Run.offer)
    return list(
        db.session.scalars(
            select(Enrolment)
            .options(joinedload(Enrolment.run), offer.options(*whole()))
            .where(Enrolment.person_id == person.id, Enrolment.standing != Standing.WITHDRAWN)
            .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
        ).unique()
    )


def queue(run: Run, *, limit: int | None = None) -> list[Enrolment]:
    """List who waits for a place in the run, with the people, first come first.

    Who was blocked or erased meanwhile does not wait any more.
    """
    waiting = (
        select(Enrolment)
        .join(Enrolment.person)
        .options(contains_eager(Enrolment.person))
        .where(Enrolment.run_id == run.id, _waits())
        .order_by(Enrolment.waiting_since, Enrolment.id)
    )
    return list(db.session.scalars(waiting.limit(limit)))


def place_in_queue(enrolment: Enrolment) -> int:
    """Tell how far from a place somebody who waits is: 1 is next."""
    earlier = or_(
        Enrolment.waiting_since < enrolment.waiting_since,
        and_(Enrolment.waiting_since == enrolment.waiting_since, Enrolment.id < enrolment.id),
    )
    before = select(func.count()).select_from(Enrolment).join(Enrolment.person)
    found = before.where(Enrolment.run_id == enrolment.run_id, _waits(), earlier)
    return (db.session.scalar(found) or 0) + 1


def waiting_count(run: Run) -> int:
    """Count who waits for a place in the run."""
    counted = select(func.count()).select_from(Enrolment).join(Enrolment.person)
    return db.session.scalar(counted.where(Enrolment.run_id == run.id, _waits())) or 0


def runs_with_idle_places(*, now: datetime, limit: int) -> Sequence[Run]:
    """List runs of visible offers, not over, in which a place is free and somebody waits."""
    free = or_(Run.capacity.is_(None), Run.taken < Run.capacity)
    waiting = exists(select(Enrolment.id).join(Person).where(Enrolment.run_id == Run.id, _waits()))
    end = func.coalesce(Run.ends_at, Run.starts_at)
    coming = or_(end.is_(None), end >= now, and_(Offer.kind == Kind.COURSE, Run.ends_at.is_(None)))
    idle = select(Run).join(Offer).where(visible(), free, waiting, coming)
    return db.session.scalars(idle.order_by(Run.id).limit(limit)).all()


def participants(run: Run) -> list[Enrolment]:
    """List who takes part in the run, then who waits, then the others; with the people.

    Each group in the order in which its people came.
    """
    rank = case(
        (Enrolment.standing.in_((Standing.ENROLLED, Standing.COMPLETED)), 0),
        (Enrolment.standing == Standing.WAITING, 1),
        else_=2,
    )
    came = func.coalesce(Enrolment.waiting_since, Enrolment.enrolled_at)
    return list(
        db.session.scalars(
            select(Enrolment)
            .join(Enrolment.person)
            .options(contains_eager(Enrolment.person))
            .where(Enrolment.run_id == run.id, Person.erased_at.is_(None))
            .order_by(rank, came, Enrolment.id)
        )
    )


def all_enrolments_of(person: Person) -> list[Enrolment]:
    """List every enrolment of the person with its run and offer, by run: the order of locks."""
    return list(
        db.session.scalars(
            select(Enrolment)
            .options(joinedload(Enrolment.run).joinedload(Run.offer))
            .where(Enrolment.person_id == person.id)
            .order_by(Enrolment.run_id)
        )
    )


def to_ask_how_far(*, after: datetime, until: datetime, limit: int) -> Sequence[Enrolment]:
    """List whom to ask how far they got: left for a partner's course that names no end.

    They left between the two instants, have not said that they finished or stopped, and were
    not asked before.
    """
    open_still = or_(
        Enrolment.progress.is_(None), Enrolment.progress.in_((Progress.LEFT, Progress.STARTED))
    )
    left = and_(Enrolment.left_at > after, Enrolment.left_at <= until)
    asked = select(Enrolment).join(Enrolment.run).join(Run.offer)
    asked = asked.join(Enrolment.person).options(contains_eager(Enrolment.person))
    of_partners = and_(Offer.kind == Kind.COURSE, Offer.address != "", Run.ends_at.is_(None))
    wanted = asked.where(of_partners, open_still, left, Enrolment.standing == Standing.ENROLLED)
    wanted = wanted.where(*is_here(), not_told("progress-asked"))
    return db.session.scalars(wanted.order_by(Enrolment.id).limit(limit)).all()


def left_without_an_offer(*, now: datetime, limit: int) -> Sequence[Enrolment]:
    """List who takes part in, or waits for, a dated run whose offer the institution withdrew.

    Who was told of it is left out.
    """
    gone = select(Enrolment).join(Enrolment.run).join(Run.offer).join(Enrolment.person)
    coming = and_(Run.starts_at.is_not(None), func.coalesce(Run.ends_at, Run.starts_at) > now)
    wanted = gone.options(contains_eager(Enrolment.person)).where(
        Offer.state == State.ARCHIVED, coming, Enrolment.standing.in_(MAY_WITHDRAW), *is_here()
    )
    wanted = wanted.where(not_told("called-off"), Offer.changed_at > now - LATELY)
    wanted = wanted.order_by(Enrolment.id)
    return db.session.scalars(wanted.limit(limit)).all()


def is_here() -> tuple[ColumnElement[bool], ...]:
    """Give the conditions under which a person can be told something."""
    return (Person.blocked_at.is_(None), Person.erased_at.is_(None))


def not_told(kind: str) -> ColumnElement[bool]:
    """Give the condition that no notice of this kind is about the enrolment."""
    about = Notice.dedupe_key == f"{kind}:" + Enrolment.reference
    return ~exists(select(Notice.id).where(about))


def _waits() -> ColumnElement[bool]:
    return and_(Enrolment.standing == Standing.WAITING, *is_here())


def _whole() -> Select[Enrolment]:
    run = joinedload(Enrolment.run)
    return select(Enrolment).options(
        run.selectinload(Run.meetings), run.joinedload(Run.offer).options(*whole())
    )
