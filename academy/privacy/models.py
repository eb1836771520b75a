"""What people agreed to, and in which version."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.db import Base, Instant, Key, stored


class Policy(StrEnum):
    """The papers people agree to, or are told of."""

    TERMS = "terms"
    PRIVACY = "privacy"


class Acceptance(Base):
    """A person agreed to a version of a policy, having read it in a language."""

    __tablename__ = "acceptances"
    __table_args__ = (UniqueConstraint("person_id", "policy", "version"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    policy: Mapped[Policy] = mapped_column(stored(Policy))
    version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(12))
    accepted_at: Mapped[Instant]
