"""How the academy is: what beats, what waits, what runs short."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import JSON, String, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from academy.config import CHECKOUT, Settings
from academy.db import Base, Instant, db
from academy.notices.models import Notice, NoticeState
from academy.operating.backups import newest_backup

WORKER = "worker"
BEAT_SECONDS = 10.0
BEAT_GONE = timedelta(seconds=30)
MAILS_LATE = timedelta(hours=1)
BACKUP_LATE = timedelta(hours=36)
LEAST_DISK_MB = 100
_NAMED = re.compile(r"""^revision\b.*=\s*['"](\w+)['"]""", re.MULTILINE)
_FOLLOWED = re.compile(r"""^down_revision\b.*=\s*['"](\w+)['"]""", re.MULTILINE)


class Heartbeat(Base):
    """When a process last said that it lives."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    beat_at: Mapped[Instant]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One look at one part; a `needed` part that is not well makes the academy not ready."""

    name: str
    well: bool
    needed: bool = False
    details: dict[str, Any] = field(default_factory=dict)


Look = Callable[[datetime], Finding]
"""A look at one part, at an instant."""


def beat(name: str, *, now: datetime, details: dict[str, Any]) -> None:
    """Say that a process lives."""
    db.session.merge(Heartbeat(name=name, beat_at=now, details=details))


def fall_silent(name: str) -> None:
    """Say that a process ends because it was asked to."""
    found = db.session.get(Heartbeat, name)
    if found is not None:
        db.session.delete(found)


def last_beat(name: str) -> datetime | None:
    """Tell when a process last said that it lives; None when it never did, or ended in peace."""
    return db.session.scalar(select(Heartbeat.beat_at).where(Heartbeat.name == name))


@cache
def newest_revision() -> str:
    """Name the migration this code needs the database to be at: that which no other follows.

    Read as Alembic would, which a process that answers never loads.
    """
    told = [file.read_text("utf-8") for file in (CHECKOUT / "migrations/versions").glob("*.py")]
    followed = {found[1] for script in told if (found := _FOLLOWED.search(script))}
    [newest] = {found[1] for script in told if (found := _NAMED.search(script))} - followed
    return newest


def database_revision() -> str | None:
    """Name the migration the database is at; None when it is empty."""
    if not inspect(db.session.connection()).has_table("alembic_version"):
        return None
    revision: str | None = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def findings(now: datetime) -> list[Finding]:
    """Look at everything; a database that does not answer is a finding too."""
    looks: list[Look] = current_app.extensions["health"]
    try:
        return [_database(), *(look(now) for look in looks)]
    except SQLAlchemyError as error:
        kind = type(error).__name__
        return [Finding("database", well=False, needed=True, details={"error": kind}), _disk()]
    finally:
        _let_go()


def _let_go() -> None:
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session().invalidate()


def is_ready(found: list[Finding]) -> bool:
    """Tell whether everything that is needed is well."""
    return all(finding.well for finding in found if finding.needed)


def seconds(span: timedelta | None) -> int | None:
    """Write a span in whole seconds."""
    return None if span is None else int(span.total_seconds())


def usual_looks() -> list[Look]:
    """List the platform's own looks; features add theirs to app.extensions["health"]."""
    return [_worker, _mails, lambda _now: _disk(), _backups]


def _database() -> Finding:
    revision = database_revision()
    details = {"revision": revision, "needed": newest_revision()}
    return Finding("database", revision == newest_revision(), needed=True, details=details)


def _worker(now: datetime) -> Finding:
    beat_at = last_beat(WORKER)
    ago = None if beat_at is None else now - beat_at
    well = ago is not None and ago < BEAT_GONE
    return Finding(WORKER, well, needed=True, details={"beat_seconds_ago": seconds(ago)})


def _mails(now: datetime) -> Finding:
    by_state = select(Notice.state, func.count()).group_by(Notice.state)
    states = {state: count for state, count in db.session.execute(by_state)}
    due = Notice.due_at <= now
    oldest = db.session.scalar(
        select(func.min(Notice.due_at)).where(Notice.state == NoticeState.WAITING, due)
    )
    ago = None if oldest is None else now - oldest
    details = {
        "waiting": states.get(NoticeState.WAITING, 0),
        "parked": states.get(NoticeState.PARKED, 0),
        "late_seconds": seconds(ago),
    }
    return Finding("mails", ago is None or ago < MAILS_LATE, details=details)


def _disk() -> Finding:
    settings: Settings = current_app.config["SETTINGS"]
    free = shutil.disk_usage(settings.home).free >> 20
    return Finding("disk", free >= LEAST_DISK_MB, needed=True, details={"free_mb": free})


def _backups(now: datetime) -> Finding:
    settings: Settings = current_app.config["SETTINGS"]
    if settings.backup_folder is None:
        return Finding("backups", well=False, details={"folder": None})
    newest = newest_backup(settings.backup_folder)
    ago = None if newest is None else now - newest.made_at
    well = ago is not None and ago < BACKUP_LATE
    return Finding("backups", well, details={"age_seconds": seconds(ago)})
