"""Who moderates which webinar, and which webinars nobody moderates yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from academy.accounts.models import Person
from academy.db import db
from academy.institutions.models import Institution, MemberRole, Membership
from academy.institutions.queries import IN_THE_ACADEMY
from courses.catalogue.models import Kind, Offer
from courses.catalogue.queries import visible, whole
from courses.catalogue.runs import Run
from courses.webinars.models import Facilitation
from courses.webinars.rules import WorksElsewhere

END = func.coalesce(Run.ends_at, Run.starts_at)


def facilitators_of(run: Run) -> list[Person]:
    """List who moderates the run and still works for its institution; the run has its offer."""
    found = select(Person).join(Facilitation, Facilitation.person_id == Person.id)
    found = found.join(Membership, Membership.person_id == Person.id)
    here = (Facilitation.run_id == run.id, Membership.institution_id == run.offer.institution_id)
    return list(db.session.scalars(found.where(*here).order_by(Facilitation.id)))


def facilitation_of(person: Person, run: Run) -> Facilitation | None:
    """Find in which way the person moderates the run."""
    return db.session.scalar(
        select(Facilitation).where(
            Facilitation.run_id == run.id, Facilitation.person_id == person.id
        )
    )


def colleague_at(institution: Institution, reference: str) -> Person:
    """Find somebody who works for the institution.

    Raises WorksElsewhere when there is nobody by this reference.
    """
    found = select(Person).join(Membership, Membership.person_id == Person.id)
    person: Person | None = db.session.scalar(
        found.where(Membership.institution_id == institution.id, Person.reference == reference)
    )
    if person is None:
        raise WorksElsewhere
    return person


def moderates_something(person: Person) -> bool:
    """Tell whether the person moderates a run, or webinars of an institution in general."""
    works = select(Membership.id).join(Membership.institution).where(_works(person))
    in_general = works.where(Membership.role == MemberRole.FACILITATOR)
    moderated = select(Facilitation.id).where(Facilitation.person_id == person.id)
    moderating = and_(exists(works), exists(moderated))
    return bool(db.session.scalar(select(or_(exists(in_general), moderating))))


def webinars_of(person: Person, *, since: datetime, limit: int) -> Sequence[Run]:
    """List the runs that the person moderates, and webinars of institutions they moderate for.

    Those that have not ended before an instant, soonest first; with meetings and whole offers.
    """
    own = exists(
        select(Facilitation.id).where(
            Facilitation.run_id == Run.id, Facilitation.person_id == person.id
        )
    )
    in_general = and_(Offer.kind == Kind.WEBINAR, Membership.role == MemberRole.FACILITATOR)
    found = select(Run).join(Run.offer).join(Offer.institution)
    found = found.join(Membership, Membership.institution_id == Institution.id)
    offer = contains_eager(Run.offer).options(*whole())
    found = found.options(selectinload(Run.meetings), offer)
    wanted = found.where(_works(person), or_(own, in_general), visible(), *_not_over(since))
    return db.session.scalars(wanted.order_by(END, Run.id).limit(limit)).unique().all()


def moderated_run(person: Person, reference: str) -> Run | None:
    """Find a run that the person moderates and for whose institution they work.

    With its meetings and its offer whole.
    """
    found = select(Run).join(Run.offer).join(Offer.institution)
    found = found.join(Membership, Membership.institution_id == Institution.id)
    found = found.join(Facilitation, Facilitation.run_id == Run.id)
    offer = contains_eager(Run.offer).options(*whole())
    theirs = (Run.reference == reference, Facilitation.person_id == person.id, _works(person))
    found = found.options(selectinload(Run.meetings), offer).where(*theirs)
    return db.session.scalars(found).unique().one_or_none()


def roles_of(person: Person) -> dict[int, MemberRole]:
    """Tell for which institutions the person works, by their keys, and in which roles."""
    works = select(Membership).join(Membership.institution).where(_works(person))
    return {one.institution_id: one.role for one in db.session.scalars(works)}


def webinars_without_facilitator(
    institution: Institution, *, now: datetime, limit: int
) -> Sequence[Run]:
    """List coming webinars of the institution that nobody moderates, soonest first, with titles."""
    nobody = ~exists(
        select(Facilitation.id)
        .join(Membership, Membership.person_id == Facilitation.person_id)
        .where(Facilitation.run_id == Run.id, Membership.institution_id == Offer.institution_id)
    )
    titles = joinedload(Run.offer).selectinload(Offer.texts)
    found = select(Run).join(Run.offer).options(titles)
    own = (Offer.institution_id == institution.id, Offer.kind == Kind.WEBINAR, visible())
    wanted = found.where(*own, nobody, *_not_over(now))
    return db.session.scalars(wanted.order_by(Run.starts_at, Run.id).limit(limit)).all()


def _works(person: Person) -> ColumnElement[bool]:
    return and_(Membership.person_id == person.id, IN_THE_ACADEMY)


def _not_over(since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Run.starts_at.is_not(None), since <= END)
