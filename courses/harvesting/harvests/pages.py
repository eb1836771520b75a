"""The pages of a source as they are known, and the records that came from each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer, State
from courses.harvesting.harvests.fetching import Gathered, Known, Page
from courses.harvesting.models import SourcePage, SourceRecord

AT_ONCE = 500


def known_pages(source_id: int) -> dict[str, Known]:
    """Load what the pages of a source said of themselves, by their digests."""
    rows = db.session.execute(
        select(
            SourcePage.address_digest,
            SourcePage.id,
            SourcePage.etag,
            SourcePage.last_modified,
            SourcePage.content_digest,
            SourcePage.following,
            SourcePage.rejected,
            SourcePage.refused,
        ).where(SourcePage.source_id == source_id, SourcePage.content_digest != "")
    )
    return {row[0]: Known(*row[1:]) for row in rows}


def records_of(source_id: int, page: Page | None) -> Iterator[tuple[str, str, bool]]:
    """Give the records that were on a page, or in the whole source, when it was last read.

    Of each the name, the print, and whether its offer is held from the list.
    """
    columns = SourceRecord.id, SourceRecord.external_id, SourceRecord.fingerprint, Offer.state
    there = (SourceRecord.source_id == source_id, SourceRecord.missing == 0)
    wanted = select(*columns).join(Offer, Offer.id == SourceRecord.offer_id).where(*there)
    if page and page.known:
        wanted = wanted.where(SourceRecord.page_id == page.known.id)
    last = 0
    while True:
        some = wanted.where(SourceRecord.id > last).order_by(SourceRecord.id).limit(AT_ONCE)
        rows = db.session.execute(some).all()
        db.session.rollback()
        if not rows:
            return
        yield from ((row[1], row[2], row[3] is State.DRAFT) for row in rows)
        last = rows[-1][0]


def begin_page(source_id: int, page: Page, *, now: datetime) -> int:
    """Find or make the row of a page that is read anew; it is not known again before its end."""
    found = db.session.scalar(
        select(SourcePage).where(
            SourcePage.source_id == source_id, SourcePage.address_digest == page.digest
        )
    )
    row = found or SourcePage(source_id=source_id, address_digest=page.digest, changed_at=now)
    row.etag, row.last_modified, row.content_digest = "", "", ""
    db.session.add(row)
    db.session.flush()
    return row.id


def end_page(
    page_id: int, page: Page, *, rejected: int, refused: Sequence[str], now: datetime
) -> None:
    """Keep what a page said of itself, once all its records are written.

    `rejected` counts the records that were refused, `refused` names those that have a name.
    """
    row = db.session.get_one(SourcePage, page_id)
    row.etag, row.last_modified = page.etag, page.last_modified
    row.content_digest, row.following = page.content_digest, page.following
    row.rejected, row.refused, row.changed_at = rejected, list(refused), now


def forget_pages(source_id: int, gathered: Gathered) -> None:
    """Forget the pages that a whole reading did not come to."""
    met = {page.digest for page in gathered.pages}
    rows = db.session.execute(
        select(SourcePage.id, SourcePage.address_digest).where(SourcePage.source_id == source_id)
    )
    over = [page_id for page_id, digest in rows if digest not in met]
    if not over:
        return
    with unit_of_work():
        for start in range(0, len(over), AT_ONCE):
            some = over[start : start + AT_ONCE]
            db.session.execute(delete(SourcePage).where(SourcePage.id.in_(some)))
