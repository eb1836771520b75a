"""Copying and replacing the database where it is PostgreSQL, with the tools that come with it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from academy.config import Settings
from academy.operating.manifest import BadBackup, Manifest, sha256_of

LONGEST_REASON = 300


def dump(settings: Settings, target: Path, name: str, now: datetime) -> Manifest:
    """Write the database as it is at one instant; the manifest counts the rows of that instant.

    Raises BadBackup when pg_dump is missing or fails.
    """
    url = make_url(settings.database)
    engine = create_engine(url, isolation_level="REPEATABLE READ", hide_parameters=True)
    target.touch(mode=0o600)
    try:
        with engine.connect() as connection:
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            tables, revision = _row_counts(connection), _revision(connection)
            options = ("--format=custom", "--no-owner", f"--snapshot={snapshot}")
            _run("pg_dump", url, *options, f"--file={target}")
    except SQLAlchemyError as error:
        raise BadBackup("The database does not answer.") from error
    finally:
        engine.dispose()
    check_listed(target, tables)
    size, digest = target.stat().st_size, sha256_of(target)
    return Manifest(name, "postgresql", now, revision, size, digest, tables)


def check_listed(file: Path, tables: dict[str, int]) -> None:
    """Raise BadBackup unless pg_restore finds the data of every table in the file."""
    listed = _run("pg_restore", None, "--list", str(file))
    found = set(re.findall(r"TABLE DATA \S+ (\S+)", listed))
    if not set(tables) <= found:
        raise BadBackup(f"{file} does not hold every table.")


def load(settings: Settings, file: Path) -> dict[str, int]:
    """Replace the database by what the file holds, in one transaction; gives the rows counted.

    Raises BadBackup when pg_restore is missing or fails; then the database is as it was.
    """
    url = make_url(settings.database)
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
    _run("pg_restore", url, *options, str(file))
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            return _row_counts(connection)
    finally:
        engine.dispose()


def _row_counts(connection: Connection) -> dict[str, int]:
    names = sorted(inspect(connection).get_table_names())
    # The names are those of our own tables, as the database itself lists them.
    asked = {name: text(f'SELECT count(*) FROM "{name}"') for name in names}  # noqa: S608
    return {name: connection.scalar(statement) or 0 for name, statement in asked.items()}


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


def _run(tool: str, url: URL | None, *arguments: str) -> str:
    """Run one of PostgreSQL's tools; the password travels where no list of processes shows it."""
    program = shutil.which(tool)
    if program is None:
        raise BadBackup(f"{tool} is missing: apt-get install postgresql-client.")
    environment = os.environ | (_connection(url) if url else {})
    database = [f"--dbname={url.database}"] if url else []
    ran = subprocess.run(  # noqa: S603
        [program, *database, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        reason = " ".join(ran.stderr.split())[:LONGEST_REASON]
        raise BadBackup(f"{tool} failed: {reason}")
    return ran.stdout


def _connection(url: URL) -> dict[str, str]:
    told = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": str(url.port) if url.port else url.query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGSSLMODE": url.query.get("sslmode"),
    }
    return {name: str(value) for name, value in told.items() if value}
