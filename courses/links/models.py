"""What a check of a link left behind."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from academy.db import Base, Instant, stored


class Answered(StrEnum):
    """What the address of an offer answered; to ask people to sign in is normal."""

    FINE = "fine"
    SIGN_IN = "sign-in"
    LATER = "later"
    STRIKE = "strike"


class LinkCheck(Base):
    """How the address of an offer answered last. Three strikes on three days mark the offer."""

    __tablename__ = "link_checks"
    __table_args__ = (Index("ix_link_checks_due_at", "due_at"),)

    offer_id: Mapped[int] = mapped_column(
        ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str] = mapped_column(String(2000))
    answered: Mapped[Answered] = mapped_column(stored(Answered))
    reason: Mapped[str] = mapped_column(String(40), default="")
    """The HTTP status, or the code of what prevented an answer."""

    strikes: Mapped[int] = mapped_column(default=0)
    struck_on: Mapped[date | None]
    checked_at: Mapped[Instant]
    due_at: Mapped[datetime]
