"""What can be asked about privacy: what is kept of a person, and what they agreed to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum
from functools import reduce
from typing import Any

from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db
from academy.privacy.models import Acceptance, Policy
from academy.privacy.registry import BY_ADDRESS, Kept
from academy.privacy.rules import VERSIONS

Rows = list[dict[str, Any]]


def agreements_of(person: Person) -> Sequence[Acceptance]:
    """List what the person has agreed to, earliest first."""
    mine = select(Acceptance).where(Acceptance.person_id == person.id)
    return db.session.scalars(mine.order_by(Acceptance.id)).all()


def policies_due(person: Person) -> list[Policy]:
    """List the papers of which the person has not agreed to the version in force."""
    known = {(one.policy, one.version) for one in agreements_of(person)}
    return [policy for policy, version in VERSIONS.items() if (policy, version) not in known]


def rows_about(person: Person, kept: Iterable[Kept]) -> dict[str, Rows]:
    """Gather what is kept of a person, table by table, as plain values; empty ones too.

    A table that names the person in two ways stands twice, as "reviews" and
    "reviews-decided_by".
    """
    found: dict[str, Rows] = {}
    for one in kept:
        if not one.exported:
            continue
        usual = one.subject in {"id", "person_id", BY_ADDRESS}
        name = one.name if usual else f"{one.name}-{one.subject.removesuffix('_id')}"
        mine = select(one.model).where(one.about(person))
        ordered = mine.options(*one.load).order_by(one.model.id)
        rows = db.session.scalars(ordered).unique()
        found[name] = [{path: _value(row, path) for path in one.exported} for row in rows]
    return found


def _value(row: Any, path: str) -> Any:
    return _plain(reduce(getattr, path.split("."), row))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
