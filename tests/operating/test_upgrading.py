"""`flask upgrade`: from the release before this one, with all that people left there."""

from __future__ import annotations

import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from academy.health import newest_revision
from academy.operating.backups import backups
from academy.operating.running import running
from tests.operating.operated import (
    BEFORE,
    asked,
    counted,
    database_of_before,
    flask,
    opened,
    production,
)

Rows = dict[str, list[tuple[object, ...]]]


def rows_of(file: Path, columns: dict[str, list[str]]) -> Rows:
    """Give the rows of tables, as far as these columns go."""
    with opened(file) as connection:
        return {
            table: connection.execute(
                f"SELECT {', '.join(names)} FROM {table} ORDER BY {', '.join(names)}"
            ).fetchall()
            for table, names in columns.items()
        }


def columns_of(file: Path) -> dict[str, list[str]]:
    """List the columns of every table."""
    return {
        table: [str(row[1]) for row in asked(file, f"PRAGMA table_info({table})")]
        for table in counted(file)
        if table != "alembic_version"
    }


@dataclass(frozen=True)
class Upgraded:
    """A database of before that `flask upgrade` has upgraded, and what was in it until then."""

    home: Path
    columns: dict[str, list[str]]
    rows: Rows
    counts: dict[str, int]
    told: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    """Upgrade once; tests look at it and change nothing."""
    home = tmp_path_factory.mktemp("upgraded") / "home"
    file = database_of_before(home)
    columns, counts = columns_of(file), counted(file)
    rows = rows_of(file, columns)
    return Upgraded(home, columns, rows, counts, flask(production(home), "upgrade"))


def test_every_row_of_before_is_still_there_and_the_new_tables_too(upgraded: Upgraded) -> None:
    file, before = upgraded.home / "academy.sqlite", upgraded.rows
    assert [table for table, rows in before.items() if not rows] == []
    assert (upgraded.told.returncode, upgraded.told.stderr) == (0, "")
    assert upgraded.told.stdout.splitlines()[-1] == "The academy can be started."
    assert asked(file, "SELECT version_num FROM alembic_version") == [(newest_revision(),)]
    assert asked(file, "PRAGMA integrity_check") == [("ok",)]
    assert asked(file, "PRAGMA foreign_key_check") == []
    after = rows_of(file, upgraded.columns)
    kept = {table: rows for table, rows in after.items() if table not in {"terms", "stale_offers"}}
    # What records meant is told anew at the next harvest: their prints were made otherwise.
    place = list(upgraded.columns["source_records"]).index("fingerprint")
    known = [(*row[:place], "", *row[place + 1 :]) for row in before["source_records"]]
    assert kept == {table: before[table] for table in kept} | {"source_records": known}
    # The vocabularies have grown meanwhile, and the index has looked at what was stale.
    assert {row[:3] for row in before["terms"]} <= {row[:3] for row in after["terms"]}
    assert (len(before["stale_offers"]), after["stale_offers"]) == (7, [])
    assert {"heartbeats", "notices", "audit"} - set(counted(file)) == set()


def test_the_backup_it_makes_is_the_database_of_before(upgraded: Upgraded) -> None:
    [backup] = backups(upgraded.home / "backups")
    assert counted(backup.file) == upgraded.counts
    assert asked(backup.file, "SELECT version_num FROM alembic_version") == [(BEFORE,)]


def test_what_was_upgraded_answers(upgraded: Upgraded) -> None:
    health = flask(production(upgraded.home), "health")
    lines = {line.split()[0]: line.split()[1] for line in health.stdout.splitlines()}
    assert lines == {
        "database": "well",
        "worker": "NOT",
        "mails": "well",
        "disk": "well",
        "backups": "look",
        "index": "well",
        "meaning": "well",
    }
    assert health.returncode == 1


def test_an_empty_folder_becomes_an_academy(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert flask(production(home), "upgrade").returncode == 0
    assert asked(home / "academy.sqlite", "SELECT count(*) FROM institutions") == [(0,)]
    assert backups(home / "backups") == []
    again = flask(production(home), "upgrade")
    assert (again.returncode, len(backups(home / "backups"))) == (0, 1)


def test_while_the_academy_runs_nothing_is_upgraded(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = database_of_before(home)
    with running(home):
        refused = flask(production(home), "upgrade")
    assert refused.returncode == 1
    assert refused.stderr == (
        "Error: The academy is running: stop it first, as with systemctl stop academy.\n"
    )
    assert asked(file, "SELECT version_num FROM alembic_version") == [(BEFORE,)]


def test_an_upgrade_that_fails_changes_nothing_and_says_how_to_go_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = database_of_before(home)
    with opened(file) as connection:
        connection.execute("CREATE TABLE heartbeats (name TEXT)")
    before = counted(file)

    failed = flask(production(home), "upgrade")

    assert failed.returncode == 1
    told = failed.stderr.splitlines()
    assert told[0].startswith("Error: The upgrade failed: OperationalError: ")
    assert told[1] == (
        f"Nothing was changed: the database is at {BEFORE}, as before."
        " Start the version from which you came, or mend the cause and run it again."
    )
    assert counted(file) == before
    with opened(file) as connection:
        connection.execute("DROP TABLE heartbeats")
    mended = flask(production(home), "upgrade")
    assert (mended.returncode, mended.stderr) == (0, "")


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = database_of_before(home)
    with opened(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'feedfacecafe'")
    refused = flask(production(home), "upgrade")
    assert refused.returncode == 1
    assert refused.stderr == (
        "Error: The database is at feedfacecafe, which this version of the academy does not know:"
        " it was made by a newer one.\n"
    )


def test_a_database_that_is_none_is_told_in_one_sentence(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "academy.sqlite").write_bytes(b"no database at all" * 1000)
    refused = flask(production(home), "upgrade")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert refused.stderr.startswith("Error: The database does not answer (")
    assert sqlite3.sqlite_version_info >= (3, 35)
