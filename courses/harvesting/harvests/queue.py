"""Harvests as jobs: asked for, taken by one worker at a time, put off, stopped, let through."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import aliased

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from courses.harvesting.models import Harvest, HarvestState
from courses.sources.models import Source
from courses.sources.queries import due_sources
from courses.sources.rules import check_may_be_read, next_due

LEASE = timedelta(minutes=2)
"""How long a harvest belongs to a worker that says nothing of itself."""

BEAT = LEASE / 4
WAITING = (HarvestState.QUEUED, HarvestState.RUNNING)
PAUSES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""How long a harvest waits after each failure that may pass."""


def ask(source: Source, *, person: Person | None, now: datetime, record: str = "") -> Harvest:
    """Ask for a reading of the source, or of one record; one that waits already is enough.

    Raises NotApproved for a source that must not be read.
    """
    check_may_be_read(source)
    waiting = db.session.scalar(
        select(Harvest).where(
            Harvest.source_id == source.id,
            Harvest.record == record,
            Harvest.state == HarvestState.QUEUED,
        )
    )
    if waiting is not None:
        waiting.not_before = None
        return waiting
    harvest = Harvest(source_id=source.id, state=HarvestState.QUEUED, asked_at=now, record=record)
    harvest.asked_by_id = person.id if person else None
    db.session.add(harvest)
    db.session.flush()
    return harvest


def ask_for_due(*, now: datetime, limit: int) -> int:
    """Ask for a reading of every source whose hour has come; tells how many there were."""
    sources = due_sources(now, limit=limit)
    for source in sources:
        ask(source, person=None, now=now)
        source.due_at = next_due(source, now)
    return len(sources)


def next_in_line(now: datetime, *, record: bool | None = None) -> int | None:
    """Find the harvest that is to be carried out next: of each source one at a time.

    With `record`, only readings of single records, or only of whole sources. Single records do
    not wait for a reading of the whole: their sources want them to be read within a minute.
    """
    other = aliased(Harvest)
    at_work = exists().where(
        other.source_id == Harvest.source_id,
        other.id != Harvest.id,
        other.state == HarvestState.RUNNING,
        other.leased_until > now,
    )
    free = or_(
        Harvest.state == HarvestState.QUEUED,
        (Harvest.state == HarvestState.RUNNING) & (Harvest.leased_until <= now),
    )
    ready = or_(Harvest.not_before.is_(None), Harvest.not_before <= now)
    wanted = select(Harvest.id).where(free, ready, or_(Harvest.record != "", ~at_work))
    if record is not None:
        wanted = wanted.where((Harvest.record != "") == record)
    return db.session.scalar(wanted.order_by(Harvest.record == "", Harvest.id).limit(1))


def claim(harvest_id: int, *, now: datetime) -> bool:
    """Take a harvest up, unless another worker has just done so."""
    mine = (
        update(Harvest)
        .where(
            Harvest.id == harvest_id,
            Harvest.state.in_(WAITING),
            or_(Harvest.leased_until.is_(None), Harvest.leased_until <= now),
        )
        .values(
            state=HarvestState.RUNNING,
            leased_until=now + LEASE,
            started_at=now,
            attempts=Harvest.attempts + 1,
        )
    )
    return bool(db.session.execute(mine).rowcount)  # type: ignore[attr-defined]


def keep(harvest_id: int, *, pages: int, now: datetime) -> bool:
    """Keep a harvest that is being carried out; tells whether it is to go on."""
    mine = (
        update(Harvest)
        .where(Harvest.id == harvest_id, Harvest.state == HarvestState.RUNNING)
        .values(leased_until=now + LEASE, pages=pages)
    )
    kept = bool(db.session.execute(mine).rowcount)  # type: ignore[attr-defined]
    stop = db.session.scalar(select(Harvest.stop_asked).where(Harvest.id == harvest_id))
    return kept and not stop


def put_off(harvest: Harvest, pause: timedelta | None, *, now: datetime) -> bool:
    """Let a harvest that failed for now wait; False when it has waited often enough."""
    if harvest.attempts > len(PAUSES):
        return False
    harvest.state, harvest.leased_until = HarvestState.QUEUED, None
    harvest.not_before = now + max(pause or timedelta(0), PAUSES[harvest.attempts - 1])
    return True


def ask_to_stop(harvest: Harvest, *, person: Person, now: datetime) -> None:
    """Stop a harvest: at once where nobody carries it out, else before its next records."""
    if harvest.state is HarvestState.QUEUED:
        harvest.state, harvest.ended_at = HarvestState.ABORTED, now
    harvest.stop_asked = harvest.state is HarvestState.RUNNING
    audit.note("harvest-stopped", f"harvest:{harvest.reference}", by=person, now=now)


def allow(harvest: Harvest, *, person: Person, now: datetime) -> Harvest:
    """Let a held harvest do what it would: the source is read again, and nothing is held."""
    source = db.session.get_one(Source, harvest.source_id)
    again = ask(source, person=person, now=now)
    again.allowed = True
    audit.note("harvest-allowed", f"harvest:{harvest.reference}", by=person, now=now)
    return again
