"""What an upload is: a spreadsheet given by hand, and what became of each of its rows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models import Person
from academy.db import Base, Instant, Key, Reference, stored
from academy.institutions.models import Institution


class UploadState(StrEnum):
    """How an upload stands. Nothing of it is in the catalogue before it is published."""

    CHECKED = "checked"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    UNDOING = "undoing"
    UNDONE = "undone"


class RowState(StrEnum):
    """What a row would do, or did."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


class Upload(Base):
    """A spreadsheet given by hand. `columns` tells which header holds which of our fields.

    `person` gave it, or is the one who asked last that it be published or undone. Whoever carries
    that out has it until `leased_until`.
    """

    __tablename__ = "uploads"

    id: Mapped[Key]
    reference: Mapped[Reference]
    institution_id: Mapped[int] = mapped_column(
        ForeignKey("institutions.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    state: Mapped[UploadState] = mapped_column(stored(UploadState), default=UploadState.CHECKED)
    uploaded_at: Mapped[Instant]
    published_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]

    institution: Mapped[Institution] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")


class UploadRow(Base):
    """One row: what it says and does. What is wrong with it is found anew whenever it is shown.

    The cells of what was published are emptied after a month; what became of it stays.

    Once it is published, `offer_id` is what it became, and `version` the version of the offer that
    it made: by that it is undone.
    """

    __tablename__ = "upload_rows"
    __table_args__ = (UniqueConstraint("upload_id", "line"),)

    id: Mapped[Key]
    upload_id: Mapped[int] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"))
    line: Mapped[int]
    external_id: Mapped[str] = mapped_column(String(500), default="", index=True)
    title: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[RowState] = mapped_column(stored(RowState))
    cells: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    version: Mapped[int | None]
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id", ondelete="SET NULL"))
