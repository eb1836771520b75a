"""What can be done with invitations: send one, send it again, take it back, accept it."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import update

from academy import audit
from academy.accounts.models import Person
from academy.accounts.queries import person_by_email, token_hash
from academy.accounts.rules import email_key
from academy.db import db
from academy.errors import Invalid
from academy.institutions import members, queries, rules, waiting
from academy.institutions.models import Institution, Invitation, MemberRole, Membership
from academy.notices.operations import Recipient, notify


def invite(
    email: str, institution: Institution, role: MemberRole, *, by: Person, now: datetime
) -> Invitation:
    """Ask an address to work for the institution in a role; the mail carries the only way in.

    The same address and role asked again while it is open is the same invitation; another role
    takes the earlier invitation back. Refuses with Invalid who works here in this role already,
    with Retired, and with TooManyInvitations.
    """
    if rules.is_retired(institution):
        raise rules.Retired
    _check_is_news(email, institution, role)
    known = waiting.open_invitation_to(institution, email)
    if known is not None and known.role is role and known.expires_at > now:
        return known
    if known is not None:
        withdraw(known, institution, by=by, now=now)
    if len(waiting.open_invitations(institution)) >= rules.MOST_INVITATIONS:
        raise rules.TooManyInvitations
    return _send(email, institution, role, by=by, now=now)


def offer_role(
    membership: Membership, role: MemberRole, *, by: Person, now: datetime
) -> Invitation | None:
    """Give a member another role; to become an owner they are invited, and have to accept.

    Refuses with LastOwner, and as `invite` does.
    """
    if role is MemberRole.OWNER:
        return invite(membership.person.email, membership.institution, role, by=by, now=now)
    members.change_role(membership, role, by=by, now=now)
    return None


def send_again(
    invitation: Invitation, institution: Institution, *, by: Person, now: datetime
) -> Invitation:
    """Put a new invitation in the place of an open one, with a new mail and a new end.

    Refuses with InvitationUsed or InvitationWithdrawn when it is no longer open.
    """
    if invitation.revoked_at is not None:
        raise rules.InvitationWithdrawn
    withdraw(invitation, institution, by=by, now=now)
    return _send(invitation.email, institution, invitation.role, by=by, now=now)


def withdraw(
    invitation: Invitation, institution: Institution, *, by: Person, now: datetime
) -> None:
    """Take an invitation back: its link opens nothing from now on. Twice is once.

    Refuses with InvitationUsed when it was accepted.
    """
    if invitation.accepted_at is not None:
        raise rules.InvitationUsed
    if invitation.revoked_at is not None:
        return
    invitation.revoked_at = now
    audit.note("invitation-withdrawn", _thing(invitation, institution), by=by, now=now)
    db.session.flush()


def make_secret(invitation: Invitation) -> str:
    """Make the secret of the invitation's link, where the mail is made; the hash alone is kept."""
    secret = secrets.token_urlsafe(32)
    invitation.token_hash = token_hash(secret)
    db.session.flush()
    return secret


def accept(secret: str, *, by: Person, now: datetime) -> Membership:
    """Let the person who was invited work for the institution, in the role of the invitation.

    One conditional UPDATE: of many who try at once, one succeeds. Refuses with AddressNotConfirmed
    who has not shown that the address is theirs, and with what `opened_invitation` and
    `check_is_for` raise.
    """
    invitation = waiting.opened_invitation(secret, now=now)
    waiting.check_is_for(by, invitation)
    if by.confirmed_at is None:
        raise rules.AddressNotConfirmed
    unused = (Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    used = update(Invitation).where(Invitation.id == invitation.id, *unused).values(accepted_at=now)
    if db.session.execute(used).rowcount != 1:  # type: ignore[attr-defined]
        raise rules.InvitationUsed
    institution = invitation.institution
    membership = members.promote(by, institution, invitation.role, now=now)
    audit.note("invitation-accepted", _thing(invitation, institution), by=by, now=now)
    if invitation.invited_by is not None:
        notify(
            "invitation-accepted",
            invitation.invited_by,
            about=invitation.reference,
            now=now,
            institution=institution.slug,
            person=by.reference,
        )
    return membership


def forget(email: str, *, now: datetime) -> None:
    """Take an address out of the invitations to it; those that are open are worth nothing then."""
    sent = update(Invitation).where(Invitation.email_key == email_key(email))
    unused = (Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
    db.session.execute(sent.where(*unused).values(revoked_at=now))
    db.session.execute(sent.values(email="", email_key=""))


def _check_is_news(email: str, institution: Institution, role: MemberRole) -> None:
    person = person_by_email(email)
    if person is None or queries.role_in(person, institution) is not role:
        return
    raise Invalid({"email": rules.WORKS_HERE})


def _send(
    email: str, institution: Institution, role: MemberRole, *, by: Person, now: datetime
) -> Invitation:
    invitation = Invitation(
        institution_id=institution.id,
        email=email.strip(),
        email_key=email_key(email),
        role=role,
        invited_by_id=by.id,
        made_at=now,
        expires_at=now + rules.INVITATION_LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.note(
        "invitation-sent", _thing(invitation, institution), by=by, now=now, fields=[role.value]
    )
    known = person_by_email(email)
    language = known.language if known else by.language
    to = Recipient(address=invitation.email, language=language)
    about, end = invitation.reference, invitation.expires_at
    notify("invitation", to, about=about, now=now, expires_at=end, invitation=about)
    return invitation


def _thing(invitation: Invitation, institution: Institution) -> str:
    return f"invitation:{institution.slug}:{invitation.reference}"
