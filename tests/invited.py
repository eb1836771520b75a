"""Invitations and their links, and people who keep order."""

from __future__ import annotations

from datetime import datetime

from academy.accounts.models import Person, Steward
from academy.db import db, unit_of_work
from academy.institutions import invitations
from academy.institutions.models import Institution, Invitation, MemberRole
from academy.institutions.queries import institution_by_slug, role_in
from tests.making import NOW, make_institution, make_person

RIVER = "river-school"


def make_steward(
    email: str = "sol@example.org", *, section: str | None = None, name: str = "Sol"
) -> Person:
    """Make a steward of all, or of a section."""
    person = make_person(email, name=name)
    with unit_of_work():
        found = db.session.get_one(Person, person.id)
        found.steward = Steward.SECTION if section else Steward.ALL
        found.section = section
    return found


def make_place(slug: str, *, section: str | None = None, name: str = "") -> Institution:
    """Make an institution in a section of the network."""
    made = make_institution(slug, name=name or slug)
    with unit_of_work():
        found = db.session.get_one(Institution, made.id)
        found.section = section
    return found


def invite(
    email: str,
    *,
    by: Person,
    role: MemberRole = MemberRole.EDITOR,
    slug: str = RIVER,
    now: datetime = NOW,
) -> str:
    """Invite an address; returns the secret of the link, as the mail would carry it."""
    by_id = by.id
    with unit_of_work():
        asking = db.session.get_one(Person, by_id)
        made = invitations.invite(email, institution_by_slug(slug), role, by=asking, now=now)
        return invitations.make_secret(made)


def accept(secret: str, person: Person, *, now: datetime = NOW) -> MemberRole:
    """Accept an invitation; returns the role that comes of it."""
    person_id = person.id
    with unit_of_work():
        accepting = db.session.get_one(Person, person_id)
        return invitations.accept(secret, by=accepting, now=now).role


def role_of(person: Person, slug: str = RIVER) -> MemberRole | None:
    """Tell in which role somebody works for an institution."""
    return role_in(person, institution_by_slug(slug))


def invitations_sent() -> list[Invitation]:
    """List all invitations there are, in order."""
    return list(db.session.query(Invitation).order_by(Invitation.id))
