"""What a review is: four yes/no answers and a text, by somebody who took part."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models import CitySize, Person, WorkRole
from academy.db import Base, Instant, Key, Reference, stored
from courses.catalogue.models import Offer
from courses.catalogue.runs import Run


class ReviewState(StrEnum):
    """Whether a review is read by all: first reviews wait for a look."""

    HELD = "held"
    SHOWN = "shown"
    HIDDEN = "hidden"


class Review(Base):
    """What a participant says of a run. Role and city size are shown, never the name."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("person_id", "run_id"),
        Index("ix_reviews_run_state", "run_id", "state"),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    colleague: Mapped[bool]
    city: Mapped[bool]
    length: Mapped[bool]
    connection: Mapped[bool]
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(35))
    role: Mapped[WorkRole | None] = mapped_column(stored(WorkRole))
    city_size: Mapped[CitySize | None] = mapped_column(stored(CitySize))
    state: Mapped[ReviewState] = mapped_column(stored(ReviewState))
    reason: Mapped[str] = mapped_column(String(500), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    written_at: Mapped[Instant]
    changed_at: Mapped[Instant]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    run: Mapped[Run] = relationship(lazy="raise")


class ConcernKind(StrEnum):
    """What somebody finds wrong."""

    DEAD_LINK = "dead-link"
    OUT_OF_DATE = "out-of-date"
    WRONG = "wrong"
    NOT_FREE = "not-free"
    HARMFUL = "harmful"
    OTHER = "other"


class Concern(Base):
    """Something wrong with an offer, or with a review of it, as somebody tells the stewards."""

    __tablename__ = "concerns"

    id: Mapped[Key]
    reference: Mapped[Reference]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), index=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    kind: Mapped[ConcernKind] = mapped_column(stored(ConcernKind))
    text: Mapped[str] = mapped_column(String(2000), default="")
    language: Mapped[str] = mapped_column(String(35))
    told_at: Mapped[Instant]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answer: Mapped[str] = mapped_column(String(1000), default="")

    offer: Mapped[Offer] = relationship(lazy="raise")
    review: Mapped[Review | None] = relationship(lazy="raise")
