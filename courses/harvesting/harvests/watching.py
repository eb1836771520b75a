"""What can be asked about how sources are read: their latest harvests, reports, what waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from academy.db import db
from academy.errors import Missing
from academy.institutions.queries import IN_THE_ACADEMY
from courses.catalogue.models import Offer
from courses.catalogue.queries import listed, listed_in_order
from courses.harvesting.columns import READ, UNREAD
from courses.harvesting.draft import Weight
from courses.harvesting.harvests.holding import WOULD_UNLIST, WOULD_VANISH
from courses.harvesting.models import Harvest, HarvestState, RecordedFinding, SourceRecord
from courses.harvesting.sentences import REASONS, reason
from courses.sources.models import Source, SourceState

AT_WORK = (HarvestState.QUEUED, HarvestState.RUNNING)
HINDERED = (HarvestState.FAILED, HarvestState.HELD, HarvestState.QUEUED)
COUNTS = ("read", "added", "updated", "unchanged", "rejected", "vanished", "held", "locked")
"""The figures of a reading: read is the sum of the four that follow."""

HEAVIEST_FIRST = (Weight.REJECTED, Weight.HELD, Weight.REPAIRED, Weight.NOTED)


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How often one thing was found in a harvest, and the most that it meant for a record."""

    code: str
    weight: Weight
    count: int


def last_harvests(source_ids: Collection[int]) -> dict[int, Harvest]:
    """Give the latest whole reading of each source, in one query; of one never read, nothing."""
    if not source_ids:
        return {}
    latest = _latest().where(Harvest.source_id.in_(source_ids)).subquery()
    found = db.session.scalars(select(Harvest).join(latest, latest.c.latest == Harvest.id))
    return {harvest.source_id: harvest for harvest in found}


def last_in(*states: HarvestState) -> ColumnElement[bool]:
    """Say in SQL that the latest whole reading of a source stands in one of these states."""
    latest = _latest().subquery()
    there = select(Harvest.source_id).join(latest, latest.c.latest == Harvest.id)
    return Source.id.in_(there.where(Harvest.state.in_(states)))


def harvests_of(source: Source, *, limit: int, offset: int = 0) -> list[Harvest]:
    """List the readings of a source, latest first."""
    mine = select(Harvest).where(Harvest.source_id == source.id).order_by(Harvest.id.desc())
    return list(db.session.scalars(mine.limit(limit).offset(offset)))


def harvest_count(source: Source) -> int:
    """Count the readings of a source."""
    counted = select(func.count(Harvest.id)).where(Harvest.source_id == source.id)
    return db.session.scalar(counted) or 0


def harvest_at_work(source: Source) -> Harvest | None:
    """Find the reading of a source that runs, or that waits to; of several, the one that runs."""
    mine = select(Harvest).where(Harvest.source_id == source.id, Harvest.state.in_(AT_WORK))
    order = (Harvest.state != HarvestState.RUNNING, Harvest.id)
    return db.session.scalar(mine.order_by(*order).limit(1))


def harvest_at(source: Source, reference: str) -> Harvest:
    """Find one of the readings of a source.

    Raises Missing when there is none.
    """
    mine = select(Harvest).where(Harvest.source_id == source.id, Harvest.reference == reference)
    harvest = db.session.scalar(mine)
    if harvest is None:
        raise Missing
    return harvest


def held_harvest(reference: str, *, kept: ColumnElement[bool]) -> tuple[Harvest, Source]:
    """Find a reading that is held, and its source, which is one of these institutions.

    Raises Missing when there is none, or when something was decided or read since.
    """
    harvest, source = harvest_once_held(reference, kept=kept)
    if not waits_still(harvest):
        raise Missing
    return harvest, source


def harvest_once_held(reference: str, *, kept: ColumnElement[bool]) -> tuple[Harvest, Source]:
    """Find a reading that is or was held, and its source, which is one of these institutions.

    Raises Missing when there is none.
    """
    was_held = or_(Harvest.state == HarvestState.HELD, Harvest.code == WOULD_UNLIST)
    found = (
        select(Harvest, Source)
        .join(Source, Source.id == Harvest.source_id)
        .join(Source.institution)
        .options(contains_eager(Source.institution))
        .where(kept, Harvest.reference == reference, was_held)
    )
    row = db.session.execute(found).one_or_none()
    if row is None:
        raise Missing
    return row[0], row[1]


def waits_still(harvest: Harvest) -> bool:
    """Tell whether a held reading waits for a steward: nothing was decided or read since."""
    since = select(Harvest.id).where(
        Harvest.source_id == harvest.source_id, Harvest.id > harvest.id, Harvest.record == ""
    )
    later = db.session.scalar(select(since.exists()))
    return harvest.state is HarvestState.HELD and not later


