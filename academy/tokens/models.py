"""What a token is: a secret somebody holds, of which only the hash is kept."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models import Person
from academy.db import Base, Instant, Key, Reference, stored


class Purpose(StrEnum):
    """What a one-use token opens; it opens nothing else."""

    CONFIRM = "confirm"
    SIGN_IN = "sign-in"
    RESET = "reset"
    OLD_ADDRESS = "old-address"
    NEW_ADDRESS = "new-address"
    WITHDRAW = "withdraw"
    REVIEW = "review"
    EXPORT = "export"


class Token(Base):
    """A secret mailed to somebody, good for one use until it expires.

    `subject` names what it is about (an enrolment's reference, a new address); `code_hash` is the
    short code to type where a link cannot be followed, `tries` how often a wrong one was typed.
    """

    __tablename__ = "tokens"

    id: Mapped[Key]
    purpose: Mapped[Purpose] = mapped_column(stored(Purpose))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(254), default="")
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class ApiToken(Base):
    """A secret with which a person's program uses the API, within its scopes."""

    __tablename__ = "api_tokens"

    id: Mapped[Key]
    reference: Mapped[Reference]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ending: Mapped[str] = mapped_column(String(4))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class IdempotencyKey(Base):
    """A request that was answered: the same key again gets the same answer, and nothing is done."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("person_id", "key_hash"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    key_hash: Mapped[str] = mapped_column(String(64))
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    headers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_at: Mapped[Instant] = mapped_column(index=True)
