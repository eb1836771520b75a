"""What a harvest leaves behind: where we read, one reading, what came, what was wrong with it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.db import Base, Instant, Key, stored
from academy.institutions.models import Institution
from courses.harvesting.draft import Weight
from courses.vocabularies.models import Term, Vocabulary


class HarvestState(StrEnum):
    """How one reading stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Source(Base):
    """Where we read: one feed of one institution."""

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("institution_id", "name"),)

    id: Mapped[Key]
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"))
    name: Mapped[str] = mapped_column(String(80))
    adapter: Mapped[str] = mapped_column(String(40))
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    added_at: Mapped[Instant]

    institution: Mapped[Institution] = relationship(lazy="raise")


class Harvest(Base):
    """One reading of a source: read is the sum of the four other counts."""

    __tablename__ = "harvests"
    __table_args__ = (
        CheckConstraint("read = added + updated + unchanged + rejected", name="sum_is_read"),
    )

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), index=True)
    state: Mapped[HarvestState] = mapped_column(stored(HarvestState))
    reason: Mapped[str] = mapped_column(String(500), default="")
    started_at: Mapped[Instant]
    ended_at: Mapped[datetime | None]
    read: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    unmapped: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)


class SourceRecord(Base):
    """What came: the partner's record as it was, and the offer it became."""

    __tablename__ = "source_records"
    __table_args__ = (UniqueConstraint("source_id", "external_id"),)

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    external_id: Mapped[str] = mapped_column(String(500))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), index=True)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    fingerprint: Mapped[str] = mapped_column(String(64))
    words: Mapped[list[str]] = mapped_column(JSON)
    first_seen_at: Mapped[Instant]
    changed_at: Mapped[Instant]


class RecordedFinding(Base):
    """What was wrong with a record, in one harvest; `found` is what stood there."""

    __tablename__ = "findings"

    id: Mapped[Key]
    harvest_id: Mapped[int] = mapped_column(
        ForeignKey("harvests.id", ondelete="CASCADE"), index=True
    )
    line: Mapped[int]
    external_id: Mapped[str] = mapped_column(String(500))
    field: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40))
    weight: Mapped[Weight] = mapped_column(stored(Weight))
    found: Mapped[str] = mapped_column(String(2000))


class WordMapping(Base):
    """A partner's word and the term it means; without a term, a word known to be none of ours."""

    __tablename__ = "word_mappings"
    __table_args__ = (UniqueConstraint("source_id", "vocabulary", "word"),)

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    vocabulary: Mapped[Vocabulary] = mapped_column(stored(Vocabulary))
    word: Mapped[str] = mapped_column(String(200))
    term_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"))

    term: Mapped[Term | None] = relationship(lazy="raise")
