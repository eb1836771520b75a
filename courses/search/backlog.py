"""What the index has yet to learn: rows written with the change itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Select, and_, event, func, insert, inspect, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from academy.db import Base, Key, db, utcnow
from academy.health import BEAT_GONE, WORKER, Finding, beat, last_beat, seconds
from academy.institutions.models import Institution
from courses.catalogue.models import Offer, OfferTerm
from courses.catalogue.queries import listed
from courses.catalogue.runs import Meeting, Run
from courses.catalogue.texts import OfferLanguage, OfferText
from courses.search.answering.snapshots import LOOK_AGAIN_AFTER
from courses.search.lexicon import NAMED
from courses.vocabularies.models import Term

LATE = timedelta(minutes=5)
LONGEST_WAIT, LOOK_EVERY = 2.0, 0.02
"""Seconds that somebody waits at most for a change to be found, and between two looks.

Where the machine has little else to do, it is a tenth of a second.
"""

TOO_MANY = 1_000
"""With so many changes before it, a change is not waited for: feeds are being read."""

MARKED = "marked stale"
CLOCK = "runs in the index"
"""The beat that tells up to which minute runs that begin or end are known to the index."""

MINUTE, AT_FIRST = timedelta(minutes=1), timedelta(days=1)
"""How exactly the index knows time, and how far back is looked while there is no beat."""


class Awaited(StrEnum):
    """What became of waiting for a change to be found."""

    FOUND = "found"
    SOON = "soon"
    """The worker is at it, and has much to do."""

    NOT_YET = "not yet"
    """No worker is there to tell the index."""


class StaleOffer(Base):
    """An offer that the index must look at again; no foreign key, for it may be gone."""

    __tablename__ = "stale_offers"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[Key]
    offer_id: Mapped[int]
    marked_at: Mapped[datetime | None] = mapped_column(default=utcnow)


def mark_stale(offer_ids: Iterable[int]) -> None:
    """Say that these offers changed; for Core statements, which the session does not see."""
    rows = [{"offer_id": offer_id} for offer_id in offer_ids]
    if rows:
        db.session.execute(insert(StaleOffer), rows)
        db.session.info[MARKED] = True


def mark_begun_and_over(*, now: datetime) -> None:
    """Say that offers changed of which a run has begun or ended since this was last said.

    The index has but two runs of each. No minute is left out, however long nobody looked.
    """
    until = now.replace(second=0, microsecond=0) + MINUTE
    since = min(last_beat(CLOCK) or until - AT_FIRST, until)
    turned = (and_(at >= since, at < until) for at in (Run.starts_at, Run.ends_at))
    offers = select(Run.offer_id).join(Offer).where(listed(), or_(*turned)).distinct()
    mark_stale(db.session.scalars(offers))
    beat(CLOCK, now=until, details={})


def _touched(session: Session) -> set[int]:
    changed = (*session.new, *session.dirty, *session.deleted)
    found = {key for row in changed if isinstance(row, Offer) for key in _standing_for(row)}
    found |= {row.offer_id for row in changed if isinstance(row, OfferText | OfferLanguage | Run)}
    for offers in _around(changed, session):
        found.update(session.scalars(offers))
    return found - {None}


def _around(changed: Sequence[object], session: Session) -> Iterator[Select[int]]:
    """Ask for the offers whose documents tell of rows that are not the offer's own."""
    if runs := {row.run_id for row in changed if isinstance(row, Meeting)}:
        yield select(Run.offer_id).where(Run.id.in_(runs))
    if places := {row.id for row in session.dirty if isinstance(row, Institution)}:
        stands = func.coalesce(Offer.canonical_id, Offer.id)
        yield select(stands).where(Offer.institution_id.in_(places))
    terms = [row for row in changed if isinstance(row, Term)]
    if moved := {term.id for term in terms if _differs(term, "broader_id")}:
        yield select(OfferTerm.offer_id).where(OfferTerm.term_id.in_(moved))
    if any(term.vocabulary in NAMED and _differs(term, "labels", "alternatives") for term in terms):
        # Whatever text may say the new word, and another no longer say what it is about.
        yield select(Offer.id).where(listed())


def _standing_for(offer: Offer) -> Iterator[int]:
    """Give its key, and those of the offers that stand, or stood, for it: they tell who offers."""
    state: Any = inspect(offer)
    yield from filter(None, (offer.id, *state.attrs["canonical_id"].load_history().sum()))


def _differs(row: object, *names: str) -> bool:
    """Tell whether one of these attributes was changed."""
    state: Any = inspect(row)
    return any(state.attrs[name].history.has_changes() for name in names)


def _note_changes(session: Session, _context: object) -> None:
    rows = [{"offer_id": offer_id} for offer_id in sorted(_touched(session))]
    if rows:
        session.execute(insert(StaleOffer), rows)
        session.info[MARKED] = True


def watch_changes() -> None:
    """Write a row for every offer that changes, in the transaction that changes it."""
    if not event.contains(Session, "after_flush", _note_changes):
        event.listen(Session, "after_flush", _note_changes)


def oldest() -> datetime | None:
    """Tell since when the index has had something to look at; None when it has nothing to do."""
    return db.session.scalar(select(func.min(StaleOffer.marked_at)))


def waiting() -> int:
    """Count the rows the index has yet to look at."""
    return db.session.scalar(select(func.count()).select_from(StaleOffer)) or 0


def await_index(*, now: datetime) -> Awaited:
    """Wait until what this session has changed is found, for `LONGEST_WAIT` at most.

    For who has just changed something and looks at it next. Nobody waits where nothing changed,
    where no worker is there to tell the index, or where very much is to be told before. Ends the
    transaction that is open.
    """
    if not db.session.info.pop(MARKED, False):
        return Awaited.FOUND
    beat, last = last_beat(WORKER), db.session.scalar(select(func.max(StaleOffer.id)))
    if last is None:
        return _seen_by_all()
    if beat is None or now - beat > BEAT_GONE:
        return Awaited.NOT_YET
    if waiting() > TOO_MANY:
        return Awaited.SOON
    end = monotonic() + LONGEST_WAIT - LOOK_AGAIN_AFTER
    while _waits(last):
        if monotonic() + LOOK_EVERY > end:
            return Awaited.SOON
        sleep(LOOK_EVERY)
    return _seen_by_all()


def _waits(last: int) -> bool:
    """Tell whether a row is left of those up to the last; looks anew each time."""
    db.session.rollback()
    rows = select(StaleOffer.id).where(StaleOffer.id <= last).limit(1)
    return db.session.scalar(rows) is not None


def _seen_by_all() -> Awaited:
    # A process that answers looks at the index so often, and no more.
    sleep(LOOK_AGAIN_AFTER)
    return Awaited.FOUND


def look(now: datetime) -> Finding:
    """Tell how far the index is behind the database."""
    since = oldest()
    lag = None if since is None else now - since
    details = {"waiting": waiting(), "lag_seconds": seconds(lag)}
    return Finding("index", lag is None or lag < LATE, details=details)
