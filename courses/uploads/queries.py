"""What can be asked about uploads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from academy.db import db
from academy.errors import Missing
from academy.institutions.models import Institution
from courses.catalogue.models import Offer
from courses.catalogue.queries import offers_by_id
from courses.catalogue.texts import OfferText
from courses.editing.models import WorkingCopy
from courses.uploads import rules
from courses.uploads.models import RowState, Upload, UploadRow, UploadState

PUBLISHING = (RowState.NEW, RowState.CHANGED)
"""What is worth publishing."""


def upload_at(institution: Institution, reference: str) -> Upload:
    """Find one of the institution's own uploads.

    Raises Missing when there is none.
    """
    found = select(Upload).options(joinedload(Upload.person))
    mine = found.where(Upload.reference == reference, Upload.institution_id == institution.id)
    upload = db.session.scalar(mine)
    if upload is None:
        raise Missing
    return upload


def upload_in_work(upload_id: int) -> Upload:
    """Load an upload with what carrying it out needs; nobody removes one meanwhile."""
    found = select(Upload).options(joinedload(Upload.person), joinedload(Upload.institution))
    return db.session.scalars(found.where(Upload.id == upload_id)).one()


def claimable(now: datetime) -> ColumnElement[bool]:
    """Say what may be taken up: what somebody asked for, or a worker that died left behind."""
    free = or_(Upload.leased_until.is_(None), Upload.leased_until <= now)
    return and_(Upload.state.in_(rules.BEFORE), free)


def next_in_line(now: datetime) -> int | None:
    """Find the upload that is carried out next; gives its key."""
    return db.session.scalar(select(Upload.id).where(claimable(now)).order_by(Upload.id).limit(1))


def uploads_of(institution: Institution, *, limit: int) -> list[Upload]:
    """List the institution's uploads, latest first."""
    found = select(Upload).options(joinedload(Upload.person))
    mine = found.where(Upload.institution_id == institution.id)
    return list(db.session.scalars(mine.order_by(Upload.id.desc()).limit(limit)))


def same_upload(institution: Institution, digest: str) -> Upload | None:
    """Find the upload of the very same file that waits to be published."""
    return db.session.scalar(
        select(Upload).where(
            Upload.institution_id == institution.id,
            Upload.digest == digest,
            Upload.state.in_((UploadState.CHECKED, UploadState.PUBLISHING)),
        )
    )


def row_counts(upload: Upload) -> dict[RowState, int]:
    """Count the rows of an upload by what they do."""
    counted = select(UploadRow.state, func.count()).where(UploadRow.upload_id == upload.id)
    found = {state: count for state, count in db.session.execute(counted.group_by(UploadRow.state))}
    return {state: found.get(state, 0) for state in RowState}


def lines_left(upload: Upload) -> list[int]:
    """List the lines that can be published, or undone, and are not yet."""
    rows = select(UploadRow.line).where(UploadRow.upload_id == upload.id)
    if upload.state is UploadState.UNDOING:
        rows = rows.where(UploadRow.version.is_not(None), UploadRow.offer_id.is_not(None))
    else:
        rows = rows.where(UploadRow.version.is_(None), UploadRow.state.in_(PUBLISHING))
    return list(db.session.scalars(rows.order_by(UploadRow.line)))


def rows_done(upload: Upload) -> tuple[int, int]:
    """Count the rows that are published, or undone, and all that are to be."""
    wanted, made = UploadRow.state.in_(PUBLISHING), UploadRow.version.is_not(None)
    if upload.state is UploadState.UNDOING:
        wanted, made = UploadRow.offer_id.is_not(None), UploadRow.version.is_(None)
    rows = select(func.count()).where(UploadRow.upload_id == upload.id, wanted)
    return db.session.scalar(rows.where(made)) or 0, db.session.scalar(rows) or 0


def rows_of(
    upload: Upload,
    states: Sequence[RowState] = tuple(RowState),
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[UploadRow]:
    """List the rows of an upload that do one of these, by line."""
    found = select(UploadRow).where(UploadRow.upload_id == upload.id, UploadRow.state.in_(states))
    return list(db.session.scalars(found.order_by(UploadRow.line).limit(limit).offset(offset)))


@dataclass(frozen=True, slots=True)
class Sought:
    """What tells which offer a row is about: the partner's number, the address, the title."""

    external_id: str
    address: str
    title: str
    language: str


def offers_meant(institution: Institution, rows: Sequence[Sought]) -> list[Offer | None]:
    """Find the offer that each row is about: by number, by address, by title and language."""
    mine, first = Offer.institution_id == institution.id, func.min(Offer.id)
    told = select(UploadRow.external_id, first).join(Offer, Offer.id == UploadRow.offer_id)
    same_number = mine, UploadRow.external_id.in_({one.external_id for one in rows} - {""})
    numbers = _found(told.where(*same_number).group_by(UploadRow.external_id))
    same_address = mine, Offer.address.in_({one.address for one in rows} - {""})
    addresses = _found(select(Offer.address, first).where(*same_address).group_by(Offer.address))
    text = OfferText.title, OfferText.language
    same_title = mine, OfferText.title.in_({one.title for one in rows} - {""})
    titled = select(*text, first).join(Offer, Offer.id == OfferText.offer_id)
    titles = _found(titled.where(*same_title).group_by(*text))
    keys = [
        numbers.get((one.external_id,))
        or addresses.get((one.address,))
        or titles.get((one.title, one.language))
        for one in rows
    ]
    offers = offers_by_id([key for key in keys if key])
    return [offers[key] if key else None for key in keys]


def _found(asked: Select[*tuple[Any, ...]]) -> dict[tuple[str, ...], int]:
    return {tuple(words): key for *words, key in db.session.execute(asked)}


def in_work(offer_ids: Sequence[int]) -> set[int]:
    """Tell which of these offers somebody is editing."""
    copies = select(WorkingCopy.offer_id).where(WorkingCopy.offer_id.in_(offer_ids))
    return set(db.session.scalars(copies))


def repeated_rows(upload: Upload) -> frozenset[int]:
    """Give the keys of the rows whose number a row above has already."""
    rows = select(UploadRow.id, UploadRow.external_id).where(UploadRow.upload_id == upload.id)
    first: dict[str, int] = {}
    told = [(key, own) for key, own in db.session.execute(rows.order_by(UploadRow.line)) if own]
    return frozenset(key for key, own in told if first.setdefault(own, key) != key)


def unread_headers(upload: Upload) -> list[str]:
    """List the headers of columns that say something and that nobody could make sense of."""
    cells = db.session.scalars(select(UploadRow.cells).where(UploadRow.upload_id == upload.id))
    told = dict.fromkeys(header for row in cells for header in row)
    return [header for header in told if header not in upload.columns.values()]
