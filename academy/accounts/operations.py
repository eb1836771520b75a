"""What can be done with accounts: make one, its password, sign in, sign out."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, update

from academy import audit
from academy.accounts import queries, rules
from academy.accounts.models import Person, PersonSession, Steward
from academy.db import db
from academy.notices.operations import notify
from academy.tokens.models import Purpose
from academy.tokens.operations import forget_tokens, revoke_all_api_tokens, use_token
from academy.tokens.rules import OPENS_AN_ACCOUNT

# argon2id with 19 MiB and two passes: the first choice of OWASP's password storage cheat sheet.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_nobody = _hasher.hash(secrets.token_urlsafe(24))

PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the name of a mail


def hash_password(password: str) -> str:
    """Hash a password; about 20 ms, so never while a write transaction is open."""
    return _hasher.hash(password)


def password_fits(person: Person | None, password: str) -> bool:
    """Check a password; takes as long when there is no such person, or no password.

    An account whose address is not confirmed yet has a password that fits too.
    """
    kept = person.password_hash if person else ""
    try:
        _hasher.verify(kept or _nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept) and person is not None and not rules.is_shut(person)


def sign_up(email: str, *, name: str, password_hash: str, language: str, now: datetime) -> Person:
    """Make an account whose address is known to be right: by a mail, or by who runs the academy.

    One that was asked for and never confirmed becomes this one. Refuses with AddressTaken when
    the address has an account.
    """
    person = queries.person_by_email(email)
    if person is not None and person.confirmed_at is not None:
        raise rules.AddressTaken
    person = person or Person(joined_at=now)
    person.email, person.email_key = email.strip(), rules.email_key(email)
    person.name, person.language, person.password_hash = name, language, password_hash
    person.confirmed_at = now
    db.session.add(person)
    db.session.flush()
    return person


def reset_password(secret: str, password_hash: str, *, now: datetime) -> Person:
    """Give the person of the mailed link a new password, and shut every door that was open.

    Raises TokenUnknown, TokenUsed or TokenExpired.
    """
    person = use_token(secret, Purpose.RESET, now=now).person
    person.password_hash = password_hash
    shut_every_door(person, now=now)
    _tell_of_password(person, "reset", now)
    return person


def set_password(person: Person, password_hash: str, *, keep: str, now: datetime) -> None:
    """Change the password, or remove it with ""; all sessions end but the one with secret `keep`.

    Links for other passwords, mailed before, are worth nothing from now on.
    """
    person.password_hash = password_hash
    end_sessions(person, but=keep)
    forget_tokens(person, Purpose.RESET, now=now)
    _tell_of_password(person, "changed" if password_hash else "removed", now)


def shut_every_door(person: Person, *, now: datetime) -> None:
    """End all that lets somebody in as this person: sessions, API tokens, links in mails.

    For who resets a password, is blocked, or is erased.
    """
    end_sessions(person)
    revoke_all_api_tokens(person, now=now)
    forget_tokens(person, *OPENS_AN_ACCOUNT, now=now)


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
            seen_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    db.session.flush()
    return token


def prove(token: str, *, now: datetime) -> str:
    """Write down that who holds the session has just shown who they are; returns a new secret."""
    renewed = secrets.token_urlsafe(32)
    here = update(PersonSession).where(PersonSession.token_hash == queries.token_hash(token))
    db.session.execute(here.values(token_hash=queries.token_hash(renewed), proved_at=now))
    return renewed


def end_session(token: str) -> None:
    """Sign out the browser that holds this secret. Ending twice is ending once."""
    ended = delete(PersonSession).where(PersonSession.token_hash == queries.token_hash(token))
    db.session.execute(ended)


def end_one_session(person: Person, reference: str) -> None:
    """Sign out one of the person's own browsers. Ending twice is ending once."""
    mine = (PersonSession.person_id == person.id, PersonSession.reference == reference)
    db.session.execute(delete(PersonSession).where(*mine))


def end_sessions(person: Person, *, but: str = "") -> None:
    """Sign the person out everywhere, but not in the browser that holds this secret."""
    theirs = PersonSession.person_id == person.id
    other = PersonSession.token_hash != queries.token_hash(but)
    db.session.execute(delete(PersonSession).where(theirs, other))


def forget_expired_sessions(*, now: datetime) -> None:
    """Remove the sessions that are over."""
    db.session.execute(delete(PersonSession).where(PersonSession.expires_at <= now))


def _tell_of_password(person: Person, how: str, now: datetime) -> None:
    audit.note(f"password-{how}", f"person:{person.reference}", by=person, now=now)
    notify(PASSWORD_CHANGED, person, about=secrets.token_hex(12), now=now, how=how)


def revise(person: Person, **told: Any) -> None:
    """Write what the person tells of themselves: name, city, role, languages, zone and so on.

    The section of a steward of a section is an office, and stays.
    """
    if person.steward is Steward.SECTION:
        told.pop("section", None)
    for name, value in told.items():
        setattr(person, name, value)
    db.session.flush()
