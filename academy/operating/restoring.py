"""Restoring: a backup checked, brought to this version beside the database, then put in place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from academy.config import CHECKOUT, Settings
from academy.db import db, utcnow
from academy.health import BEAT_GONE, WORKER, database_revision, last_beat
from academy.operating import postgresql, sqlite
from academy.operating.backups import database_file, make_backup, usual_folder
from academy.operating.manifest import BadBackup, check_file, manifest_of
from academy.operating.running import Runs, alone
from academy.operating.since import Since, carry_over, since
from academy.preparing import Say, bring_up_to_date, prepare

Make = Callable[[Settings], Flask]
"""How an academy is made from its settings."""


def restore(app: Flask, file: Path, *, make: Make, now: datetime, say: Say) -> str:
    """Put a backup in the place of the database; tells where what was there is kept.

    Raises Runs while the academy runs, and BadBackup when the backup is not sound; until the last
    moment the database stays as it was.
    """
    settings: Settings = app.config["SETTINGS"]
    manifest = manifest_of(file)
    say("Checking the backup ...")
    check_file(file, manifest)
    check_known(manifest.revision)
    with stopped(app, now=now):
        database = database_file(settings)
        if (manifest.database == "sqlite") != (database is not None):
            raise BadBackup(f"{file} is of {manifest.database}; the academy's database is not.")
        if database:
            kept = _restore_sqlite(app, file, make=make, now=now, say=say)
        else:
            kept = _restore_postgresql(app, file, now=now, say=say)
        prepare(app, say)
    return kept


@contextmanager
def stopped(app: Flask, *, now: datetime) -> Iterator[None]:
    """Keep web server and worker out while the block lasts. Raises Runs when one is there."""
    settings: Settings = app.config["SETTINGS"]
    with alone(settings.home):
        # On another machine there may be a worker that no lock of this one shows.
        if database_file(settings) is None and _beats(app, now):
            raise Runs("A worker beats on this database: stop it, and wait half a minute.")
        yield


def _beats(app: Flask, now: datetime) -> bool:
    with app.app_context():
        try:
            beat_at = last_beat(WORKER) if database_revision() else None
        except Exception:
            db.session.rollback()
            return False
        db.session.rollback()
        return beat_at is not None and now - beat_at < BEAT_GONE


def check_known(revision: str) -> None:
    """Raise BadBackup unless this version of the academy knows the migration."""
    # Loaded here alone: the web server, which has this command too, never needs it.
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    try:
        known = ScriptDirectory(str(CHECKOUT / "migrations")).get_revision(revision)
    except CommandError:
        known = None
    if known is None:
        raise BadBackup(
            f"The database is at {revision or 'no revision'}, which this version of the academy"
            " does not know: it was made by a newer one."
        )


def forget_derived(app: Flask) -> None:
    """Forget what is made from the database: whoever needs it next makes it anew."""
    for forget in app.extensions["derived"]:
        forget()


def _restore_sqlite(app: Flask, file: Path, *, make: Make, now: datetime, say: Say) -> str:
    settings: Settings = app.config["SETTINGS"]
    manifest = manifest_of(file)
    database = database_file(settings)
    assert database is not None
    staged = database.with_name(f"{database.name}.restoring")
    kept = database.with_name(f"{database.stem}-before-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.sqlite")
    _clear(staged)
    try:
        sqlite.check_room(manifest.size * 2, database.parent)
        _copy(file, staged)
        sqlite.check_same(staged, manifest)
        happened = since(app, manifest.made_at) if database.exists() else Since()
        _bring_up(make(replace(settings, database_url=f"sqlite:///{staged}")), happened, say)
        sqlite.settle(staged)
        sqlite.check_whole(staged)
        forget_derived(app)
        say("Putting it in place ...")
        existed = database.exists()
        sqlite.swap(staged, database, kept)
    finally:
        _clear(staged)
    return str(kept) if existed else ""


def _copy(file: Path, staged: Path) -> None:
    os.close(os.open(staged, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    shutil.copyfile(file, staged)
    sqlite.sync(staged)


def _bring_up(app: Flask, happened: Since, say: Say) -> None:
    say("Bringing the backup to this version ...")
    with app.app_context():
        bring_up_to_date()
        for reference in carry_over(happened, now=utcnow()):
            say(f"Erased since the backup, and a steward in it: person {reference} is still there")
        db.session.remove()
        db.engine.dispose()


def _restore_postgresql(app: Flask, file: Path, *, now: datetime, say: Say) -> str:
    settings: Settings = app.config["SETTINGS"]
    manifest = manifest_of(file)
    say("Keeping what is there ...")
    with app.app_context():
        filled = database_revision() is not None
        db.session.remove()
        db.engine.dispose()
    folder = usual_folder(settings)
    kept = str(make_backup(settings, folder, now=now)[0]) if filled else ""
    happened = since(app, manifest.made_at)
    forget_derived(app)
    say("Putting it in place ...")
    if postgresql.load(settings, file) != manifest.tables:
        raise BadBackup(f"What came back is not what {file} says; before it there was {kept}.")
    _bring_up(app, happened, say)
    return kept


def _clear(staged: Path) -> None:
    """Remove what an interrupted restore has left, and what belongs to it: never one alone."""
    for ending in (*sqlite.BESIDE, ""):
        staged.with_name(staged.name + ending).unlink(missing_ok=True)
