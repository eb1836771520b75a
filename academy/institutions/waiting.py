"""What can be asked about what waits for an answer: invitations, and requests for a role."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from academy.accounts.models import Person, Steward
from academy.accounts.queries import token_hash
from academy.accounts.rules import email_key, is_shut
from academy.db import db
from academy.errors import Missing, Refusal
from academy.institutions import rules
from academy.institutions.models import Institution, Invitation, RequestState, RoleRequest
from academy.institutions.queries import role_in, was_removed_since


def open_invitations(institution: Institution) -> list[Invitation]:
    """List the invitations nobody has accepted or withdrawn, newest first; old ones too."""
    return list(
        db.session.scalars(
            select(Invitation)
            .where(Invitation.institution_id == institution.id, *_waiting())
            .order_by(Invitation.made_at.desc(), Invitation.id.desc())
        )
    )


def open_invitation_to(institution: Institution, email: str) -> Invitation | None:
    """Find the invitation to this address that nobody has accepted or withdrawn."""
    to = (Invitation.institution_id == institution.id, Invitation.email_key == email_key(email))
    newest = select(Invitation).where(*to, *_waiting()).order_by(Invitation.id.desc()).limit(1)
    return db.session.scalar(newest)


def invitation_of(institution: Institution, reference: str) -> Invitation:
    """Find an invitation of this institution.

    Raises Missing when it has none of this reference.
    """
    own = (Invitation.institution_id == institution.id, Invitation.reference == reference)
    invitation = db.session.scalar(select(Invitation).where(*own))
    if invitation is None:
        raise Missing
    return invitation


def invitation_by_reference(reference: str) -> Invitation | None:
    """Find an invitation of any institution, which comes with it, as does who invited."""
    return db.session.scalar(_whole().where(Invitation.reference == reference))


def opened_invitation(secret: str, *, now: datetime) -> Invitation:
    """Find the invitation that this secret opens now. Looking at it uses nothing up.

    Raises InvitationUnknown, InvitationUsed, InvitationWithdrawn, InvitationExpired, Retired, or
    InviterWithoutRight when who sent it may no longer invite.
    """
    invitation = db.session.scalar(_whole().where(Invitation.token_hash == token_hash(secret)))
    if invitation is None:
        raise rules.InvitationUnknown
    rules.check_open(invitation, now)
    if not _may_still_invite(invitation):
        raise rules.InviterWithoutRight
    return invitation


def check_is_for(person: Person, invitation: Invitation) -> None:
    """Refuse an invitation to somebody whom it does not concern, or no longer does.

    Raises InvitationForAnother, or RemovedSince when the person's work there has ended since.
    """
    if not rules.is_invited(person, invitation):
        raise rules.InvitationForAnother
    if was_removed_since(person, invitation.institution, invitation.made_at):
        raise rules.RemovedSince


def is_open(invitation: Invitation, *, now: datetime) -> bool:
    """Tell whether the invitation leads anywhere now: institution and inviter come with it.

    Whoever has sent it must still be one who may.
    """
    try:
        rules.check_open(invitation, now)
    except Refusal:
        return False
    return _may_still_invite(invitation)


def requests_of(person: Person) -> list[RoleRequest]:
    """List what the person has asked for, newest first, with the institutions."""
    return list(
        db.session.scalars(
            select(RoleRequest)
            .options(joinedload(RoleRequest.institution))
            .where(RoleRequest.person_id == person.id)
            .order_by(RoleRequest.id.desc())
        )
    )


def waiting_requests(steward: Person) -> list[RoleRequest]:
    """List the requests that wait for this steward, oldest first, with people and institutions."""
    waiting = _requests_for(steward).where(RoleRequest.state == RequestState.WAITING)
    return list(db.session.scalars(waiting.order_by(RoleRequest.id)))


def request_for(steward: Person, reference: str) -> RoleRequest:
    """Find a request this steward may decide, with the person and the institution.

    Raises Missing when there is none, or it is for other stewards.
    """
    found = _requests_for(steward).where(RoleRequest.reference == reference)
    request = db.session.scalar(found)
    if request is None:
        raise Missing
    return request


def _requests_for(steward: Person) -> Select[RoleRequest]:
    return (
        select(RoleRequest)
        .join(RoleRequest.person)
        .outerjoin(RoleRequest.institution)
        .options(contains_eager(RoleRequest.person), contains_eager(RoleRequest.institution))
        .where(_for(steward), Person.erased_at.is_(None))
    )


def _for(steward: Person) -> ColumnElement[bool]:
    """Say in SQL which requests a steward decides: by institution; a new one, by the person."""
    if steward.steward is Steward.ALL:
        return true()
    section = steward.section or ""
    unlisted = RoleRequest.institution_id.is_(None) & (Person.section == section)
    return or_(Institution.section == section, unlisted)


def _whole() -> Select[Invitation]:
    return select(Invitation).options(
        joinedload(Invitation.institution), joinedload(Invitation.invited_by)
    )


def _may_still_invite(invitation: Invitation) -> bool:
    by, institution = invitation.invited_by, invitation.institution
    if by is None or is_shut(by):
        return False
    return role_in(by, institution) in rules.OWNERS or rules.keeps_in_order(by, institution)


def _waiting() -> tuple[ColumnElement[bool], ...]:
    return (Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
