"""What a notice is: a mail that is a row first, and is written at the moment of sending."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models import Person
from academy.db import Base, Instant, Key, Reference, stored


class NoticeState(StrEnum):
    """Where a notice stands: on its way, arrived at a mail server, given up, or no longer true."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    PARKED = "parked"
    DROPPED = "dropped"


class Group(StrEnum):
    """What people can say no to, group by group. ACCOUNT cannot be refused."""

    ACCOUNT = "account"
    TAKING_PART = "taking-part"
    REMINDERS = "reminders"
    FEEDBACK = "feedback"
    MESSAGES = "messages"
    WORK = "work"


class Notice(Base):
    """A message to one person, or to an address that has no account yet.

    The mail itself is made at the moment of sending, from `kind` and `details`: in the language
    and zone of the reader then, and only when it is still true. No secret is ever kept here.
    `dedupe_key` says what it is about: the same thing is told once. After `expires_at` it is
    dropped rather than sent.
    """

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_state_due", "state", "due_at"),)

    id: Mapped[Key]
    reference: Mapped[Reference]
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    group: Mapped[Group] = mapped_column("group_name", stored(Group))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    address: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[NoticeState] = mapped_column(stored(NoticeState), default=NoticeState.WAITING)
    made_at: Mapped[Instant]
    due_at: Mapped[Instant]
    expires_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    subject: Mapped[str] = mapped_column(String(300), default="")
    problem: Mapped[str] = mapped_column(String(500), default="")

    person: Mapped[Person | None] = relationship(lazy="raise")


class MutedGroup(Base):
    """A group of notices that a person does not want by mail."""

    __tablename__ = "muted_groups"
    __table_args__ = (UniqueConstraint("person_id", "group_name"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    group: Mapped[Group] = mapped_column("group_name", stored(Group))
    muted_at: Mapped[Instant]


class DeadAddress(Base):
    """An address that mail servers say does not exist; nothing more is sent there until mended."""

    __tablename__ = "dead_addresses"

    id: Mapped[Key]
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    problem: Mapped[str] = mapped_column(String(500), default="")
    bounces: Mapped[int] = mapped_column(default=1)
    since: Mapped[Instant]
