"""What is no longer told of: unlisted, archived, restored; and how much of that is too much."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import selectinload

from academy.db import db, unit_of_work
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Offer, State
from courses.catalogue.queries import listed
from courses.catalogue.rules import is_over
from courses.catalogue.runs import Run
from courses.harvesting.harvests.seen import Seen
from courses.harvesting.models import SourceRecord

UNLISTED_AFTER, ARCHIVED_AFTER = 2, 4
"""Whole readings, one after the other, in which a record was missing."""

MOST_SHARE, LEAST = 0.2, 5
"""A harvest that would unlist more than this share, and at least so many, is held."""

AT_ONCE = 500


@dataclass
class Missing:
    """The records of a source that a reading did not find, and those that came back."""

    absent: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    """Those of which the source says that they are deleted."""

    back: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    """Those that are no longer on the page where they were."""

    unlisted: list[int] = field(default_factory=list)
    """The offers that would be unlisted now."""

    @property
    def vanished(self) -> int:
        """Count the records that are no longer there."""
        return len(self.absent) + len(self.gone)


def missing(
    source_id: int, seen: Seen, pages: Collection[int], *, whole: bool, now: datetime
) -> Missing:
    """Find what is missing; only of a whole reading absence says anything.

    `pages` are those that were read anew. What is over may be left out of a feed: it is not
    missing.
    """
    found = Missing()
    for record_id, external_id, offer_id, before, page_id in _records(source_id):
        gone, there = seen.is_gone(external_id), external_id in seen
        if there and before:
            found.back.append(record_id)
        if not there and page_id in pages:
            found.left.append(record_id)
        if there or not (gone or whole):
            continue
        counted = ARCHIVED_AFTER if gone else before + 1
        (found.gone if gone else found.absent).append(record_id)
        if counted >= UNLISTED_AFTER:
            found.unlisted.append(offer_id)
    _spare_what_is_over(found, now)
    if len(found.absent) <= seen.unnamed:
        # They may be the very records that could not be read.
        found.absent, found.unlisted = [], []
    return found


def _records(source_id: int) -> Iterator[tuple[int, str, int, int, int | None]]:
    """Give every record of the source, some at a time."""
    columns = (
        SourceRecord.id,
        SourceRecord.external_id,
        SourceRecord.offer_id,
        SourceRecord.missing,
        SourceRecord.page_id,
    )
    last = 0
    while True:
        rows = db.session.execute(
            select(*columns)
            .where(SourceRecord.source_id == source_id, SourceRecord.id > last)
            .order_by(SourceRecord.id)
            .limit(AT_ONCE * 10)
        ).all()
        db.session.rollback()
        if not rows:
            return
        yield from ((row[0], row[1], row[2], row[3], row[4]) for row in rows)
        last = rows[-1][0]


def _spare_what_is_over(found: Missing, now: datetime) -> None:
    """Leave out what is over: it was not deleted, it has passed."""
    passed: set[int] = set()
    for some in _in_parts(found.absent):
        wanted = select(SourceRecord.id, Offer).join(Offer, Offer.id == SourceRecord.offer_id)
        wanted = wanted.options(selectinload(Offer.runs).selectinload(Run.meetings))
        for record_id, offer in db.session.execute(wanted.where(SourceRecord.id.in_(some))):
            if offer.runs and all(is_over(run, offer.kind, now) for run in offer.runs):
                passed.add(record_id)
                if offer.id in found.unlisted:
                    found.unlisted.remove(offer.id)
        db.session.rollback()
        db.session.expunge_all()
    found.absent = [one for one in found.absent if one not in passed]


def too_many(source_id: int, found: Missing) -> bool:
    """Tell whether a steward must look before so many are unlisted."""
    shown = (
        select(func.count(Offer.id.distinct()))
        .join(SourceRecord, SourceRecord.offer_id == Offer.id)
        .where(SourceRecord.source_id == source_id, listed())
    )
    there = db.session.scalar(shown) or 0
    going = sum(len(_still_listed(some)) for some in _in_parts(found.unlisted))
    db.session.rollback()
    return going >= LEAST and going > MOST_SHARE * there


def _still_listed(offer_ids: Sequence[int]) -> list[int]:
    return list(db.session.scalars(select(Offer.id).where(Offer.id.in_(offer_ids), listed())))


def write_missing(found: Missing, *, now: datetime) -> None:
    """Count what is missing once more, and do what follows from that; some at a time."""
    for some in _in_parts(found.left):
        with unit_of_work():
            left = update(SourceRecord).where(SourceRecord.id.in_(some))
            db.session.execute(left.values(page_id=None))
    for record_ids, count in (
        (found.absent, SourceRecord.missing + 1),
        (found.gone, ARCHIVED_AFTER),
        (found.back, 0),
    ):
        for some in _in_parts(record_ids):
            with unit_of_work():
                counted = update(SourceRecord).where(SourceRecord.id.in_(some))
                db.session.execute(counted.values(missing=count))
                _follow(some, now)
            db.session.expunge_all()


def _follow(record_ids: Sequence[int], now: datetime) -> None:
    rows = select(SourceRecord.missing, Offer).join(Offer, Offer.id == SourceRecord.offer_id)
    for count, offer in db.session.execute(rows.where(SourceRecord.id.in_(record_ids))):
        if offer.vanished_at is not None and count < UNLISTED_AFTER:
            _restore(offer, now)
        elif count >= UNLISTED_AFTER and offer.state is not State.ARCHIVED:
            offer.vanished_at = offer.vanished_at or now
            if count >= ARCHIVED_AFTER and offer.state is State.PUBLISHED:
                catalogue.withdraw(offer, now=now)


def _restore(offer: Offer, now: datetime) -> None:
    """List the offer again; what was withdrawn because it was missing, comes back, too."""
    offer.vanished_at, offer.changed_at = None, now
    if offer.state is State.ARCHIVED:
        offer.state = State.PUBLISHED


def _in_parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), AT_ONCE):
        yield numbers[start : start + AT_ONCE]
