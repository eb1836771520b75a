"""How migrations run: on the application's own database, foreign keys off and checked after."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection

database = current_app.extensions["migrate"].db


class BrokenReferences(Exception):
    """A migration left rows that refer to rows which are not there."""


def run() -> None:
    """Run the migrations in one transaction each way.

    With foreign keys on, SQLite's batch mode (copy, drop, rename) would delete child rows without
    a word: hence they are off, and checked before the transaction is kept.
    """
    with database.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
                if sqlite:
                    _check_references(connection)
        finally:
            if sqlite:
                _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    """Switch the checks on the driver's connection: inside a transaction it would do nothing."""
    connection.rollback()
    connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={state}")


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise BrokenReferences(f"rows without what they refer to, in: {tables}")


run()
