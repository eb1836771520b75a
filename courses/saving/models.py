"""What is saved: an offer without enrolling, or a search with its filters."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.db import Base, Instant, Key, Reference
from courses.catalogue.models import Offer


class SavedOffer(Base):
    """An offer that a person keeps for later."""

    __tablename__ = "saved_offers"
    __table_args__ = (UniqueConstraint("person_id", "offer_id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), index=True)
    saved_at: Mapped[Instant]

    offer: Mapped[Offer] = relationship(lazy="raise")


class SavedSearch(Base):
    """A question to the catalogue, as its canonical query string, under a name."""

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("person_id", "query"),)

    id: Mapped[Key]
    reference: Mapped[Reference]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    query: Mapped[str] = mapped_column(String(1000))
    saved_at: Mapped[Instant]