def found_in(harvest: Harvest) -> Harvest:
    """Give the reading that tells what is wrong: an earlier one, where nothing changed since.

    A page that did not change is not looked through again, so its findings stay where they were.
    """
    same = harvest.state is HarvestState.DONE and not (harvest.added or harvest.updated)
    if not same or harvest.record or not harvest.read:
        return harvest
    of_records = RecordedFinding.code.not_in((READ, UNREAD))
    told = select(RecordedFinding.id).where(RecordedFinding.harvest_id == Harvest.id, of_records)
    told_or_changed = told.exists() | (Harvest.added + Harvest.updated > 0)
    until = (Harvest.source_id == harvest.source_id, Harvest.id <= harvest.id)
    whole = (Harvest.state == HarvestState.DONE, Harvest.record == "", told_or_changed)
    latest = select(Harvest).where(*until, *whole).order_by(Harvest.id.desc()).limit(1)
    earlier = db.session.scalar(latest)
    return earlier if earlier and earlier.rejected == harvest.rejected else harvest


def codes_of(harvest: Harvest) -> list[CodeCount]:
    """Count what was found in a reading by its code: what weighs most first, then the most."""
    counted = select(RecordedFinding.code, RecordedFinding.weight, func.count())
    mine = counted.where(RecordedFinding.harvest_id == harvest.id)
    rows = db.session.execute(mine.group_by(RecordedFinding.code, RecordedFinding.weight)).all()
    found: dict[str, CodeCount] = {}
    for code, weight, count in sorted(rows, key=lambda row: HEAVIEST_FIRST.index(row[1])):
        known = found.get(code, CodeCount(code, weight, 0))
        found[code] = CodeCount(code, known.weight, known.count + count)
    order = {weight: place for place, weight in enumerate(HEAVIEST_FIRST)}
    return sorted(found.values(), key=lambda one: (order[one.weight], -one.count, one.code))


def code_of(harvest: Harvest) -> str:
    """Give the code of why a reading failed, is held or was put off; empty where it was not."""
    return harvest.code if harvest.state in HINDERED else ""


def why(harvest: Harvest) -> str:
    """Say why a reading failed, is held or was put off, in the reader's language."""
    code = code_of(harvest)
    return reason(code, harvest.details) if code in REASONS else harvest.reason


def findings_with(
    harvest: Harvest, code: str, *, limit: int, offset: int = 0
) -> list[RecordedFinding]:
    """List where one thing was found in a reading, in the order of the file."""
    mine = select(RecordedFinding).where(
        RecordedFinding.harvest_id == harvest.id, RecordedFinding.code == code
    )
    order = (RecordedFinding.line, RecordedFinding.id)
    return list(db.session.scalars(mine.order_by(*order).limit(limit).offset(offset)))


def waiting_sources(among: Sequence[ColumnElement[bool]]) -> int:
    """Count the sources of some institutions that wait for a steward: asked for, or held."""
    waits = and_(Source.state != SourceState.PAUSED, last_in(HarvestState.HELD))
    wanted = (Source.state == SourceState.REQUESTED) | waits
    counted = select(func.count(Source.id)).join(Source.institution)
    return db.session.scalar(counted.where(*among, IN_THE_ACADEMY, wanted)) or 0


def _latest() -> Select[int, int]:
    key = func.max(Harvest.id).label("latest")
    return select(Harvest.source_id, key).where(Harvest.record == "").group_by(Harvest.source_id)


def would_unlist(harvest: Harvest, *, limit: int, offset: int = 0) -> list[Offer]:
    """List the offers that a held reading would unlist, as lists show them."""
    missing = _missing_in(harvest)
    ids = db.session.scalars(missing.order_by(SourceRecord.id).limit(limit).offset(offset))
    return listed_in_order(list(ids))


def would_unlist_count(harvest: Harvest) -> int:
    """Count the offers that a held reading would unlist."""
    return db.session.scalar(_missing_in(harvest).with_only_columns(func.count())) or 0


def _missing_in(harvest: Harvest) -> Select[int]:
    return (
        select(SourceRecord.offer_id)
        .join(RecordedFinding, RecordedFinding.external_id == SourceRecord.external_id)
        .join(Offer, Offer.id == SourceRecord.offer_id)
        .where(RecordedFinding.harvest_id == harvest.id, RecordedFinding.code == WOULD_VANISH)
        .where(SourceRecord.source_id == harvest.source_id, listed())
    )
