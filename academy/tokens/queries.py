"""What can be asked about tokens."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from academy.accounts.models import Person
from academy.accounts.queries import token_hash
from academy.accounts.rules import may_come_in
from academy.db import db
from academy.tokens import rules
from academy.tokens.models import ApiToken, Purpose, Token


def open_token(secret: str, purpose: Purpose, *, now: datetime) -> Token:
    """Find the token that could be used now, with its person. Looking at it uses nothing up.

    Raises TokenUnknown, TokenUsed or TokenExpired.
    """
    token = db.session.scalar(
        select(Token)
        .options(joinedload(Token.person))
        .where(Token.token_hash == token_hash(secret), Token.purpose == purpose)
    )
    if token is None or token.person.blocked_at is not None or token.person.erased_at is not None:
        raise rules.TokenUnknown
    if token.used_at is not None:
        raise rules.TokenUsed
    if token.expires_at <= now:
        raise rules.TokenExpired
    return token


def codes_are_good(person: Person, *, now: datetime) -> bool:
    """Tell whether codes still open the account: not after too many wrong ones in a day.

    Who comes in by mail has used up or made void what wrong codes were counted on, and begins
    anew; who guesses cannot.
    """
    counted = select(func.coalesce(func.sum(Token.tries), 0)).where(
        Token.person_id == person.id,
        Token.used_at.is_(None),
        Token.expires_at > now - timedelta(days=1),
    )
    return db.session.scalars(counted).one() < rules.MOST_TRIES_A_DAY


def api_token_of(secret: str, *, now: datetime) -> ApiToken | None:
    """Find the API token with this secret, with its person; None when it opens nothing now."""
    token = db.session.scalar(
        select(ApiToken)
        .options(joinedload(ApiToken.person))
        .where(ApiToken.token_hash == token_hash(secret))
    )
    if token is None or token.revoked_at is not None or token.expires_at <= now:
        return None
    return token if may_come_in(token.person) else None


def api_tokens_of(person: Person) -> list[ApiToken]:
    """List the person's API tokens that were not revoked, newest first."""
    return list(
        db.session.scalars(
            select(ApiToken)
            .where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
            .order_by(ApiToken.made_at.desc(), ApiToken.id.desc())
        )
    )
