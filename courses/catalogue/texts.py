"""What an offer says of itself in each language, and the languages it is taught in."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.db import Base, Key, stored

if TYPE_CHECKING:
    from courses.catalogue.models import Offer


class LanguageRole(StrEnum):
    """In what part an offer uses a language."""

    TAUGHT = "taught"
    SUBTITLES = "subtitles"
    MATERIALS = "materials"
    INTERFACE = "interface"


class LanguageOrigin(StrEnum):
    """How we know a language: said for this offer, said for its whole source, or guessed."""

    DECLARED = "declared"
    SOURCE = "source"
    GUESSED = "guessed"


class TextOrigin(StrEnum):
    """Who wrote a text: its author, a machine, or a machine and then a person."""

    ORIGINAL = "original"
    MACHINE = "machine"
    CHECKED = "checked"


class OfferText(Base):
    """What an offer says of itself in one language. The description is cleaned HTML."""

    __tablename__ = "offer_texts"
    __table_args__ = (UniqueConstraint("offer_id", "language"),)

    id: Mapped[Key]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(35))
    title: Mapped[str] = mapped_column(String(500))
    summary: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[TextOrigin] = mapped_column(stored(TextOrigin), default=TextOrigin.ORIGINAL)

    offer: Mapped[Offer] = relationship(back_populates="texts", lazy="raise")


class OfferLanguage(Base):
    """A language an offer uses, in one role; the full BCP 47 code is kept beside its base."""

    __tablename__ = "offer_languages"

    offer_id: Mapped[int] = mapped_column(
        ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(String(35), primary_key=True)
    role: Mapped[LanguageRole] = mapped_column(stored(LanguageRole), primary_key=True)
    base: Mapped[str] = mapped_column(String(8), index=True)
    origin: Mapped[LanguageOrigin] = mapped_column(
        stored(LanguageOrigin), default=LanguageOrigin.DECLARED
    )

    offer: Mapped[Offer] = relationship(back_populates="languages", lazy="raise")
