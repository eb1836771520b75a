"""What can be asked about taking part."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from academy.accounts.models import Person
from academy.db import db
from academy.errors import Missing
from courses.catalogue.models import Offer
from courses.catalogue.queries import whole
from courses.catalogue.runs import Run
from courses.enrolment.models import Enrolment, Standing


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
    """Find the person's own enrolment by its reference, with run and offer.

    Raises Missing when there is none, or it is somebody else's.
    """
    enrolment = db.session.scalar(
        select(Enrolment)
        .options(joinedload(Enrolment.run).joinedload(Run.offer).joinedload(Offer.institution))
        .where(Enrolment.reference == reference, Enrolment.person_id == person.id)
    )
    if enrolment is None:
        raise Missing
    return enrolment


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
