"""What can be done with accounts: make one, sign in, sign out."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete

from academy.accounts import queries, rules
from academy.accounts.models import Person, PersonSession
from academy.db import db

# argon2id with 19 MiB and two passes: the first choice of OWASP's password storage cheat sheet.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_nobody = _hasher.hash(secrets.token_urlsafe(24))


def hash_password(password: str) -> str:
    """Hash a password; about 20 ms, so never while a write transaction is open."""
    return _hasher.hash(password)


def password_fits(person: Person | None, password: str) -> bool:
    """Check a password; takes as long when there is no such person."""
    try:
        _hasher.verify(person.password_hash if person else _nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return person is not None and person.blocked_at is None


def sign_up(email: str, *, name: str, password_hash: str, language: str, now: datetime) -> Person:
    """Make an account.

    Refuses with AddressTaken when the address has one.
    """
    if queries.person_by_email(email) is not None:
        raise rules.AddressTaken
    person = Person(
        email=email.strip(),
        email_key=rules.email_key(email),
        name=name,
        password_hash=password_hash,
        language=language,
        joined_at=now,
    )
    db.session.add(person)
    db.session.flush()
    return person


def start_session(person: Person, *, agent: str, days: int, now: datetime) -> str:
    """Sign the person in on one browser for `days` days; returns the secret the browser keeps."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        PersonSession(
            token_hash=queries.token_hash(token),
            person_id=person.id,
            agent=agent[:200],
            started_at=now,
            proved_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    db.session.flush()
    return token


def end_session(token: str) -> None:
    """Sign out the browser that holds this secret. Ending twice is ending once."""
    ended = delete(PersonSession).where(PersonSession.token_hash == queries.token_hash(token))
    db.session.execute(ended)


def end_all_sessions(person: Person) -> None:
    """Sign the person out everywhere."""
    db.session.execute(delete(PersonSession).where(PersonSession.person_id == person.id))


def forget_expired_sessions(*, now: datetime) -> None:
    """Remove the sessions that are over."""
    db.session.execute(delete(PersonSession).where(PersonSession.expires_at <= now))
