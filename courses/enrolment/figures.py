"""Numbers of who takes part in an institution's runs, and of who left for its own site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, extract, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import Kind, Offer, State
from courses.catalogue.runs import Run
from courses.enrolment.models import Enrolment, Standing
from courses.enrolment.rules import TAKING_PART


@dataclass(frozen=True, slots=True)
class RunFigures:
    """How many people take part in a run, wait, withdrew, went in to a meeting, left for the site.

    Who has deleted their account meanwhile is counted.
    """

    enrolled: int = 0
    waiting: int = 0
    withdrawn: int = 0
    joined: int = 0
    left: int = 0


NOBODY = RunFigures()


@dataclass(frozen=True, slots=True)
class Departures:
    """How many people left for the partner's site from one offer, in one month."""

    offer_id: int
    year: int
    month: int
    count: int


def runs_of(
    institution: Institution, *, now: datetime, limit: int, offset: int = 0
) -> Sequence[Run]:
    """List the runs of the institution, with offers and titles.

    Those that come or go on stand first, soonest first; then what is always open; then the past,
    latest first. Runs of offers that nobody sees are listed when people are in them.
    """
    over = _is_over(now)
    rank = case((over, 2), (Run.starts_at.is_(None), 1), else_=0)
    coming = case((over, None), else_=Run.starts_at)
    offer = contains_eager(Run.offer).selectinload(Offer.texts)
    found = select(Run).join(Run.offer).options(offer, selectinload(Run.meetings))
    page = found.where(*_listed(institution)).order_by(rank, coming, Run.starts_at.desc(), Run.id)
    return db.session.scalars(page.limit(limit).offset(offset)).all()


def run_count(institution: Institution) -> int:
    """Count the runs that `runs_of` lists."""
    counted = select(func.count(Run.id)).join(Run.offer).where(*_listed(institution))
    return db.session.scalar(counted) or 0


def figures_of(runs: Iterable[Run]) -> dict[int, RunFigures]:
    """Count who is in these runs, by the run's key."""
    keys = [run.id for run in runs]
    rows = db.session.execute(
        select(
            Enrolment.run_id,
            _how_many(Enrolment.standing.in_(TAKING_PART)),
            _how_many(Enrolment.standing == Standing.WAITING),
            _how_many(Enrolment.standing == Standing.WITHDRAWN),
            func.count(Enrolment.joined_at),
            func.count(Enrolment.left_at),
        )
        .where(Enrolment.run_id.in_(keys))
        .group_by(Enrolment.run_id)
    )
    counted = {run: RunFigures(*numbers) for run, *numbers in rows}
    return {key: counted.get(key, NOBODY) for key in keys}


def departures_of(institution: Institution) -> list[Departures]:
    """Count who left for the institution's own site, per offer and month (UTC), latest first."""
    year, month = extract("year", Enrolment.left_at), extract("month", Enrolment.left_at)
    rows = db.session.execute(
        select(Run.offer_id, year, month, func.count())
        .join(Run, Enrolment.run_id == Run.id)
        .join(Offer, Run.offer_id == Offer.id)
        .where(Offer.institution_id == institution.id, Enrolment.left_at.is_not(None))
        .group_by(Run.offer_id, year, month)
        .order_by(year.desc(), month.desc(), func.count().desc(), Run.offer_id)
    )
    return [Departures(offer, int(y), int(m), count) for offer, y, m, count in rows]


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _is_over(now: datetime) -> ColumnElement[bool]:
    ended = and_(Run.ends_at.is_not(None), Run.ends_at < now)
    held = and_(Run.ends_at.is_(None), Offer.kind == Kind.WEBINAR, Run.starts_at < now)
    return or_(ended, and_(Run.starts_at.is_not(None), held))


def _listed(institution: Institution) -> tuple[ColumnElement[bool], ...]:
    peopled = exists(select(Enrolment.id).where(Enrolment.run_id == Run.id))
    shown = or_(Offer.state == State.PUBLISHED, peopled)
    return (Offer.institution_id == institution.id, shown)
