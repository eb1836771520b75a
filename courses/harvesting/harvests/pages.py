"""The pages of a source as they are known, and the records that came from each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select, update

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer, State
from courses.harvesting.harvests.fetching import Gathered, Known, Page
from courses.harvesting.models import SourcePage, SourceRecord

AT_ONCE = 500
_SAID = (
    *(SourcePage.id, SourcePage.etag, SourcePage.last_modified, SourcePage.content_digest),
    *(SourcePage.following, SourcePage.rejected, SourcePage.refused, SourcePage.repeated),
)


def known_pages(source_id: int) -> dict[str, Known]:
    """Load what the pages of a source said of themselves, by their digests."""
    of_it = SourcePage.source_id == source_id, SourcePage.content_digest != ""
    rows = db.session.execute(select(SourcePage.address_digest, *_SAID).where(*of_it))
    return {row[0]: Known(*row[1:]) for row in rows}


def take_later(source_id: int, page: Page) -> None:
    """Take a page as another harvest has read it since it was asked for: that is newer."""
    this = (SourcePage.source_id == source_id, SourcePage.address_digest == page.digest)
    later = select(*_SAID).where(*this, SourcePage.changed_at > page.asked_at)
    row = db.session.execute(later).first()
    db.session.rollback()
    if row:
        page.known = Known(*row)
        page.content_digest = page.known.content_digest


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


def names_on(source_id: int, digest: str) -> list[str]:
    """Name the records that came from a page, those that are missing among them."""
    here = select(SourceRecord.external_id).join(SourcePage, SourcePage.id == SourceRecord.page_id)
    this = (SourcePage.source_id == source_id, SourcePage.address_digest == digest)
    names = list(db.session.scalars(here.where(*this)))
    db.session.rollback()
    return names


def begin_page(source_id: int, page: Page, *, now: datetime) -> int:
    """Find or make the row of a page that is read anew; it is not known again before its end."""
    found = db.session.scalar(
        select(SourcePage).where(
            SourcePage.source_id == source_id, SourcePage.address_digest == page.digest
        )
    )
    row = found or SourcePage(source_id=source_id, address_digest=page.digest)
    row.changed_at = now
    row.etag, row.last_modified, row.content_digest = "", "", ""
    db.session.add(row)
    db.session.flush()
    return row.id


@dataclass(frozen=True, slots=True)
class Beside:
    """What a page told of beside the records that are its own."""

    rejected: int = 0
    refused: Sequence[str] = ()
    """Those among the rejected records that have a name."""

    repeated: Mapping[str, bool] = field(default_factory=dict)


def end_page(page_id: int, page: Page, beside: Beside, *, kept: bool, now: datetime) -> None:
    """Note that all records of a page are written; what it said of itself only if it is kept."""
    row = db.session.get_one(SourcePage, page_id)
    row.following, row.changed_at = page.following, now
    row.rejected, row.refused = beside.rejected, list(beside.refused)
    row.repeated = dict(beside.repeated)
    if kept:
        row.etag, row.last_modified = page.etag, page.last_modified
        row.content_digest = page.content_digest


def read_again(page_ids: Collection[int]) -> None:
    """Let the next reading read these pages, although they do not change."""
    for start in range(0, len(page_ids), AT_ONCE):
        some = SourcePage.id.in_(sorted(page_ids)[start : start + AT_ONCE])
        forgotten = update(SourcePage).where(some)
        db.session.execute(forgotten.values(etag="", last_modified="", content_digest=""))


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
