"""What a source is: a feed of an institution, how it is read, and whether it may be."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models import Person
from academy.db import Base, Instant, Key, Reference, stored
from academy.institutions.models import Institution


class SourceState(StrEnum):
    """Whether a source is read: only what a steward approved is."""

    REQUESTED = "requested"
    APPROVED = "approved"
    PAUSED = "paused"


class Schedule(StrEnum):
    """How often a source is read by itself."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    BY_HAND = "by-hand"


class Source(Base):
    """Where we read: one feed of one institution.

    A source without an address is of files that are given by hand, or of records that are pushed.
    `secret` and `push_secret` are encrypted (courses.sources.credentials). `cursor` is from where
    the next reading goes on, for formats that tell what changed since; `whole_at` when all of it
    was read last.
    """

    __tablename__ = "sources"
    __table_args__ = (
        UniqueConstraint("institution_id", "name"),
        Index("ix_sources_state_due", "state", "due_at"),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"))
    name: Mapped[str] = mapped_column(String(80))
    adapter: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(2000), default="")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    schedule: Mapped[Schedule] = mapped_column(stored(Schedule), default=Schedule.BY_HAND)
    state: Mapped[SourceState] = mapped_column(stored(SourceState), default=SourceState.REQUESTED)
    default_language: Mapped[str] = mapped_column(String(35), default="")
    default_licence: Mapped[str] = mapped_column(String(200), default="")
    encoding: Mapped[str] = mapped_column(String(40), default="")
    """How its text is encoded, where people say it; else its answers do, or its bytes."""

    columns: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    zone_names: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Which zone it means by an abbreviation that several share, such as CEST."""

    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    push_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(Text, default="")
    """What the steward who paused it tells the institution."""

    added_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    approved_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    whole_at: Mapped[datetime | None]
    cursor: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    words_used: Mapped[int] = mapped_column(default=0)
    """How often its records use a word, and how often one that is known: counted when it changes
    (courses.harvesting.words.mapping.count_words)."""

    words_covered: Mapped[int] = mapped_column(default=0)

    institution: Mapped[Institution] = relationship(lazy="raise")
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id], lazy="raise")
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id], lazy="raise")
