"""Who did what: an append-only log, written in the transaction of the deed itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Select, String, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from academy.accounts.models import Person
from academy.db import Base, Instant, Key, db


class AuditEntry(Base):
    """One deed: who, what, to which thing. `fields` names what changed, never its values.

    `reason` is what a steward gave as the reason, in their words.
    """

    __tablename__ = "audit"

    id: Mapped[Key]
    at: Mapped[Instant] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    act: Mapped[str] = mapped_column(String(60))
    thing: Mapped[str] = mapped_column(String(160), index=True)
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(String(500), default="")

    person: Mapped[Person | None] = relationship(lazy="raise")


def note(
    act: str,
    thing: str,
    *,
    by: Person | None,
    now: datetime,
    fields: Sequence[str] = (),
    reason: str = "",
) -> None:
    """Log a deed: `act` such as "person-blocked", `thing` such as "person:5f3a".

    Call it inside the unit of work of the deed, so that both are kept or neither.
    """
    who = by.id if by else None
    entry = AuditEntry(at=now, person_id=who, act=act, thing=thing, fields=list(fields))
    entry.reason = reason[:500]
    db.session.add(entry)


def latest(
    *, limit: int, offset: int = 0, thing: str | None = None, by: Person | None = None
) -> list[AuditEntry]:
    """List what was done last, newest first, with who did it; to one thing or by one person."""
    entries = _entries(thing, by).options(joinedload(AuditEntry.person))
    newest = entries.order_by(AuditEntry.id.desc()).limit(limit).offset(offset)
    return list(db.session.scalars(newest))


def entry_count(*, thing: str | None = None, by: Person | None = None) -> int:
    """Count the entries of the log, of one thing or by one person."""
    counted = _entries(thing, by).with_only_columns(func.count())
    return db.session.scalar(counted) or 0


def _entries(thing: str | None, by: Person | None) -> Select[AuditEntry]:
    entries = select(AuditEntry)
    if thing is not None:
        entries = entries.where(AuditEntry.thing == thing)
    return entries if by is None else entries.where(AuditEntry.person_id == by.id)
