"""What can be asked about institutions."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import contains_eager

from academy.accounts.models import Person
from academy.db import db
from academy.errors import Missing
from academy.institutions.models import Institution, MemberRole, Membership


def institution_by_slug(slug: str) -> Institution:
    """Find an institution by its address.

    Raises Missing when there is none.
    """
    institution = db.session.scalar(select(Institution).where(Institution.slug == slug))
    if institution is None:
        raise Missing
    return institution


def is_institution(slug: str) -> bool:
    """Tell whether an institution has this address."""
    return bool(db.session.scalar(select(exists().where(Institution.slug == slug))))


def all_institutions() -> list[Institution]:
    """List every institution, by address."""
    return list(db.session.scalars(select(Institution).order_by(Institution.slug)))


def role_in(person: Person, institution: Institution) -> MemberRole | None:
    """Tell in which role the person works for the institution now, if any."""
    return db.session.scalar(
        select(Membership.role).where(
            Membership.person_id == person.id, Membership.institution_id == institution.id
        )
    )


def memberships_of(person: Person) -> list[Membership]:
    """List for whom the person works, with the institutions, by address."""
    return list(
        db.session.scalars(
            select(Membership)
            .join(Membership.institution)
            .options(contains_eager(Membership.institution))
            .where(Membership.person_id == person.id)
            .order_by(Institution.slug)
        )
    )
