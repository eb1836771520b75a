"""The database: base class, column types, the unit of work, and what SQLite needs."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from flask import Flask, has_app_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, Enum, MetaData, String, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from academy.config import CHECKOUT, Settings

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
WRITE = {"write": True}
ONE_WRITES = 8_114_204
"""The number by which PostgreSQL knows the lock of who writes; any would do."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive values, stores UTC, returns aware UTC (SQLite drops offsets)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC. Raises ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone; this datetime is naive")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every stored value its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_reference() -> str:
    """Make an opaque identifier for addresses: 96 random bits, 16 characters."""
    return secrets.token_urlsafe(12)


Key = Annotated[int, mapped_column(primary_key=True)]
Reference = Annotated[str, mapped_column(String(22), unique=True, default=new_reference)]
Slug = Annotated[str, mapped_column(String(120), unique=True)]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]


class Base(DeclarativeBase):
    """What every table shares: named constraints and the types of instants."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: UtcDateTime}
    )


db = SQLAlchemy(model_class=Base)


class _Migrations:
    """What Flask-Migrate knows of an application, made once somebody migrates.

    It weighs eleven megabytes, and no process that answers needs it.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate  # noqa: PLC0415

        Migrate(self._app, db, directory=str(CHECKOUT / "migrations"), render_as_batch=True)
        return getattr(self._app.extensions["migrate"], name)


def stored(kind: type[StrEnum]) -> Enum:
    """Store an enumeration by its values, as text that any database can check."""
    return Enum(
        kind,
        native_enum=False,
        length=24,
        name=kind.__name__.lower(),
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
    )


def utcnow() -> datetime:
    """Tell the present instant, aware, in UTC."""
    return datetime.now(UTC)


def connect_database(app: Flask, settings: Settings) -> None:
    """Bind the database and its migrations to the application."""
    # What people entrusted to us is for the owner of the process alone.
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database
    # Errors are logged; what people wrote must not be logged with them.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True}
    db.init_app(app)
    app.extensions["migrate"] = _Migrations(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _tune_sqlite(db.engine, settings.sqlite_synchronous)
        else:
            _let_one_write(db.engine)


def _tune_sqlite(engine: Engine, synchronous: str) -> None:
    """Take transactions over from pysqlite; readers and one writer then never block each other."""
    pragmas = (
        "journal_mode=WAL",
        f"synchronous={synchronous}",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "cache_size=-20000",
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _let_one_write(engine: Engine) -> None:
    """Let units of work wait for each other where the database would let them overtake.

    What SQLite does by itself holds on PostgreSQL, too: what one has read to decide on, such as
    a title that people edited or a name nobody has, is still so when it writes.
    """

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("write"):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_WRITES})")


def at_work() -> bool:
    """Whether a unit of work is open here: others wait for it, so that it waits for nobody."""
    return has_app_context() and "at_work" in db.session.info


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Do everything inside as one transaction: all of it is kept, or nothing.

    Ends any read first, then takes the write transaction before its first query, so that what
    is read inside cannot be overtaken. Nothing loaded before the block may be used inside it.
    Raises RuntimeError inside another unit, whose work so far would be undone without a word.
    """
    if db.session.info.get("at_work"):
        raise RuntimeError("a unit of work is open already: they do not nest")
    db.session.rollback()
    db.session.connection(execution_options=WRITE)
    db.session.info["at_work"] = True
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        db.session.info.pop("at_work", None)
