"""Harvests as jobs: asked for, taken by one worker at a time, put off, stopped, let through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.orm import aliased

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from courses.harvesting.models import Harvest, HarvestState
from courses.sources.models import Source, SourceState
from courses.sources.queries import due_sources
from courses.sources.rules import check_may_be_read, next_due

LEASE = timedelta(minutes=2)
"""How long a harvest belongs to a worker that says nothing of itself."""

BEAT = LEASE / 4
WAITING = (HarvestState.QUEUED, HarvestState.RUNNING)
PAUSES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""How long a harvest waits after each failure that may pass."""

MOST_ATTEMPTS = 5
"""How often a harvest is begun anew whose workers are killed: it may be what kills them."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A harvest that a worker took up: by its number it is his, until another takes it up."""

    harvest_id: int
    attempt: int
    adapter: str = ""
    address: str = ""
    """How and where the source was read then."""


def ask(
    source: Source,
    *,
    person: Person | None,
    now: datetime,
    record: str = "",
    at_once: bool = False,
) -> Harvest:
    """Ask for a reading of the source, or of one record; one that waits already is enough.

    It is carried out at once, unless the source said how long it wants to be left alone; with
    `at_once` before the readings of other sources.
    Raises NotApproved for a source that must not be read.
    """
    check_may_be_read(source)
    waits = Harvest.record == record, Harvest.state == HarvestState.QUEUED
    waiting = db.session.scalar(select(Harvest).where(Harvest.source_id == source.id, *waits))
    if waiting is not None:
        told = waiting.details.get("until")
        waiting.not_before = datetime.fromisoformat(told) if told else None
        waiting.at_once = waiting.at_once or at_once
        return waiting
    harvest = Harvest(source_id=source.id, state=HarvestState.QUEUED, asked_at=now, record=record)
    harvest.asked_by_id, harvest.at_once = person.id if person else None, at_once
    db.session.add(harvest)
    db.session.flush()
    return harvest


def ask_for_due(*, now: datetime, limit: int) -> int:
    """Ask for a reading of every source whose hour has come; tells how many there were.

    What waits of sources that nobody approves any more ends here.
    """
    not_approved = Harvest.source_id.not_in(_approved())
    ended = update(Harvest).where(_is_free(now), not_approved)
    db.session.execute(ended.values(state=HarvestState.ABORTED, ended_at=now, leased_until=None))
    sources = due_sources(now, limit=limit)
    for source in sources:
        ask(source, person=None, now=now)
        source.due_at = next_due(source, now)
    return len(sources)


def next_in_line(now: datetime, *, record: bool | None = None) -> int | None:
    """Find the harvest that is to be carried out next: of each source one at a time.

    With `record`, only readings of single records and what else is wanted at once, or only the
    others. Single records do not wait for a reading of the whole: their sources want them to be
    read within a minute. What was begun several times lets others go first.
    What nobody has attempted, but runs, was sent or is a file: it is nothing for a worker.
    """
    other = aliased(Harvest)
    at_work = exists().where(
        other.source_id == Harvest.source_id,
        other.id != Harvest.id,
        other.state == HarvestState.RUNNING,
        other.leased_until > now,
    )
    ready = or_(Harvest.not_before.is_(None), Harvest.not_before <= now)
    alone = or_(Harvest.record != "", ~at_work)
    wanted = select(Harvest.id).where(_is_free(now), ready, alone)
    wanted = wanted.where(Harvest.source_id.in_(_approved()))
    soon = or_(Harvest.record != "", Harvest.at_once)
    if record is not None:
        wanted = wanted.where(soon if record else ~soon)
    order = (~soon, Harvest.attempts > 1, Harvest.asked_at, Harvest.id)
    return db.session.scalar(wanted.order_by(*order).limit(1))


def _is_free(now: datetime) -> ColumnElement[bool]:
    over = (Harvest.state == HarvestState.RUNNING) & (Harvest.leased_until <= now)
    return or_(Harvest.state == HarvestState.QUEUED, over & (Harvest.attempts > 0))


def _approved() -> Select[int]:
    return select(Source.id).where(Source.state == SourceState.APPROVED)


def claim(harvest_id: int, *, now: datetime) -> Taken | None:
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
    attempt = db.session.scalar(mine.returning(Harvest.attempts))
    if attempt is None:
        return None
    of_it = select(Source).join(Harvest, Harvest.source_id == Source.id)
    source = db.session.scalars(of_it.where(Harvest.id == harvest_id)).one()
    return Taken(harvest_id, attempt, source.adapter, source.address)


def harvest_of(taken: Taken) -> Harvest | None:
    """Give the harvest to the worker who still has it; None once another took it up."""
    harvest = db.session.get_one(Harvest, taken.harvest_id)
    still = harvest.state is HarvestState.RUNNING and harvest.attempts == taken.attempt
    return harvest if still else None


def is_as_taken(source: Source, taken: Taken) -> bool:
    """Tell whether the source may still be read, and is read as it was when it was taken up."""
    as_it_was = (source.adapter, source.address) == (taken.adapter, taken.address)
    return as_it_was and source.state is SourceState.APPROVED


def keep(taken: Taken, *, pages: int, now: datetime) -> bool:
    """Keep a harvest that is being carried out; tells whether it is to go on."""
    harvest = harvest_of(taken)
    if harvest is None:
        return False
    harvest.leased_until, harvest.pages = now + LEASE, pages
    source = db.session.get_one(Source, harvest.source_id)
    return is_as_taken(source, taken) and not harvest.stop_asked


def goes_on(taken: Taken) -> bool:
    """Tell whether nobody stopped the harvest, nor took it up meanwhile; writes nothing."""
    wanted = select(Harvest.stop_asked, Harvest.attempts, Harvest.state)
    found = db.session.execute(wanted.where(Harvest.id == taken.harvest_id)).first()
    db.session.rollback()
    return tuple(found or ()) == (False, taken.attempt, HarvestState.RUNNING)


def put_off(harvest: Harvest, pause: timedelta | None, *, now: datetime) -> bool:
    """Let a harvest that failed for now wait; False when it has waited often enough."""
    if harvest.attempts > len(PAUSES):
        return False
    harvest.state, harvest.leased_until = HarvestState.QUEUED, None
    harvest.not_before = now + max(pause or timedelta(0), PAUSES[harvest.attempts - 1])
    until = (now + pause).isoformat() if pause else ""
    harvest.details = {**harvest.details, "until": until}
    return True


def ask_to_stop(harvest: Harvest, *, person: Person, now: datetime) -> None:
    """Stop a harvest: at once where nobody carries it out, else before its next records."""
    if harvest.state is HarvestState.QUEUED:
        harvest.state, harvest.ended_at = HarvestState.ABORTED, now
    harvest.stop_asked = harvest.state is HarvestState.RUNNING
    audit.note("harvest-stopped", f"harvest:{harvest.reference}", by=person, now=now)


def allow(harvest: Harvest, *, person: Person, now: datetime) -> Harvest:
    """Let a held harvest do what it would, and nothing else: what it read is read again."""
    source = db.session.get_one(Source, harvest.source_id)
    again = ask(source, person=person, now=now, record=harvest.record)
    again.allowed, again.details = True, {**again.details, "held": harvest.reference}
    audit.note("harvest-allowed", f"harvest:{harvest.reference}", by=person, now=now)
    return again
