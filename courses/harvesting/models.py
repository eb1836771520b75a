"""What a harvest leaves behind: where we read, one reading, what came, what was wrong with it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.db import Base, Instant, Key, Reference, stored
from courses.harvesting.draft import Weight
from courses.vocabularies.models import Term, Vocabulary


class HarvestState(StrEnum):
    """How one reading stands. A held one waits for a steward and has changed nothing."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    HELD = "held"
    ABORTED = "aborted"


class Harvest(Base):
    """One reading of a source: read is the sum of the four other counts.

    It is a job, too: whoever carries it out has it until `leased_until`. `record` names the one
    record that is read, where the source said that it changed; empty for all of them. `allowed`
    tells that a steward let it unlist as many as it would.
    """

    __tablename__ = "harvests"
    __table_args__ = (
        CheckConstraint("read = added + updated + unchanged + rejected", name="sum_is_read"),
        Index("ix_harvests_state_source", "state", "source_id"),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), index=True)
    state: Mapped[HarvestState] = mapped_column(stored(HarvestState))
    reason: Mapped[str] = mapped_column(String(500), default="")
    """The sentence of a failure's code, in English, for people who have no other page."""

    code: Mapped[str] = mapped_column(String(40), default="")
    details: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    record: Mapped[str] = mapped_column(String(2000), default="")
    allowed: Mapped[bool] = mapped_column(default=False)
    whole: Mapped[bool] = mapped_column(default=False)
    """Whether all of the source was read, so that what is absent is missing."""

    asked_at: Mapped[Instant]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    stop_asked: Mapped[bool] = mapped_column(default=False)
    at_once: Mapped[bool] = mapped_column(default=False)
    """Whether it goes before the readings of other sources: a message asked for it."""

    pages: Mapped[int] = mapped_column(default=0)
    read: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    vanished: Mapped[int] = mapped_column(default=0)
    locked: Mapped[int] = mapped_column(default=0)
    """Records of which a field was not written, because it was edited by hand."""

    unmapped: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    findings_kept: Mapped[int] = mapped_column(default=0)
    """The last finding of pages that were read to their end, should it be begun anew."""


class SourcePage(Base):
    """A page of a source, and what its last answer said of itself; written when it changed."""

    __tablename__ = "source_pages"
    __table_args__ = (UniqueConstraint("source_id", "address_digest"),)

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    address_digest: Mapped[str] = mapped_column(String(64))
    etag: Mapped[str] = mapped_column(String(500), default="")
    last_modified: Mapped[str] = mapped_column(String(500), default="")
    content_digest: Mapped[str] = mapped_column(String(64), default="")
    following: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The pages it leads to, so that a page that did not change leads there, too."""

    rejected: Mapped[int] = mapped_column(default=0)
    """Records of it that were refused: they count again as long as it does not change."""

    refused: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Those among them that said which they are: what they were before has not vanished."""

    repeated: Mapped[dict[str, bool]] = mapped_column(JSON, default=dict)
    """Records that another page told of before, and whether it says the same of them."""

    changed_at: Mapped[Instant]


class SourceRecord(Base):
    """What came: the partner's record as it was, and the offer it became.

    `missing` counts the whole readings, one after the other, that it was not in.
    """

    __tablename__ = "source_records"
    __table_args__ = (UniqueConstraint("source_id", "external_id"),)

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    external_id: Mapped[str] = mapped_column(String(500))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), index=True)
    page_id: Mapped[int | None] = mapped_column(
        ForeignKey("source_pages.id", ondelete="SET NULL"), index=True
    )
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    fingerprint: Mapped[str] = mapped_column(String(64))
    words: Mapped[list[str]] = mapped_column(JSON)
    codes: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    missing: Mapped[int] = mapped_column(default=0)
    missed_in: Mapped[int | None]
    """The harvest that counted it missing last: one that is begun anew does not count twice."""

    archived: Mapped[bool] = mapped_column(default=False)
    """Whether its offer was archived because it was missing, and comes back with it."""

    first_seen_at: Mapped[Instant]
    changed_at: Mapped[Instant]


class FieldOrigin(Base):
    """A field of an offer that people edited, and what its source says there since.

    `released_at` tells since when the field follows the source again.
    """

    __tablename__ = "field_origins"
    __table_args__ = (UniqueConstraint("offer_id", "field"),)

    id: Mapped[Key]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(120))
    upstream: Mapped[Any] = mapped_column(JSON)
    told_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]


class PushedMessage(Base):
    """A message a source sent to say what changed; the same one is not taken twice."""

    __tablename__ = "pushed_messages"
    __table_args__ = (UniqueConstraint("source_id", "message"),)

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    message: Mapped[str] = mapped_column(String(200))
    received_at: Mapped[Instant]


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
    """A partner's word and the term it means; without a term, a word known to be none of ours.

    `retagged_at` tells up to which change of it the records that are stored were described anew.
    """

    __tablename__ = "word_mappings"
    __table_args__ = (UniqueConstraint("source_id", "vocabulary", "word"),)

    id: Mapped[Key]
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    vocabulary: Mapped[Vocabulary] = mapped_column(stored(Vocabulary))
    word: Mapped[str] = mapped_column(String(200))
    term_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    """Whether it counts no more, and is kept only until the records follow."""

    changed_at: Mapped[datetime | None]
    retagged_at: Mapped[datetime | None]

    term: Mapped[Term | None] = relationship(lazy="raise")
