"""People who work for an institution."""

from __future__ import annotations

from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.institutions import operations as institutions
from academy.institutions.models import Institution, MemberRole
from tests.making import NOW, make_institution, make_person


def make_member(
    role: MemberRole = MemberRole.EDITOR,
    *,
    institution: str = "river-school",
    email: str = "editor@example.org",
    person: Person | None = None,
) -> Person:
    """Make somebody who works for the institution in this role, or appoint the person given."""
    make_institution(institution)
    person_id = (person or make_person(email, name="Edi")).id
    with unit_of_work():
        found = db.session.get_one(Person, person_id)
        place = db.session.scalars(select(Institution).where(Institution.slug == institution)).one()
        institutions.appoint(found, place, role, now=NOW)
    return found
