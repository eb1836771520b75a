"""What an institution is, and how people belong to one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from academy.accounts.models import Person
from academy.db import Base, Instant, Key, Reference, Slug, stored
from academy.i18n import Texts


class InstitutionKind(StrEnum):
    """What sort of body teaches."""

    NETWORK = "network"
    ASSOCIATION = "association"
    UNIVERSITY = "university"
    CITY = "city"
    UN_PROGRAMME = "un-programme"
    NGO = "ngo"


class Agreement(StrEnum):
    """How far the academy and the institution have come with each other."""

    MAPPED = "mapped"
    CONTACTED = "contacted"
    AGREED = "agreed"
    ACTIVE = "active"
    RETIRED = "retired"


class MemberRole(StrEnum):
    """What a person may do for an institution."""

    OWNER = "owner"
    EDITOR = "editor"
    FACILITATOR = "facilitator"
    REPORTER = "reporter"


class Institution(Base):
    """Who teaches: a member or a partner of the network."""

    __tablename__ = "institutions"

    id: Mapped[Key]
    slug: Mapped[Slug]
    name: Mapped[Texts] = mapped_column(JSON)
    about: Mapped[Texts] = mapped_column(JSON, default=dict)
    kind: Mapped[InstitutionKind] = mapped_column(stored(InstitutionKind))
    agreement: Mapped[Agreement] = mapped_column(stored(Agreement), default=Agreement.MAPPED)
    section: Mapped[str | None] = mapped_column(String(40))
    country: Mapped[str | None] = mapped_column(String(2))
    city: Mapped[str] = mapped_column(String(120), default="")
    homepage: Mapped[str] = mapped_column(String(1000), default="")
    contact: Mapped[str] = mapped_column(String(254), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    sample: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[Instant]

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="institution", lazy="raise", passive_deletes=True
    )


class Membership(Base):
    """A person working for an institution, in one role."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("institution_id", "person_id"),)

    id: Mapped[Key]
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    role: Mapped[MemberRole] = mapped_column(stored(MemberRole))
    since: Mapped[Instant]

    institution: Mapped[Institution] = relationship(back_populates="memberships", lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class Invitation(Base):
    """An address asked to work for an institution in a role; of its secret, the hash is kept."""

    __tablename__ = "invitations"

    id: Mapped[Key]
    reference: Mapped[Reference]
    institution_id: Mapped[int] = mapped_column(
        ForeignKey("institutions.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    role: Mapped[MemberRole] = mapped_column(stored(MemberRole))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    institution: Mapped[Institution] = relationship(lazy="raise")
    invited_by: Mapped[Person | None] = relationship(lazy="raise")


class RequestState(StrEnum):
    """How a request stands."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"


class RoleRequest(Base):
    """ "I work for ...": a person asks for a role; what is not on the map is named in words."""

    __tablename__ = "role_requests"

    id: Mapped[Key]
    reference: Mapped[Reference]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    institution_id: Mapped[int | None] = mapped_column(
        ForeignKey("institutions.id", ondelete="CASCADE"), index=True
    )
    institution_name: Mapped[str] = mapped_column(String(300), default="")
    role: Mapped[MemberRole] = mapped_column(stored(MemberRole))
    message: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[RequestState] = mapped_column(stored(RequestState), default=RequestState.WAITING)
    asked_at: Mapped[Instant]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(1000), default="")

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    institution: Mapped[Institution | None] = relationship(lazy="raise")
