"""What can be asked about announcements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from academy.announcements.models import Announcement
from academy.db import db
from academy.errors import Missing

_now = bindparam("now", type_=Announcement.starts_at.type)
SHOWN = (
    select(Announcement)
    .where(
        Announcement.starts_at <= _now,
        or_(Announcement.ends_at.is_(None), Announcement.ends_at > _now),
    )
    .order_by(Announcement.starts_at, Announcement.id)
)
"""Written once: every page asks."""


def shown_at(now: datetime) -> Sequence[Announcement]:
    """List what is announced at this moment, earliest first."""
    return db.session.scalars(SHOWN, {"now": now}).all()


def all_announcements(*, limit: int, offset: int = 0) -> Sequence[Announcement]:
    """List announcements, latest first."""
    latest = select(Announcement).order_by(Announcement.starts_at.desc(), Announcement.id.desc())
    return db.session.scalars(latest.limit(limit).offset(offset)).all()


def announcement_count() -> int:
    """Count all announcements."""
    return db.session.scalar(select(func.count()).select_from(Announcement)) or 0


def announcement_by_reference(reference: str) -> Announcement:
    """Find an announcement.

    Raises Missing when there is none of this reference.
    """
    found = db.session.scalar(select(Announcement).where(Announcement.reference == reference))
    if found is None:
        raise Missing
    return found


def same_as(wanted: Announcement) -> Announcement | None:
    """Find the announcement that says the same from the same moment to the same moment."""
    ends = Announcement.ends_at
    until = ends.is_(None) if wanted.ends_at is None else ends == wanted.ends_at
    alike = select(Announcement).where(Announcement.starts_at == wanted.starts_at, until)
    return next((one for one in db.session.scalars(alike) if one.texts == wanted.texts), None)
