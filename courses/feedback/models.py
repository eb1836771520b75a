"""What a review is: four yes/no answers and a text, by somebody who took part."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models import CitySize, Person, WorkRole
from academy.db import Base, Instant, Key, stored
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
    written_at: Mapped[Instant]
    changed_at: Mapped[Instant]

    person: Mapped[Person] = relationship(lazy="raise")
    run: Mapped[Run] = relationship(lazy="raise")
