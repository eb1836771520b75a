"""An academy as its operator meets it: commands, files, databases of before."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import flask_migrate

from academy import create_app
from academy.config import Settings
from academy.db import db
from academy.environment import FILE, SETTINGS
from academy.operating import sqlite
from tests.house.sources import ROOT
from tests.making import KEY, settings_for

LIMIT = 120.0
BEFORE = "a07d7ed70fe9"
"""The migration of the release before this one, and what it left behind."""

ROWS_OF_BEFORE = Path(__file__).with_name("before_20261122_0607.sql")


def production(home: Path, **changes: str) -> dict[str, str]:
    """Give the environment of an academy that is open to everybody."""
    ours = {*SETTINGS, FILE, "PYTHONPATH"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    usual = {
        "SECRET_KEY": KEY,
        "BASE_URL": "https://academy.example",
        "PROXY_HOPS": "1",
        "ACADEMY_HOME": str(home),
    }
    return kept | usual | changes


def flask(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `flask ...` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


def counted(file: Path) -> dict[str, int]:
    """Count the rows of every table of a database."""
    with sqlite.reading(file) as connection:
        return sqlite.row_counts(connection)


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a database as any program would."""
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        connection.isolation_level = None
        yield connection


def asked(file: Path, question: str) -> list[tuple[object, ...]]:
    """Ask a database."""
    with opened(file) as connection:
        return connection.execute(question).fetchall()


def database_of_before(home: Path) -> Path:
    """Make the database of the release before this one, with rows in every table."""
    settings: Settings = settings_for(home)
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade(revision=BEFORE)
        db.engine.dispose()
    file = home / "academy.sqlite"
    with opened(file) as connection:
        connection.executescript(ROWS_OF_BEFORE.read_text(encoding="utf-8"))
    return file
