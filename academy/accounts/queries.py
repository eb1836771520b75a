"""What can be asked about accounts."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from academy.accounts.models import Person, PersonSession
from academy.accounts.rules import email_key
from academy.db import db


def token_hash(token: str) -> str:
    """Give the form in which a random token is kept (SHA-256; it has entropy of its own)."""
    return hashlib.sha256(token.encode()).hexdigest()


def person_by_email(address: str) -> Person | None:
    """Find the person with this address, whatever its case."""
    return db.session.scalar(select(Person).where(Person.email_key == email_key(address)))


def person_of_session(token: str, *, now: datetime) -> Person | None:
    """Find whose session the token opens: None when it is unknown, over, or the person blocked."""
    session = db.session.scalar(
        select(PersonSession)
        .options(joinedload(PersonSession.person))
        .where(PersonSession.token_hash == token_hash(token), PersonSession.expires_at > now)
    )
    if session is None or session.person.blocked_at is not None or session.person.erased_at:
        return None
    return session.person


def open_sessions(person: Person, *, now: datetime) -> list[PersonSession]:
    """List where the person is signed in, latest first."""
    return list(
        db.session.scalars(
            select(PersonSession)
            .where(PersonSession.person_id == person.id, PersonSession.expires_at > now)
            .order_by(PersonSession.started_at.desc(), PersonSession.id.desc())
        )
    )
