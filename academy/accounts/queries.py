"""What can be asked about accounts."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from academy.accounts.models import Person, PersonSession
from academy.accounts.rules import email_key, may_come_in
from academy.db import db
from academy.notices.models import Notice


def token_hash(token: str) -> str:
    """Give the form in which a random token is kept (SHA-256; it has entropy of its own)."""
    return hashlib.sha256(token.encode()).hexdigest()


def person_by_email(address: str) -> Person | None:
    """Find the person with this address, whatever its case."""
    return db.session.scalar(select(Person).where(Person.email_key == email_key(address)))


def session_of(token: str, *, now: datetime) -> PersonSession | None:
    """Find the session that the token opens, with its person.

    None when it is unknown or over, or when the person may not come in.
    """
    session = db.session.scalar(
        select(PersonSession)
        .options(joinedload(PersonSession.person))
        .where(PersonSession.token_hash == token_hash(token), PersonSession.expires_at > now)
    )
    return session if session is not None and may_come_in(session.person) else None


def person_of_session(token: str, *, now: datetime) -> Person | None:
    """Find whose session the token opens: None when it opens nothing."""
    session = session_of(token, now=now)
    return session.person if session else None


def open_sessions(person: Person, *, now: datetime) -> list[PersonSession]:
    """List where the person is signed in, latest first."""
    return list(
        db.session.scalars(
            select(PersonSession)
            .where(PersonSession.person_id == person.id, PersonSession.expires_at > now)
            .order_by(PersonSession.started_at.desc(), PersonSession.id.desc())
        )
    )


def mailed_at(person: Person | None, kind: str, *, since: datetime) -> list[datetime]:
    """List when notices of a kind were made for the person, or for nobody."""
    made = select(Notice.made_at).where(
        Notice.kind == kind,
        Notice.person_id == (person.id if person else None),
        Notice.made_at > since,
    )
    return list(db.session.scalars(made))
