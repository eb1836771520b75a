"""What an announcement is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from academy.db import Base, Instant, Key, Reference
from academy.i18n import Texts


class Announcement(Base):
    """A sentence in several languages, shown above every page from one instant to another.

    `zone` is the one (IANA) in which a steward chose the hours; no end means until further notice.
    """

    __tablename__ = "announcements"

    id: Mapped[Key]
    reference: Mapped[Reference]
    texts: Mapped[Texts] = mapped_column(JSON)
    starts_at: Mapped[Instant]
    ends_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[Instant]
