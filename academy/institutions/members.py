"""What can be done with those who work for an institution: promote, change the role, remove."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from academy.institutions import operations, queries, rules, waiting
from academy.institutions.models import Institution, MemberRole, Membership
from academy.notices.operations import notify


def promote(
    person: Person, institution: Institution, role: MemberRole, *, now: datetime
) -> Membership:
    """Let a person work for an institution in at least this role: nobody becomes less by it."""
    strength = rules.STRONGEST_FIRST.index
    known = queries.role_in(person, institution)
    strongest = role if known is None else min(role, known, key=strength)
    return operations.appoint(person, institution, strongest, now=now)


def change_role(membership: Membership, role: MemberRole, *, by: Person, now: datetime) -> None:
    """Give a member another role; the member is told by mail.

    Refuses with OwnerMustAccept to make an owner, and with LastOwner to leave none behind.
    """
    if membership.role is role:
        return
    if role is MemberRole.OWNER:
        raise rules.OwnerMustAccept
    _check_an_owner_stays(membership, by)
    membership.role = role
    thing = thing_of(membership)
    audit.note("role-changed", thing, by=by, now=now, fields=[role.value])
    _tell("role-changed", membership, by=by, now=now)


def remove(membership: Membership, *, by: Person, now: datetime) -> None:
    """End a membership at once, and take back what would let the person in again by themselves.

    Who did not leave on their own is told by mail.

    Refuses with LastOwner to leave no owner behind; stewards may do it all the same.
    """
    _check_an_owner_stays(membership, by)
    audit.note("member-removed", thing_of(membership), by=by, now=now)
    _tell("member-removed", membership, by=by, now=now)
    asked = waiting.open_invitation_to(membership.institution, membership.person.email)
    if asked is not None:
        asked.revoked_at = now
    db.session.delete(membership)
    db.session.flush()


def leave(person: Person, institution: Institution, *, now: datetime) -> None:
    """Stop working for an institution. Leaving twice is leaving once.

    Refuses with LastOwner.
    """
    membership = queries.membership_or_none(person, institution)
    if membership is not None:
        remove(membership, by=person, now=now)


def thing_of(membership: Membership) -> str:
    """Name a membership in the log."""
    return queries.member_thing(membership.person, membership.institution)


def _check_an_owner_stays(membership: Membership, by: Person) -> None:
    """Refuse to take the last owner away; two who try at once do so one after the other."""
    if membership.role is not MemberRole.OWNER:
        return
    own = Institution.id == membership.institution_id
    db.session.execute(select(Institution.id).where(own).with_for_update())
    a_steward = rules.keeps_in_order(by, membership.institution) and by.id != membership.person_id
    if not a_steward and queries.other_owners(membership) == 0:
        raise rules.LastOwner


def _tell(kind: str, membership: Membership, *, by: Person, now: datetime) -> None:
    if by.id == membership.person_id:
        return
    notify(
        kind,
        membership.person,
        about=f"{thing_of(membership)}:{now.isoformat()}",
        now=now,
        institution=membership.institution.slug,
        role=membership.role.value,
    )
