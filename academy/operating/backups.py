"""Backups: a dated copy of the database with a manifest, checked before it counts as one.

The index is never part of it: it is made from the database.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from academy.config import Settings
from academy.operating import postgresql, sqlite
from academy.operating.manifest import SUFFIX, BadBackup, Manifest, manifest_of, sha256_of

NAME = re.compile(r"academy-(\d{8}T\d{6})Z\.(sqlite|dump)")
BACKUP_EVERY = timedelta(hours=23, minutes=30)
PARTIAL = ".partial"
LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup on disk."""

    file: Path
    made_at: datetime


def database_file(settings: Settings) -> Path | None:
    """Name the file of the database; None when it is no SQLite."""
    url = make_url(settings.database)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def usual_folder(settings: Settings) -> Path:
    """Name the folder where backups go when nobody says otherwise."""
    return settings.backup_folder or settings.home / "backups"


def backups(folder: Path) -> list[Backup]:
    """List the backups of a folder, newest first."""
    found = []
    for path in folder.glob("academy-*") if folder.is_dir() else ():
        matched = NAME.fullmatch(path.name)
        if matched and path.with_name(path.name + SUFFIX).exists():
            made_at = datetime.strptime(matched[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            found.append(Backup(path, made_at))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def newest_backup(folder: Path) -> Backup | None:
    """Find the newest backup of a folder."""
    return next(iter(backups(folder)), None)


def make_backup(settings: Settings, folder: Path, *, now: datetime) -> tuple[Path, Manifest]:
    """Write a backup, check it, and remove all but the newest ones.

    Raises BadBackup when it cannot be made; then nothing that looks like one is left.
    """
    database = database_file(settings)
    ending = "sqlite" if database else "dump"
    with _one_at_a_time(folder):
        target = folder / f"academy-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.{ending}"
        if target.exists():
            raise BadBackup(f"{target} is there already: wait a second.")
        partial = target.with_name(target.name + PARTIAL)
        if database:
            manifest = _of_sqlite(database, partial, target.name, now)
        else:
            manifest = postgresql.dump(settings, partial, target.name, now)
        _publish(partial, target, manifest)
        _forget_old(folder, settings.backups_keep)
    return target, manifest


def _of_sqlite(database: Path, partial: Path, name: str, now: datetime) -> Manifest:
    if not database.exists():
        raise BadBackup(f"There is no database yet at {database}.")
    sqlite.copy_into(database, partial)
    with sqlite.reading(partial) as copy:
        tables, revision = sqlite.row_counts(copy), sqlite.revision_of(copy)
    return Manifest(
        file=name,
        database="sqlite",
        made_at=now,
        revision=revision,
        size=partial.stat().st_size,
        sha256=sha256_of(partial),
        tables=tables,
    )


def _publish(partial: Path, target: Path, manifest: Manifest) -> None:
    """Give the files their names: the manifest last, for it makes the file a backup."""
    manifest_file = target.with_name(target.name + SUFFIX)
    half = manifest_file.with_name(manifest_file.name + PARTIAL)
    manifest.write(half)
    sqlite.sync(half)
    os.replace(partial, target)
    os.replace(half, manifest_file)
    sqlite.sync(target.parent)
    if manifest_of(target) != manifest:
        raise BadBackup(f"{target} could not be described.")


def _forget_old(folder: Path, keep: int) -> None:
    for old in backups(folder)[max(keep, 1) :]:
        # First what makes it a backup, so that none is ever half of one.
        old.file.with_name(old.file.name + SUFFIX).unlink()
        old.file.unlink()


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Be the one who writes backups here; what a killed one left is swept away."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BadBackup(f"Backups cannot be kept in {folder} ({error.strerror}).") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _sweep(folder)
        yield
    except OSError as error:
        raise BadBackup(f"The backup could not be written ({error.strerror}).") from error
    finally:
        _sweep(folder)
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    for left in folder.glob(f"academy-*{PARTIAL}*"):
        left.unlink(missing_ok=True)
