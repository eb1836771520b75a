"""What a database holds, told so that two of them can be compared."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection, inspect, text

Schema = dict[str, dict[str, Any]]

BOOKKEEPING = "alembic_version"


def schema(connection: Connection) -> Schema:
    """Tell every table: columns, keys, constraints and indexes, whatever their order."""
    seen = inspect(connection)
    names = sorted(set(seen.get_table_names()) - {BOOKKEEPING})
    return {name: _table(connection, name) for name in names}


def _table(connection: Connection, name: str) -> dict[str, Any]:
    seen = inspect(connection)
    return {
        "columns": {
            column["name"]: (str(column["type"]), column["nullable"], column.get("default"))
            for column in seen.get_columns(name)
        },
        "primary key": seen.get_pk_constraint(name),
        "foreign keys": _by_name(seen.get_foreign_keys(name)),
        "unique": _by_name(seen.get_unique_constraints(name)),
        "checks": _by_name(seen.get_check_constraints(name)),
        "indexes": _by_name(seen.get_indexes(name)),
        "counts up": _counts_up(connection, name),
    }


def _by_name(found: list[Any]) -> dict[str, str]:
    return {
        str(one["name"]): re.sub(r"\s+", " ", repr(sorted(one.items(), key=lambda item: item[0])))
        for one in found
    }


def _counts_up(connection: Connection, name: str) -> bool:
    """Whether keys are never given twice, which SQLite does only when asked."""
    if connection.dialect.name != "sqlite":
        return True
    made = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return "AUTOINCREMENT" in str(connection.scalar(made, {"name": name}))


def constraint_names(connection: Connection) -> list[tuple[str, str]]:
    """List every constraint by its table and its name; one that has none is called None."""
    return [
        (table, name)
        for table, told in schema(connection).items()
        for name in (
            str(told["primary key"]["name"]),
            *told["foreign keys"],
            *told["unique"],
            *told["checks"],
        )
    ]
