"""Removing a source that nothing stands on: with its harvests, pages, findings and words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, exists, select

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from academy.errors import Conflict
from courses.catalogue.models import Offer, State
from courses.harvesting.models import (
    Harvest,
    HarvestState,
    PushedMessage,
    RecordedFinding,
    SourcePage,
    SourceRecord,
    WordMapping,
)
from courses.sources.models import Source

OF_A_SOURCE = (SourceRecord, SourcePage, WordMapping, PushedMessage, Harvest)


class StillHasOffers(Conflict):
    """Offers that are not archived came from the source."""

    code = "source-has-offers"
    sentence = _l("Offers came from this source. Pause it instead, or withdraw its offers first.")


class IsRead(Conflict):
    """The source is being read at this moment."""

    code = "source-is-read"
    sentence = _l("This source is being read. Stop the reading first.")


def with_offers(source_ids: Collection[int]) -> set[int]:
    """Tell which of these sources cannot be removed, for offers stand on them."""
    offers = select(SourceRecord.source_id).join(Offer, SourceRecord.offer_id == Offer.id)
    shown = offers.where(SourceRecord.source_id.in_(source_ids), Offer.state != State.ARCHIVED)
    return set(db.session.scalars(shown.distinct()))


def remove(source: Source, *, by: Person, now: datetime) -> None:
    """Remove a source for good; offers of it that are archived stay in the archive.

    Refuses with StillHasOffers and with IsRead.
    """
    if with_offers([source.id]):
        raise StillHasOffers
    running = Harvest.source_id == source.id, Harvest.state == HarvestState.RUNNING
    if db.session.scalar(select(exists().where(*running))):
        raise IsRead
    harvests = select(Harvest.id).where(Harvest.source_id == source.id)
    db.session.execute(delete(RecordedFinding).where(RecordedFinding.harvest_id.in_(harvests)))
    for table in OF_A_SOURCE:
        db.session.execute(delete(table).where(table.source_id == source.id))
    audit.note("source-removed", f"source:{source.reference}", by=by, now=now, fields=[source.name])
    db.session.delete(source)
    db.session.flush()
