"""What can be asked about uploads."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from academy.db import db
from academy.errors import Missing
from academy.institutions.models import Institution
from courses.catalogue.models import Offer, OfferText
from courses.catalogue.queries import whole
from courses.uploads.models import RowState, Upload, UploadRow, UploadState


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
            Upload.state == UploadState.CHECKED,
        )
    )


def row_counts(upload: Upload) -> dict[RowState, int]:
    """Count the rows of an upload by what they do."""
    counted = select(UploadRow.state, func.count()).where(UploadRow.upload_id == upload.id)
    found = {state: count for state, count in db.session.execute(counted.group_by(UploadRow.state))}
    return {state: found.get(state, 0) for state in RowState}


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


def offers_meant(
    institution: Institution, *, external_id: str, address: str, title: str, language: str
) -> Offer | None:
    """Find the offer a row is about: by the partner's number, by address, by title and language."""
    earlier = select(UploadRow.offer_id).join(Upload, Upload.id == UploadRow.upload_id)
    known = earlier.where(
        Upload.institution_id == institution.id,
        UploadRow.external_id == external_id,
        UploadRow.offer_id.is_not(None),
    )
    ways: list[ColumnElement[bool]] = []
    if external_id:
        ways.append(Offer.id.in_(known))
    if address:
        ways.append(Offer.address == address)
    if title:
        text = OfferText.title == title, OfferText.language == language
        ways.append(Offer.id.in_(select(OfferText.offer_id).where(*text)))
    for way in ways:
        mine = select(Offer).options(*whole()).where(Offer.institution_id == institution.id, way)
        offer = db.session.scalar(mine.order_by(Offer.id).limit(1))
        if offer is not None:
            return offer
    return None


def unread_headers(upload: Upload) -> list[str]:
    """List the headers of columns that say something and that nobody could make sense of."""
    cells = db.session.scalars(select(UploadRow.cells).where(UploadRow.upload_id == upload.id))
    told = dict.fromkeys(header for row in cells for header in row)
    return [header for header in told if header not in upload.columns.values()]
