"""What an offer is: a course or a webinar, and the terms that describe it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Subquery,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.db import Base, Instant, Key, Slug, stored
from academy.i18n import Texts
from academy.institutions.models import Institution
from courses.catalogue.runs import Run
from courses.catalogue.texts import OfferLanguage, OfferText
from courses.vocabularies.models import Term


class Kind(StrEnum):
    """What sort of offer."""

    COURSE = "course"
    WEBINAR = "webinar"


class State(StrEnum):
    """Where an offer stands between an editor's desk and the archive."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_ASKED = "changes-asked"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Delivery(StrEnum):
    """Where people learn."""

    ONLINE = "online"
    HYBRID = "hybrid"
    ON_SITE = "on-site"
    OFFLINE = "offline"


class Pace(StrEnum):
    """Who sets the pace."""

    SELF = "self"
    INSTRUCTOR = "instructor"


class Level(StrEnum):
    """How much is taken for known."""

    INTRODUCTORY = "introductory"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class Cost(StrEnum):
    """Whether learners pay."""

    FREE = "free"
    PAID = "paid"


class Certificate(StrEnum):
    """Whether there is a certificate, and whether it costs."""

    FREE = "free"
    PAID = "paid"
    NONE = "none"


class Offer(Base):
    """What the catalogue lists."""

    __tablename__ = "offers"
    __table_args__ = (
        CheckConstraint("review_count >= 0", name="review_count_not_negative"),
        Index("ix_offers_state_canonical", "state", "canonical_id"),
    )

    id: Mapped[Key]
    slug: Mapped[Slug]
    kind: Mapped[Kind] = mapped_column(stored(Kind))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"), index=True)
    state: Mapped[State] = mapped_column(stored(State), default=State.DRAFT)
    language: Mapped[str] = mapped_column(String(35))
    provider: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(2000), default="")
    contact: Mapped[str] = mapped_column(String(254), default="")
    audience: Mapped[Texts] = mapped_column(JSON, default=dict)
    delivery: Mapped[Delivery | None] = mapped_column(stored(Delivery))
    pace: Mapped[Pace | None] = mapped_column(stored(Pace))
    level: Mapped[Level | None] = mapped_column(stored(Level))
    cost: Mapped[Cost | None] = mapped_column(stored(Cost))
    certificate: Mapped[Certificate | None] = mapped_column(stored(Certificate))
    workload_minutes: Mapped[int | None]
    workload: Mapped[str] = mapped_column(String(120), default="")
    data_mb: Mapped[int | None]
    data_mb_light: Mapped[int | None]
    review_count: Mapped[int] = mapped_column(default=0)
    colleague_share: Mapped[int | None]
    canonical_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"), index=True)
    sample: Mapped[bool] = mapped_column(default=False)
    retired: Mapped[bool] = mapped_column(default=False)
    """Whether it went out of the catalogue with its institution, and comes back with it."""

    licence: Mapped[str] = mapped_column(String(200), default="")
    """On what terms it may be used again: an SPDX name, an address, or words."""

    vanished_at: Mapped[datetime | None]
    """Since when its source does not tell of it any more: it is not listed, its page stays."""

    broken_at: Mapped[datetime | None]
    """Since when its address does not answer: it is not listed, its page says so."""

    added_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    published_at: Mapped[datetime | None]

    institution: Mapped[Institution] = relationship(lazy="raise")
    together: Mapped[list[Institution]] = relationship(
        secondary=lambda: MERGED, viewonly=True, lazy="raise", order_by=Institution.id
    )
    """The institutions of the offers that were merged into this one, and still offer it."""

    texts: Mapped[list[OfferText]] = relationship(
        back_populates="offer", lazy="raise", cascade="all, delete-orphan", order_by="OfferText.id"
    )
    languages: Mapped[list[OfferLanguage]] = relationship(
        back_populates="offer", lazy="raise", cascade="all, delete-orphan"
    )
    terms: Mapped[list[Term]] = relationship(
        secondary="offer_terms", lazy="raise", order_by=Term.position
    )
    runs: Mapped[list[Run]] = relationship(
        back_populates="offer",
        lazy="raise",
        cascade="all, delete-orphan",
        order_by="Run.starts_at, Run.id",
    )

    __mapper_args__ = {"polymorphic_on": "kind"}

    @property
    def titles(self) -> Texts:
        """The title in every language there is, the original first."""
        ordered = sorted(self.texts, key=lambda text: text.language != self.language)
        return {text.language: text.title for text in ordered}


MERGED: Subquery = (
    select(Offer.canonical_id, Offer.institution_id)
    .where(Offer.state == State.PUBLISHED, Offer.vanished_at.is_(None))
    .subquery("merged")
)


class Course(Offer):
    """An offer people work through."""

    __mapper_args__ = {"polymorphic_identity": Kind.COURSE}


class Webinar(Offer):
    """An offer people meet in, at an hour."""

    __mapper_args__ = {"polymorphic_identity": Kind.WEBINAR}


class OfferTerm(Base):
    """An offer described by a term."""

    __tablename__ = "offer_terms"

    offer_id: Mapped[int] = mapped_column(
        ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True
    )
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), primary_key=True, index=True)
