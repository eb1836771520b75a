"""Forms that make something are taken once: each carries a mark, which is used up with it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from academy.accounts.models import Person
from academy.accounts.queries import token_hash
from academy.db import db
from academy.tokens.models import IdempotencyKey

FIELD = "once"
"""The name of the field; the macro `once_field` in macros/ticks.html writes it."""

FORM = "form"


def once() -> str:
    """Make the mark of a form that is shown now."""
    return secrets.token_urlsafe(16)


def is_first(person: Person, sent: Mapping[str, str], *, now: datetime) -> bool:
    """Use up the mark of a form, and tell whether this is the first time that it comes.

    In the unit of work of what the form does: what is refused uses nothing up. A form without a
    mark is always taken. For what the database itself makes unique, none is needed.
    """
    mark = sent.get(FIELD, "")
    if not mark:
        return True
    key = token_hash(f"{FORM} {mark}")
    known = select(IdempotencyKey.id).where(
        IdempotencyKey.person_id == person.id, IdempotencyKey.key_hash == key
    )
    if db.session.scalar(known) is not None:
        return False
    db.session.add(IdempotencyKey(person_id=person.id, key_hash=key, request_hash="", made_at=now))
    db.session.flush()
    return True
