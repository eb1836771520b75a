"""What can be done in taking part: enrol, withdraw, leave for the partner, say how far one got."""

from __future__ import annotations

from datetime import datetime

from academy.accounts.models import Person
from academy.db import db
from academy.errors import Invalid
from courses.catalogue import operations as catalogue
from courses.catalogue.runs import Run
from courses.enrolment import queries, rules
from courses.enrolment.models import Enrolment, Progress, Standing


def enrol(person: Person, run: Run, *, now: datetime) -> Enrolment:
    """Give the person a place in the run. Enrolling twice is enrolling once.

    Refuses with OfferWithdrawn, EnrolmentClosed or RunFull.
    """
    catalogue.hold(run)
    enrolment = queries.enrolment_of(person, run)
    if enrolment is not None and rules.takes_part(enrolment):
        return enrolment

    rules.check_may_enrol(run, now)
    catalogue.take_place(run)
    if enrolment is None:
        enrolment = Enrolment(person_id=person.id, run_id=run.id, enrolled_at=now)
        db.session.add(enrolment)
    enrolment.standing, enrolment.progress, enrolment.changed_at = Standing.ENROLLED, None, now
    db.session.flush()
    return enrolment


def withdraw(person: Person, run: Run, *, now: datetime) -> None:
    """Give the person's place back. Withdrawing twice is withdrawing once."""
    catalogue.hold(run)
    enrolment = queries.enrolment_of(person, run)
    if enrolment is None or enrolment.standing is not Standing.ENROLLED:
        return
    enrolment.standing, enrolment.changed_at = Standing.WITHDRAWN, now
    catalogue.give_place_back(run)
    db.session.flush()


def leave_for_partner(person: Person, run: Run, *, now: datetime) -> Enrolment:
    """Enrol the person, and note that they went to the partner's site.

    Refuses as `enrol` does.
    """
    enrolment = enrol(person, run, now=now)
    enrolment.progress = enrolment.progress or Progress.LEFT
    enrolment.left_at = now
    return enrolment


def declare(enrolment: Enrolment, progress: Progress, *, now: datetime) -> None:
    """Keep what the learner says of how far they got.

    Refuses with NotEnrolled after a withdrawal, and with Invalid what is not for them to say.
    """
    if progress not in rules.DECLARED:
        raise Invalid
    if not rules.takes_part(enrolment):
        raise rules.NotEnrolled
    enrolment.progress, enrolment.changed_at = progress, now
