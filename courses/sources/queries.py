"""What can be asked about sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from academy.accounts.models import Person, Steward
from academy.db import db
from academy.errors import Missing
from academy.institutions.models import Institution
from academy.institutions.queries import IN_THE_ACADEMY
from courses.sources.models import Source, SourceState

WAITING_FIRST = case((Source.state == SourceState.REQUESTED, 0), else_=1)


def source_at(institution: Institution, reference: str) -> Source:
    """Find one of the institution's own sources, with who asked for it.

    Raises Missing when there is none.
    """
    found = select(Source).options(joinedload(Source.asked_by))
    mine = found.where(Source.reference == reference, Source.institution_id == institution.id)
    source = db.session.scalar(mine)
    if source is None:
        raise Missing
    return source


def source_kept(reference: str, *, kept: ColumnElement[bool]) -> Source:
    """Find a source of one of these institutions, with the institution and who asked for it.

    Raises Missing when there is none.
    """
    source: Source | None = db.session.scalar(_told(kept).where(Source.reference == reference))
    if source is None:
        raise Missing
    return source


def source_told_of(reference: str) -> Source | None:
    """Find the source a notice speaks of, with its institution; None when it is gone."""
    found = select(Source).options(joinedload(Source.institution))
    return db.session.scalar(found.where(Source.reference == reference))


def sources_of(institution: Institution) -> list[Source]:
    """List the institution's sources, by name."""
    mine = select(Source).where(Source.institution_id == institution.id)
    return list(db.session.scalars(mine.order_by(Source.name, Source.id)))


def source_count(institution: Institution) -> int:
    """Count the institution's sources."""
    counted = select(func.count(Source.id)).where(Source.institution_id == institution.id)
    return db.session.scalar(counted) or 0


def is_named(institution_id: int, name: str, *, beside: int | None = None) -> bool:
    """Tell whether a source of the institution has this name, other than the one `beside`."""
    same = select(Source.id).where(Source.institution_id == institution_id, Source.name == name)
    found = db.session.scalar(same)
    return found is not None and found != beside


def sources_kept(
    kept: ColumnElement[bool], among: Sequence[ColumnElement[bool]] = (), *, limit: int, offset: int
) -> list[Source]:
    """List the sources of these institutions: those that wait for approval first, then by name."""
    order = (WAITING_FIRST, Institution.slug, Source.name, Source.id)
    found = _told(kept).where(*among).order_by(*order).limit(limit).offset(offset)
    return list(db.session.scalars(found))


def source_count_kept(kept: ColumnElement[bool], among: Sequence[ColumnElement[bool]] = ()) -> int:
    """Count the sources of these institutions."""
    counted = select(func.count(Source.id)).join(Source.institution)
    return db.session.scalar(counted.where(kept, IN_THE_ACADEMY, *among)) or 0


def due_sources(now: datetime, *, limit: int) -> list[Source]:
    """List what is to be read by now, longest due first: approved sources with an address."""
    there = and_(Source.state == SourceState.APPROVED, Source.address != "", IN_THE_ACADEMY)
    due = select(Source).join(Source.institution).where(there, Source.due_at <= now)
    return list(db.session.scalars(due.order_by(Source.due_at, Source.id).limit(limit)))


def stewards_of(institution: Institution) -> list[Person]:
    """List the stewards of the institution who could act: those of all, and of its section."""
    of_section = and_(
        Person.steward == Steward.SECTION, Person.section == (institution.section or "")
    )
    able = (Person.blocked_at.is_(None), Person.erased_at.is_(None))
    found = select(Person).where(or_(Person.steward == Steward.ALL, of_section), *able)
    return list(db.session.scalars(found.order_by(Person.id)))


def _told(kept: ColumnElement[bool]) -> Select[Source]:
    shown = (contains_eager(Source.institution), joinedload(Source.asked_by))
    return select(Source).join(Source.institution).options(*shown).where(kept, IN_THE_ACADEMY)
