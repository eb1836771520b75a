"""What is allowed in institutions: who may do what for one, and why something is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from academy.accounts.models import Person, Steward
from academy.accounts.rules import email_key
from academy.errors import Conflict, Forbidden, Missing, Refusal
from academy.institutions.models import Agreement, Institution, Invitation, MemberRole

EVERYBODY = frozenset(MemberRole)
EDITORS = frozenset((MemberRole.OWNER, MemberRole.EDITOR))
"""Who may change what the institution offers."""

OWNERS = frozenset((MemberRole.OWNER,))
"""Who may decide who works for the institution."""

FACILITATORS = frozenset((MemberRole.OWNER, MemberRole.EDITOR, MemberRole.FACILITATOR))
"""Who may see who is registered for a webinar, and write to them."""

STEWARDS_ALONE: frozenset[MemberRole] = frozenset()
"""What only the stewards of the institution may do: those of all, or of its section."""

STRONGEST_FIRST = tuple(MemberRole)

INVITATION_LASTS = timedelta(days=14)
MOST_INVITATIONS = 50
"""How many invitations of one institution may be open at a time."""

MOST_REQUESTS = 5
"""How many requests of one person may wait at a time."""


WORKS_HERE = _l("This person works here in this role already.")
NOT_AN_INSTITUTION = _l("No institution has this address.")
BELOW_ITSELF = _l("An institution cannot stand below itself.")


class SlugTaken(Conflict):
    """Another institution has this address."""

    code = "slug-taken"
    sentence = _l("Another institution has this address already.")


class Retired(Conflict):
    """The institution is no longer part of the academy."""

    code = "institution-retired"
    sentence = _l("This institution is no longer part of the academy.")


class OwnRequest(Conflict):
    """A steward of a section asked for the role, and another steward decides."""

    code = "own-request"
    sentence = _l("You asked for this role yourself: another steward decides.")


class LastOwner(Conflict):
    """Nobody would own the institution afterwards."""

    code = "last-owner"
    sentence = _l(
        "An institution keeps at least one owner. Invite another owner first:"
        " once they have accepted, this can be done."
    )


class OwnerMustAccept(Conflict):
    """Nobody becomes an owner without saying yes."""

    code = "owner-must-accept"
    sentence = _l("Somebody becomes an owner by invitation only, when they accept it.")


class TooManyInvitations(Conflict):
    """Too many invitations are open."""

    code = "too-many-invitations"
    sentence = _l("Too many invitations are open. Withdraw some, or wait until they are accepted.")


class TooManyRequests(Conflict):
    """Too many requests of the person wait."""

    code = "too-many-requests"
    sentence = _l("Several of your requests wait already. Please wait for an answer to them first.")


class RequestDecided(Conflict):
    """Another steward was faster."""

    code = "request-decided"
    sentence = _l("This request was decided already. Nothing was done twice.")


class InvitationUnknown(Missing):
    """No invitation has this secret."""

    code = "invitation-unknown"
    sentence = _l(
        "This link is not complete, or a later mail has taken its place."
        " Look for a later mail, or ask for a new invitation."
    )


class InvitationForAnother(Forbidden):
    """The invitation is for another address than that of the account."""

    code = "invitation-for-another"
    sentence = _l(
        "This invitation is for another address than that of your account. Nothing was done."
        " Sign in under the address it was sent to, or ask for a new invitation."
    )


class AddressNotConfirmed(Forbidden):
    """Nobody has shown yet that the address of the account is theirs."""

    code = "address-not-confirmed"
    sentence = _l(
        "Please confirm the address of your account first, with the link we mailed you."
        " Then open the invitation again."
    )


class InvitationUsed(Refusal):
    """The invitation was accepted."""

    status = 410
    code = "invitation-used"
    sentence = _l("This invitation was accepted already. Nothing was done twice.")


class InvitationWithdrawn(Refusal):
    """The invitation was taken back."""

    status = 410
    code = "invitation-withdrawn"
    sentence = _l("This invitation was withdrawn. Ask for a new one if this is a mistake.")


class InvitationExpired(Refusal):
    """The invitation's time is over."""

    status = 410
    code = "invitation-expired"
    sentence = _l("This invitation is too old. Please ask for a new one.")


class InviterWithoutRight(Refusal):
    """Who sent the invitation may no longer invite."""

    status = 410
    code = "inviter-without-right"
    sentence = _l(
        "This invitation no longer holds: who sent it does not decide any more who works there."
        " Ask an owner of the institution, or a steward of the academy, for a new one."
    )


class RemovedSince(Refusal):
    """The person stopped working for the institution after the invitation was sent."""

    status = 410
    code = "removed-since"
    sentence = _l(
        "This invitation no longer holds: you have stopped working there since it was sent."
        " Ask an owner of the institution, or a steward of the academy, for a new one."
    )


def keeps_in_order(person: Person, institution: Institution) -> bool:
    """Tell whether the person is a steward of this institution: of all, or of its section."""
    if person.steward is Steward.ALL:
        return True
    in_section = person.section is not None and person.section == institution.section
    return person.steward is Steward.SECTION and in_section


def is_retired(institution: Institution) -> bool:
    """Tell whether the institution is no longer part of the academy."""
    return institution.agreement is Agreement.RETIRED


def check_open(invitation: Invitation, now: datetime) -> None:
    """Refuse an invitation that leads nowhere any more.

    Raises InvitationUsed, InvitationWithdrawn, InvitationExpired or Retired.
    """
    if invitation.accepted_at is not None:
        raise InvitationUsed
    if invitation.revoked_at is not None:
        raise InvitationWithdrawn
    if invitation.expires_at <= now:
        raise InvitationExpired
    if is_retired(invitation.institution):
        raise Retired


def is_invited(person: Person, invitation: Invitation) -> bool:
    """Tell whether the invitation was sent to the address of the person."""
    return email_key(person.email) == invitation.email_key
