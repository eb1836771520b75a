"""What an enrolment is: a person in a run."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models import Person
from academy.db import Base, Instant, Key, Reference, stored
from courses.catalogue.runs import Run


class Standing(StrEnum):
    """How taking part stands, as the academy or the institution knows it."""

    REQUESTED = "requested"
    OFFERED = "offered"
    ENROLLED = "enrolled"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"
    ABSENT = "absent"


class Progress(StrEnum):
    """What learners declare of a course that runs at the partner's."""

    LEFT = "left"
    STARTED = "started"
    FINISHED = "finished"
    STOPPED = "stopped"


class Enrolment(Base):
    """A person taking part in a run; one for both, whatever happens.

    left_at: went to the partner's site; waiting_since: the place in the waiting list;
    joined_at: opened the join link of a meeting.
    """

    __tablename__ = "enrolments"
    __table_args__ = (UniqueConstraint("person_id", "run_id"),)

    id: Mapped[Key]
    reference: Mapped[Reference]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    standing: Mapped[Standing] = mapped_column(stored(Standing))
    progress: Mapped[Progress | None] = mapped_column(stored(Progress))
    enrolled_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    left_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None] = mapped_column(index=True)
    joined_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")
    run: Mapped[Run] = relationship(lazy="raise")
