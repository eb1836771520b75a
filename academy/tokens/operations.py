"""What can be done with tokens: make one, use it once, revoke."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from academy import audit
from academy.accounts.models import Person
from academy.accounts.queries import token_hash
from academy.db import db
from academy.notices.operations import notify
from academy.tokens import queries, rules
from academy.tokens.models import ApiToken, IdempotencyKey, Purpose, Token

API_TOKEN_MADE = "api-token-made"  # noqa: S105 - the name of a mail
API_PREFIX = "ua_"
"""Scanners that look for leaked secrets know ours by it."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What is mailed: the token of the link, and the six digits to type instead."""

    token: str
    code: str


def make_token(person: Person, purpose: Purpose, *, now: datetime, subject: str = "") -> Secret:
    """Make a one-use token for the person; call it where the mail is made, and keep it nowhere."""
    secret = Secret(secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06}")
    db.session.add(
        Token(
            purpose=purpose,
            token_hash=token_hash(secret.token),
            code_hash=token_hash(secret.code),
            person_id=person.id,
            subject=subject,
            made_at=now,
            expires_at=now + rules.LASTS[purpose],
        )
    )
    db.session.flush()
    return secret


def use_token(secret: str, purpose: Purpose, *, now: datetime) -> Token:
    """Use a token up, by one conditional UPDATE: of many who try at once, one succeeds.

    Raises TokenUnknown, TokenUsed or TokenExpired.
    """
    token = queries.open_token(secret, purpose, now=now)
    return _use(token, now)


def use_code(person: Person, purpose: Purpose, code: str, *, now: datetime) -> Token | None:
    """Use the person's open token whose code this is; None counts as a wrong try.

    The caller commits in both cases and then refuses with WrongCode: a refusal inside the unit of
    work would take the counted try back.
    """
    typed = token_hash("".join(code.split()))
    good = (
        Token.person_id == person.id,
        Token.purpose == purpose,
        Token.used_at.is_(None),
        Token.expires_at > now,
        Token.tries < rules.MOST_TRIES,
    )
    found = select(Token).options(joinedload(Token.person)).where(*good)
    token = db.session.scalar(found.where(Token.code_hash == typed))
    if token is not None:
        return _use(token, now)
    db.session.execute(update(Token).where(*good).values(tries=Token.tries + 1))
    return None


def forget_tokens(person: Person, *purposes: Purpose, now: datetime) -> None:
    """Make the person's open tokens for these purposes worth nothing, as if they had been used."""
    theirs = (Token.person_id == person.id, Token.purpose.in_(purposes), Token.used_at.is_(None))
    db.session.execute(update(Token).where(*theirs).values(used_at=now))


def forget_expired_tokens(*, now: datetime) -> None:
    """Remove tokens a month after they expired; until then a late click gets a true answer."""
    db.session.execute(delete(Token).where(Token.expires_at <= now - timedelta(days=30)))


def forget_old_keys(*, now: datetime) -> None:
    """Remove what is kept so that requests and forms sent twice are answered once."""
    old = IdempotencyKey.made_at <= now - rules.KEYS_LAST
    db.session.execute(delete(IdempotencyKey).where(old))


def make_api_token(
    person: Person, name: str, *, scopes: Sequence[str], lasts: timedelta, now: datetime
) -> str:
    """Make an API token, and tell its person by mail; returns the secret, to be shown once."""
    secret = API_PREFIX + secrets.token_urlsafe(32)
    db.session.add(
        ApiToken(
            person_id=person.id,
            name=name,
            token_hash=token_hash(secret),
            ending=secret[-4:],
            scopes=[scope for scope in rules.SCOPES if scope in scopes],
            made_at=now,
            expires_at=now + lasts,
        )
    )
    db.session.flush()
    audit.note("api-token-made", f"person:{person.reference}", by=person, now=now)
    notify(API_TOKEN_MADE, person, about=token_hash(secret), now=now, name=name)
    return secret


def revoke_api_token(person: Person, reference: str, *, now: datetime) -> None:
    """Revoke one of the person's own API tokens. Revoking twice is revoking once."""
    mine = (ApiToken.person_id == person.id, ApiToken.reference == reference)
    revoked = update(ApiToken).where(*mine, ApiToken.revoked_at.is_(None)).values(revoked_at=now)
    db.session.execute(revoked)


def revoke_all_api_tokens(person: Person, *, now: datetime) -> None:
    """Revoke all of the person's API tokens."""
    open_ones = (ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
    db.session.execute(update(ApiToken).where(*open_ones).values(revoked_at=now))


def _use(token: Token, now: datetime) -> Token:
    used = update(Token).where(Token.id == token.id, Token.used_at.is_(None)).values(used_at=now)
    if db.session.execute(used).rowcount != 1:  # type: ignore[attr-defined]
        raise rules.TokenUsed
    return token
