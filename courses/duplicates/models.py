"""What tells that two offers are one: their strong keys, and pairs that people decide on."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models import Person
from academy.db import Base, Instant, Key, stored
from courses.catalogue.models import Offer


class KeySort(StrEnum):
    """What sort of key. All but address and title name a thing wherever it is told of.

    Keys of titles only say which titles are worth comparing.
    """

    ADDRESS = "address"
    COURSE = "course"
    EVENT = "event"
    VIDEO = "video"
    DOI = "doi"
    TITLE = "title"


class Reason(StrEnum):
    """Why two offers seem to be one."""

    IDENTIFIER = "identifier"
    ADDRESS = "address"
    TITLE = "title"


class Decision(StrEnum):
    """What is known of a pair: nobody looked yet, one and the same, or two."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


class OfferKey(Base):
    """A key of an offer: offers of several institutions that share one may be the same."""

    __tablename__ = "offer_keys"
    __table_args__ = (UniqueConstraint("offer_id", "sort", "value"),)

    id: Mapped[Key]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"))
    sort: Mapped[KeySort] = mapped_column(stored(KeySort))
    value: Mapped[str] = mapped_column(String(64), index=True)
    """A digest: keys may be long."""

    noted_at: Mapped[Instant]
    """When the offer was looked at last: what has changed since is looked at again."""


class DuplicatePair(Base):
    """Two offers that seem to be one; the first has the smaller key. Without a person, decided by
    what they share."""

    __tablename__ = "duplicate_pairs"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
    )

    id: Mapped[Key]
    first_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), index=True)
    reason: Mapped[Reason] = mapped_column(stored(Reason))
    score: Mapped[int]
    """How alike the titles are, of 100; 0 where no language has both."""

    decision: Mapped[Decision] = mapped_column(stored(Decision), default=Decision.OPEN, index=True)
    found_at: Mapped[Instant]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))

    first: Mapped[Offer] = relationship(foreign_keys=[first_id], lazy="raise")
    second: Mapped[Offer] = relationship(foreign_keys=[second_id], lazy="raise")
    decided_by: Mapped[Person | None] = relationship(lazy="raise")
