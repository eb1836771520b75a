"""What a term is: an entry of a vocabulary, with labels in many languages."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.db import Base, Key, stored, utcnow
from academy.i18n import Texts


class Vocabulary(StrEnum):
    """The lists from which offers are described."""

    ISSUE = "issue"
    METHODOLOGY = "methodology"
    LANGUAGE = "language"
    SECTION = "section"
    SDG = "sdg"
    REGION = "region"
    AUDIENCE = "audience"


class Term(Base):
    """An entry of a vocabulary. Never deleted: only replaced by another.

    `edited` holds the labels and alternatives that stewards wrote over those of the files:
    {"labels": {language: text}, "alternatives": {language: [text]}}.
    """

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("vocabulary", "code"),)

    id: Mapped[Key]
    vocabulary: Mapped[Vocabulary] = mapped_column(stored(Vocabulary))
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    labels: Mapped[Texts] = mapped_column(JSON)
    alternatives: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    edited: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    broader_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"))
    changed_at: Mapped[datetime | None] = mapped_column(default=utcnow, onupdate=utcnow)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"))
