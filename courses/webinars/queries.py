"""What can be asked about meetings: who is to be reminded, what people were not told of yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import exists, select
from sqlalchemy.orm import contains_eager, joinedload

from academy.accounts.models import Person
from academy.db import db
from academy.notices.models import Notice
from courses.catalogue.models import Offer
from courses.catalogue.queries import visible
from courses.catalogue.runs import Meeting, MeetingStatus, Run
from courses.enrolment.models import Enrolment, Standing
from courses.enrolment.queries import is_here
from courses.webinars.models import Facilitation

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody expected at a meeting: the reference of their enrolment, and since when."""

    enrolment: str
    since: datetime
    uid: str
    starts_at: datetime

    @property
    def about(self) -> str:
        """What a reminder is about: a meeting that moves is another occasion."""
        return f"{self.enrolment}:{self.uid}:{self.starts_at.isoformat()}"


def expected(*, after: datetime, until: datetime) -> list[Expected]:
    """List who is expected at the meetings that start between two instants."""
    coming = (Meeting.starts_at > after, Meeting.starts_at <= until)
    held = (Meeting.status == MeetingStatus.CONFIRMED, visible())
    rows = db.session.execute(
        select(Enrolment.reference, Enrolment.changed_at, Meeting.uid, Meeting.starts_at)
        .join(Run, Enrolment.run_id == Run.id)
        .join(Meeting, Meeting.run_id == Run.id)
        .join(Offer, Run.offer_id == Offer.id)
        .join(Person, Enrolment.person_id == Person.id)
        .where(*coming, *held, Enrolment.standing == Standing.ENROLLED, *is_here())
        .order_by(Meeting.starts_at, Meeting.id, Enrolment.id)
    )
    return [Expected(*row) for row in rows]


def told_already(keys: Iterable[str]) -> set[str]:
    """Tell which of these notices there are, by what they are told apart by."""
    found: set[str] = set()
    waiting = iter(keys)
    while some := list(islice(waiting, AT_ONCE)):
        found.update(
            db.session.scalars(select(Notice.dedupe_key).where(Notice.dedupe_key.in_(some)))
        )
    return found


def people_of(references: Iterable[str]) -> dict[str, Person]:
    """Give who is behind these references of enrolments."""
    rows = db.session.scalars(
        select(Enrolment)
        .join(Enrolment.person)
        .options(contains_eager(Enrolment.person))
        .where(Enrolment.reference.in_(list(references)))
    )
    return {row.reference: row.person for row in rows}


def untold_meetings(*, limit: int) -> Sequence[Meeting]:
    """List meetings that were moved or cancelled since people were told."""
    changed = select(Meeting).where(Meeting.sequence != Meeting.told_sequence)
    return db.session.scalars(changed.order_by(Meeting.id).limit(limit)).all()


def not_told_of(meeting: Meeting, *, limit: int) -> Sequence[Enrolment]:
    """List who takes part in the meeting's run and was not told how it now is, with the people."""
    about = f":{meeting.uid}:{meeting.sequence}"
    told = exists(
        select(Notice.id).where(
            Notice.dedupe_key == "meeting-changed:" + Enrolment.reference + about
        )
    )
    mine = (Enrolment.run_id == meeting.run_id, Enrolment.standing == Standing.ENROLLED)
    found = select(Enrolment).join(Enrolment.person).options(contains_eager(Enrolment.person))
    return db.session.scalars(
        found.where(*mine, *is_here(), ~told).order_by(Enrolment.id).limit(limit)
    ).all()


def meeting_by_uid(uid: str) -> Meeting | None:
    """Find a meeting by its UID, with its run."""
    return db.session.scalar(
        select(Meeting).options(joinedload(Meeting.run)).where(Meeting.uid == uid)
    )


def facilitations_of(person: Person) -> Sequence[Facilitation]:
    """List which runs the person moderates."""
    return db.session.scalars(select(Facilitation).where(Facilitation.person_id == person.id)).all()
