"""What happens around the meetings of a run: who moderates it, what was written to all."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models import Person
from academy.db import Base, Instant, Key, Reference
from courses.catalogue.runs import Run


class Facilitation(Base):
    """A person moderating a run."""

    __tablename__ = "facilitations"
    __table_args__ = (UniqueConstraint("run_id", "person_id"),)

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    since: Mapped[Instant]

    run: Mapped[Run] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class RunMessage(Base):
    """What an institution wrote to everybody registered for a run through the platform."""

    __tablename__ = "run_messages"

    id: Mapped[Key]
    reference: Mapped[Reference]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(35))
    recipients: Mapped[int]
    sent_at: Mapped[Instant]

    run: Mapped[Run] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")
