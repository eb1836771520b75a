"""What can be done with institutions: add one, let people work for it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db
from academy.errors import Conflict
from academy.i18n import Texts
from academy.institutions.models import Institution, InstitutionKind, MemberRole, Membership


class SlugTaken(Conflict):
    """Another institution has this address."""

    code = "slug-taken"
    sentence = _l("Another institution has this address already.")


def add_institution(
    slug: str, *, name: Texts, kind: InstitutionKind = InstitutionKind.NETWORK, now: datetime
) -> Institution:
    """Add an institution to the map.

    Refuses with SlugTaken when the address is in use.
    """
    if db.session.scalar(select(Institution.id).where(Institution.slug == slug)) is not None:
        raise SlugTaken
    institution = Institution(slug=slug, name=name, kind=kind, added_at=now)
    db.session.add(institution)
    db.session.flush()
    return institution


def appoint(
    person: Person, institution: Institution, role: MemberRole, *, now: datetime
) -> Membership:
    """Let a person work for an institution in a role; a second time changes the role."""
    membership = db.session.scalar(
        select(Membership).where(
            Membership.person_id == person.id, Membership.institution_id == institution.id
        )
    )
    if membership is None:
        membership = Membership(person_id=person.id, institution_id=institution.id, since=now)
        db.session.add(membership)
    membership.role = role
    db.session.flush()
    return membership
