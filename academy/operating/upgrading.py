"""Upgrading: a backup, then the database brought to this version, then what is made from it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from academy.config import BadSettings, Settings
from academy.db import db
from academy.health import database_revision, newest_revision
from academy.logs import redacted
from academy.operating.backups import make_backup, usual_folder
from academy.operating.manifest import BadBackup
from academy.operating.restoring import check_known, forget_derived, stopped
from academy.preparing import Say, prepare


class NotUpgraded(Exception):
    """An upgrade that failed: what happened, and how to go back."""


def upgrade(app: Flask, *, now: datetime, say: Say) -> None:
    """Bring the database to this version, after a backup. Doing it twice changes nothing more.

    Raises Runs while the academy runs, BadBackup when no backup can be made or the database is of
    a newer version, and NotUpgraded when something fails afterwards.
    """
    settings: Settings = app.config["SETTINGS"]
    with stopped(app, now=now):
        before = revision_now(app)
        saved = None
        if before is not None:
            check_known(before)
            say("Making a backup ...")
            saved, _ = make_backup(settings, usual_folder(settings), now=now)
            say(f"  {saved}")
        try:
            forget_derived(app)
            prepare(app, say)
        except Exception as error:
            raise NotUpgraded(_way_back(app, error, before, saved)) from error


def revision_now(app: Flask) -> str | None:
    """Name the migration the database is at; None when it is empty.

    Raises BadBackup when it does not answer.
    """
    with app.app_context():
        try:
            return database_revision()
        except SQLAlchemyError as error:
            why = redacted(_first_line(getattr(error, "orig", error)))
            raise BadBackup(f"The database does not answer ({why}): see DATABASE_URL.") from error
        finally:
            db.session.remove()
            db.engine.dispose()


def check_schema(app: Flask, *, empty_is_well: bool = False) -> None:
    """Raise BadSettings unless the database answers and, outside development, is of this version.

    In development it is brought up to date at every start.
    """
    settings: Settings = app.config["SETTINGS"]
    try:
        revision = revision_now(app)
    except BadBackup as silent:
        raise BadSettings(str(silent)) from silent
    if settings.development or revision == newest_revision() or (empty_is_well and not revision):
        return
    how = "flask upgrade brings it to this one" if revision else "flask upgrade makes its tables"
    state = "of another version" if revision else "empty"
    raise BadSettings(f"The database is {state}: {how}.")


def _way_back(app: Flask, error: Exception, before: str | None, saved: Path | None) -> str:
    reason = f"The upgrade failed: {type(error).__name__}: {_first_line(error)}"
    if saved is None:
        return reason
    if revision_now(app) == before != newest_revision():
        return (
            f"{reason}\nNothing was changed: the database is at {before}, as before."
            " Start the version from which you came, or mend the cause and run it again."
        )
    return (
        f"{reason}\nThe database is at {revision_now(app)}. Mend the cause and run it again, or go"
        f" back: check out the version from which you came, then flask backup restore {saved}"
    )


def _first_line(error: object) -> str:
    return str(error).partition("\n")[0]
