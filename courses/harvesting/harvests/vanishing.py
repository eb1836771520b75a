"""What is no longer told of: unlisted, archived, restored; and how much of that is too much."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import selectinload

from academy.db import db, unit_of_work
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Offer, State
from courses.catalogue.queries import listed
from courses.catalogue.rules import is_over
from courses.catalogue.runs import Run
from courses.harvesting.harvests.holding import Let
from courses.harvesting.harvests.pages import read_again
from courses.harvesting.harvests.seen import Seen
from courses.harvesting.models import SourceRecord
from courses.harvesting.pipeline import Reading

UNLISTED_AFTER, ARCHIVED_AFTER = 2, 4
"""Whole readings, one after the other, in which a record was missing."""

MOST_SHARE, LEAST = 0.2, 5
"""A harvest that would unlist more than this share, and at least so many, is held."""

AT_ONCE, WHOLE_AT_ONCE = 500, 50
"""Records of which little is loaded, and offers with all their dates."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A record that a reading did not find, and how often it was missing with this one."""

    record_id: int
    offer_id: int
    count: int


@dataclass
class Missing:
    """The records of a source that a reading did not find, and those that came back."""

    harvest_id: int
    absent: list[Absent] = field(default_factory=list)
    gone: list[Absent] = field(default_factory=list)
    """Those of which the source says that they are deleted."""

    back: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    """Those that are no longer on the page where they were."""

    elsewhere: set[int] = field(default_factory=set)
    """The pages that are all that tells of records, and were not read."""

    unlisted: list[int] = field(default_factory=list)
    """The offers that would be unlisted now."""

    @property
    def vanished(self) -> int:
        """Count the records that are no longer there."""
        return len(self.absent) + len(self.gone)


def missing(
    reading: Reading, seen: Seen, pages: Collection[int], *, whole: bool, now: datetime
) -> Missing:
    """Find what is missing; only of a whole reading absence says anything.

    `pages` are those that were read anew. What is over may be left out of a feed: it is not
    missing. What was archived because it was missing is not counted any more.
    """
    found = Missing(reading.harvest_id)
    for record in _records(reading.source_id):
        gone, there = seen.is_gone(record.external_id), record.external_id in seen
        if there and record.missing:
            found.back.append(record.id)
        elsewhere = seen.repeating(record.external_id)
        found.elsewhere.update(elsewhere)
        if (elsewhere or not there) and record.page_id in pages:
            found.left.append(record.id)
        lost = seen.is_lost(record.external_id)
        if there or record.missing >= ARCHIVED_AFTER or not (gone or whole or lost):
            continue
        counted = record.missing + (record.missed_in != reading.harvest_id)
        # However often we are told of one page: only whole readings say more.
        counted = max(1, record.missing) if lost else counted
        absent = Absent(record.id, record.offer_id, ARCHIVED_AFTER if gone else counted)
        (found.gone if gone else found.absent).append(absent)
    _spare(found, seen, now)
    going = [one.offer_id for one in _both(found) if one.count >= UNLISTED_AFTER]
    found.unlisted = [key for some in _in_parts(going) for key in _still_listed(some)]
    db.session.rollback()
    return found


def _both(found: Missing) -> list[Absent]:
    return [*found.absent, *found.gone]


def _records(source_id: int) -> Iterator[Any]:
    """Give every record of the source, some at a time."""
    columns = (
        *(SourceRecord.id, SourceRecord.external_id, SourceRecord.offer_id, SourceRecord.page_id),
        *(SourceRecord.missing, SourceRecord.missed_in),
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
        yield from rows
        last = rows[-1].id


def _spare(found: Missing, seen: Seen, now: datetime) -> None:
    """Leave out what is over, and what may be among the records that could not be read."""
    passed: set[int] = set()
    for some in _in_parts([one.record_id for one in found.absent], most=WHOLE_AT_ONCE):
        wanted = select(SourceRecord.id, Offer).join(Offer, Offer.id == SourceRecord.offer_id)
        wanted = wanted.options(selectinload(Offer.runs).selectinload(Run.meetings))
        for record_id, offer in db.session.execute(wanted.where(SourceRecord.id.in_(some))):
            if offer.runs and all(is_over(run, offer.kind, now) for run in offer.runs):
                passed.add(record_id)
        db.session.rollback()
        db.session.expunge_all()
    found.absent = [one for one in found.absent if one.record_id not in passed]
    if len(found.absent) <= seen.unnamed:
        found.absent = []


def too_many(source_id: int, found: Missing, let: Let) -> bool:
    """Tell whether a steward must look before so many are unlisted that nobody has let go."""
    going = len(set(found.unlisted) - let.offers) - let.more
    there = listed_count(source_id)
    db.session.rollback()
    return going >= LEAST and going > MOST_SHARE * there


def listed_count(source_id: int) -> int:
    """Count the offers of the source that stand in lists."""
    shown = (
        select(func.count(Offer.id.distinct()))
        .join(SourceRecord, SourceRecord.offer_id == Offer.id)
        .where(SourceRecord.source_id == source_id, listed())
    )
    return db.session.scalar(shown) or 0


def _still_listed(offer_ids: Sequence[int]) -> list[int]:
    return list(db.session.scalars(select(Offer.id).where(Offer.id.in_(offer_ids), listed())))


def write_missing(found: Missing, *, now: datetime) -> None:
    """Count what is missing once more, and do what follows from that; some at a time.

    A harvest that is begun anew counts nothing twice.
    """
    if found.elsewhere:
        with unit_of_work():
            read_again(found.elsewhere)
    for some in _in_parts(found.left):
        with unit_of_work():
            left = update(SourceRecord).where(SourceRecord.id.in_(some))
            db.session.execute(left.values(page_id=None))
    counted = {one.record_id: one.count for one in _both(found)} | dict.fromkeys(found.back, 0)
    for some in _in_parts(list(counted)):
        with unit_of_work():
            _follow(some, counted, found.harvest_id, now)
        db.session.expunge_all()


def _follow(
    record_ids: Sequence[int], counted: Mapping[int, int], harvest_id: int, now: datetime
) -> None:
    rows = select(SourceRecord, Offer).join(Offer, Offer.id == SourceRecord.offer_id)
    for record, offer in db.session.execute(rows.where(SourceRecord.id.in_(record_ids))):
        record.missing = counted[record.id]
        record.missed_in = harvest_id if record.missing else None
        if record.missing < UNLISTED_AFTER:
            _restore(record, offer, now)
        elif offer.state is not State.ARCHIVED:
            offer.vanished_at = offer.vanished_at or now
            if record.missing >= ARCHIVED_AFTER and offer.state is State.PUBLISHED:
                catalogue.withdraw(offer, now=now)
                record.archived = True


def _restore(record: SourceRecord, offer: Offer, now: datetime) -> None:
    """List the offer again; it is published again if it was archived because it was missing."""
    if offer.vanished_at is None:
        return
    offer.vanished_at, offer.changed_at = None, now
    if record.archived and offer.state is State.ARCHIVED and not offer.retired:
        offer.state = State.PUBLISHED
    record.archived = False


def _in_parts(numbers: Sequence[int], most: int = AT_ONCE) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), most):
        yield numbers[start : start + most]
