"""What a page asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from academy.db import db
from tests.visiting import Visitor


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements the database is asked inside."""
    asked: list[str] = []

    def note(_c: object, _k: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def asked_for(visitor: Visitor, path: str) -> list[str]:
    """Give the first words of every question that a page asks the database."""
    with statements() as asked:
        visitor.page(path)
    return [" ".join(statement.split()[:4]) for statement in asked]
