"""What an account is: a person, and the sessions in which they are signed in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.db import Base, Instant, Key, Reference, stored


class Steward(StrEnum):
    """How much of the academy a person keeps in order."""

    NONE = "none"
    SECTION = "section"
    ALL = "all"


class WorkRole(StrEnum):
    """What a person does in or for local government."""

    ELECTED = "elected"
    SENIOR_OFFICIAL = "senior-official"
    TECHNICAL = "technical"
    ASSOCIATION = "association"
    REGIONAL = "regional-government"
    NATIONAL = "national-government"
    CIVIL_SOCIETY = "civil-society"
    ACADEMIA = "academia"
    OTHER = "other"


class CitySize(StrEnum):
    """Size bands: under 50,000 people, up to one million, above, or a region."""

    SMALL = "small"
    INTERMEDIARY = "intermediary"
    METROPOLITAN = "metropolitan"
    REGION = "region"


class Person(UserMixin, Base):  # type: ignore[misc]
    """Anyone with an account. Who is erased stays as a row without anything personal in it.

    A password_hash of "" means that the person signs in by mailed link alone.
    """

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("email_key = lower(email_key)", name="email_key_lower"),)

    id: Mapped[Key]
    reference: Mapped[Reference]
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(12))
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    section: Mapped[str | None] = mapped_column(String(40))
    city: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[WorkRole | None] = mapped_column(stored(WorkRole))
    city_size: Mapped[CitySize | None] = mapped_column(stored(CitySize))
    steward: Mapped[Steward] = mapped_column(stored(Steward), default=Steward.NONE)
    sample: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[Instant]
    confirmed_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    sessions: Mapped[list[PersonSession]] = relationship(
        back_populates="person", lazy="raise", passive_deletes=True
    )

    @property
    def is_steward(self) -> bool:
        """Whether the person keeps the academy, or a section of it, in order."""
        return self.steward is not Steward.NONE

    @property
    def is_steward_of_all(self) -> bool:
        """Whether the person keeps the whole academy in order."""
        return self.steward is Steward.ALL


class PersonSession(Base):
    """One browser in which a person is signed in; ending the row signs it out.

    proved_at is when the person last showed who they are: what matters asks for a fresh proof.
    """

    __tablename__ = "sessions"

    id: Mapped[Key]
    reference: Mapped[Reference]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    agent: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[Instant]
    proved_at: Mapped[Instant]
    seen_at: Mapped[datetime | None]
    expires_at: Mapped[Instant] = mapped_column(index=True)

    person: Mapped[Person] = relationship(back_populates="sessions", lazy="raise")
