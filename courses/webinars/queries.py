"""What can be asked about meetings: who is to be reminded, what people were not told of yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import exists, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from academy.accounts.models import Person
from academy.db import db
from academy.errors import Missing
from academy.institutions.models import Institution
from academy.notices.models import Notice
from courses.catalogue.models import Offer
from courses.catalogue.queries import visible, whole
from courses.catalogue.runs import Meeting, MeetingStatus, Run
from courses.enrolment.models import Enrolment, Standing
from courses.enrolment.queries import is_here
from courses.enrolment.rules import TAKING_PART
from courses.webinars.models import Facilitation, RunMessage

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


def run_at(institution: Institution, reference: str) -> Run:
    """Find a run of the institution, with its meetings and its offer whole, whatever its state.

    Raises Missing when there is none, or it is another institution's.
    """
    offer = joinedload(Run.offer).options(*whole())
    found = select(Run).join(Run.offer).options(selectinload(Run.meetings), offer)
    run = db.session.scalar(
        found.where(Run.reference == reference, Offer.institution_id == institution.id)
    )
    if run is None:
        raise Missing
    return run


def hold(run: Run) -> None:
    """Let nobody else write to those who take part until this transaction ends."""
    db.session.execute(select(Run.id).where(Run.id == run.id).with_for_update())


def recipients(run: Run) -> Sequence[Enrolment]:
    """List who takes part in the run and can be written to, with the people."""
    found = select(Enrolment).join(Enrolment.person).options(contains_eager(Enrolment.person))
    taking_part = (Enrolment.run_id == run.id, Enrolment.standing.in_(TAKING_PART))
    return db.session.scalars(found.where(*taking_part, *is_here()).order_by(Enrolment.id)).all()


def messages_of(run: Run, *, limit: int) -> Sequence[RunMessage]:
    """List what was written to those who take part in the run, latest first, with its authors."""
    sent = select(RunMessage).options(joinedload(RunMessage.person))
    latest = sent.where(RunMessage.run_id == run.id).order_by(RunMessage.id.desc())
    return db.session.scalars(latest.limit(limit)).all()


def messages_since(run: Run, since: datetime) -> int:
    """Count the messages written to those who take part in the run after an instant."""
    counted = select(func.count(RunMessage.id))
    sent = counted.where(RunMessage.run_id == run.id, RunMessage.sent_at > since)
    return db.session.scalar(sent) or 0


def message_by_reference(reference: str) -> RunMessage | None:
    """Find what was written to those who take part in a run."""
    return db.session.scalar(select(RunMessage).where(RunMessage.reference == reference))
