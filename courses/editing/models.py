"""What editing leaves behind: working copies, and versions field by field."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models import Person
from academy.db import Base, Instant, Key, stored
from courses.catalogue.models import Offer


class VersionSource(StrEnum):
    """Who made a version."""

    HUMAN = "human"
    HARVEST = "harvest"
    UPLOAD = "upload"
    API = "api"
    RESTORED = "restored"


class WorkingCopy(Base):
    """An offer as editors want it, beside the live page, which stays as it is until published.

    `content` is the whole form; `base` what the live page said when the copy was begun, so that a
    harvest in between is not undone. `revision` counts the saves, so that of two people who edit
    at once the second is shown both.
    """

    __tablename__ = "working_copies"

    id: Mapped[Key]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), unique=True)
    base: Mapped[dict[str, Any]] = mapped_column(JSON)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
    begun_at: Mapped[Instant]
    saved_at: Mapped[Instant]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))

    offer: Mapped[Offer] = relationship(lazy="raise")
    saved_by: Mapped[Person | None] = relationship(lazy="raise")


class OfferVersion(Base):
    """One change of a live offer: which fields, from what, to what, by whom.

    `changes` maps a field's path, such as "texts.en.title", to its value before and after.
    """

    __tablename__ = "offer_versions"
    __table_args__ = (UniqueConstraint("offer_id", "number"),)

    id: Mapped[Key]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"))
    number: Mapped[int]
    source: Mapped[VersionSource] = mapped_column(stored(VersionSource))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[Instant]

    person: Mapped[Person | None] = relationship(lazy="raise")
