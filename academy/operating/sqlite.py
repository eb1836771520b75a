"""Copying, checking and replacing the database where it is SQLite."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from academy.operating.manifest import BadBackup, Manifest

BESIDE = ("-journal", "-wal", "-shm")
"""What SQLite keeps beside a database in use; left over, it would be taken for part of the next."""

PATIENCE = 30.0


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a database to read it, in one transaction. Raises BadBackup when it is none."""
    address = f"file:{quote(str(file))}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE)) as connection:
            connection.isolation_level = None
            connection.execute("BEGIN")
            yield connection
    except sqlite3.DatabaseError as error:
        raise BadBackup(f"{file} cannot be read as a database ({error}).") from error


def row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the rows of every table."""
    listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    names = sorted(name for (name,) in listed if not name.startswith("sqlite_"))
    # The names are those of our own tables, as the database itself lists them.
    counting = {name: f'SELECT count(*) FROM "{name}"' for name in names}  # noqa: S608
    return {name: connection.execute(asked).fetchone()[0] for name, asked in counting.items()}


def revision_of(connection: sqlite3.Connection) -> str:
    """Name the migration a database is at; "" when it has seen none."""
    if not connection.execute(
        "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    ).fetchone():
        return ""
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else ""


def check_whole(file: Path) -> None:
    """Raise BadBackup unless the database is undamaged and every reference leads somewhere."""
    with reading(file) as connection:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise BadBackup(f"{file} is damaged: SQLite says so.")
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise BadBackup(f"{file} has rows that refer to rows which are not there.")


def check_same(file: Path, manifest: Manifest) -> None:
    """Raise BadBackup unless the database is whole and holds what the manifest says."""
    check_whole(file)
    with reading(file) as connection:
        if (row_counts(connection), revision_of(connection)) != (
            manifest.tables,
            manifest.revision,
        ):
            raise BadBackup(f"{file} does not hold what its manifest says.")


def copy_into(database: Path, target: Path) -> None:
    """Write the database as it is at one instant into a new file, while others go on writing.

    Raises BadBackup when there is no room, or when the database changed nothing meanwhile and the
    copy still differs from it.
    """
    check_room(database.stat().st_size, target.parent)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(database, timeout=PATIENCE)) as connection:
            connection.isolation_level = None
            before = _state(connection)
            connection.execute("VACUUM INTO ?", (str(target),))
            after = _state(connection)
    except sqlite3.Error as error:
        raise BadBackup(f"The database could not be copied ({error}).") from error
    sync(target)
    check_whole(target)
    if before == after:
        with reading(target) as copy:
            if row_counts(copy) != before[1]:
                raise BadBackup("The copy does not hold what the database holds.")


def _state(connection: sqlite3.Connection) -> tuple[int, dict[str, int]]:
    """Tell which version of the data this is, as others have written it, and count its rows."""
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version, row_counts(connection)


def check_room(needed: int, folder: Path) -> None:
    """Raise BadBackup unless the folder has room for so many bytes, and some more."""
    free = shutil.disk_usage(folder).free
    if free < needed * 1.1 + (20 << 20):
        raise BadBackup(
            f"There is not enough room in {folder}: {needed >> 20} MB are needed and"
            f" {free >> 20} MB are free."
        )


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle(file: Path) -> None:
    """Bring everything that is written into the one file, as far as the database can be read.

    Raises BadBackup while somebody else has it open.
    """
    try:
        with closing(sqlite3.connect(file, timeout=PATIENCE)) as connection:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.DatabaseError:
        # Damaged: whatever stands beside it is kept with it.
        return
    if busy:
        raise BadBackup("Another program has the database open: end it first.")


def swap(staged: Path, database: Path, kept: Path) -> None:
    """Put the staged database in place; what was there is kept whole under another name.

    At every instant either the old or the new database stands there.
    """
    if database.exists():
        settle(database)
        os.link(database, kept)
        for ending in BESIDE:
            left = database.with_name(database.name + ending)
            if left.exists():
                os.replace(left, kept.with_name(kept.name + ending))
        sync(database.parent)
    os.replace(staged, database)
    sync(database.parent)
