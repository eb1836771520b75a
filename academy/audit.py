"""Who did what: an append-only log, written in the transaction of the deed itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from academy.accounts.models import Person
from academy.db import Base, Instant, Key, db


class AuditEntry(Base):
    """One deed: who, what, to which thing. `fields` names what changed, never its values."""

    __tablename__ = "audit"

    id: Mapped[Key]
    at: Mapped[Instant] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    act: Mapped[str] = mapped_column(String(60))
    thing: Mapped[str] = mapped_column(String(160), index=True)
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)

    person: Mapped[Person | None] = relationship(lazy="raise")


def note(
    act: str, thing: str, *, by: Person | None, now: datetime, fields: Sequence[str] = ()
) -> None:
    """Log a deed: `act` such as "person-blocked", `thing` such as "person:5f3a".

    Call it inside the unit of work of the deed, so that both are kept or neither.
    """
    who = by.id if by else None
    db.session.add(AuditEntry(at=now, person_id=who, act=act, thing=thing, fields=list(fields)))


def latest(*, limit: int, thing: str | None = None) -> list[AuditEntry]:
    """List what was done last, newest first, with who did it; of one thing if asked."""
    entries = select(AuditEntry).options(joinedload(AuditEntry.person))
    if thing is not None:
        entries = entries.where(AuditEntry.thing == thing)
    return list(db.session.scalars(entries.order_by(AuditEntry.id.desc()).limit(limit)))
