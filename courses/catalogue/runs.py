"""What a run is: one dated or always-open edition of an offer, and its meetings."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.db import Base, Instant, Key, Reference, new_reference, stored
from academy.i18n import Texts

if TYPE_CHECKING:
    from courses.catalogue.models import Offer


class MeetingStatus(StrEnum):
    """Whether a meeting will be held."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Run(Base):
    """One edition of an offer; people enrol in a run. Without a start it is always open."""

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint("taken >= 0", name="taken_not_negative"),
        CheckConstraint("capacity IS NULL OR taken <= capacity", name="taken_within_capacity"),
        CheckConstraint("ends_at IS NULL OR starts_at <= ends_at", name="starts_before_it_ends"),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    enrol_until: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)

    offer: Mapped[Offer] = relationship(back_populates="runs", lazy="raise")
    meetings: Mapped[list[Meeting]] = relationship(
        back_populates="run",
        lazy="raise",
        cascade="all, delete-orphan",
        order_by="Meeting.starts_at",
    )


class Meeting(Base):
    """A dated live hour of a run. UID and sequence follow RFC 5545.

    told_sequence: the sequence that those who take part have been told of.
    """

    __tablename__ = "meetings"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),)

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), index=True)
    uid: Mapped[str] = mapped_column(String(120), unique=True, default=new_reference)
    sequence: Mapped[int] = mapped_column(default=0)
    told_sequence: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    zone: Mapped[str] = mapped_column(String(64))
    title: Mapped[Texts] = mapped_column(JSON, default=dict)
    status: Mapped[MeetingStatus] = mapped_column(
        stored(MeetingStatus), default=MeetingStatus.CONFIRMED
    )
    join_link: Mapped[str] = mapped_column(String(2000), default="")
    recording: Mapped[str] = mapped_column(String(2000), default="")

    run: Mapped[Run] = relationship(back_populates="meetings", lazy="raise")
