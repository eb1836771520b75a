"""What can be asked about institutions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, func, select, true
from sqlalchemy.orm import contains_eager, joinedload

from academy.accounts.models import Person, Steward
from academy.audit import AuditEntry
from academy.db import db
from academy.errors import Missing
from academy.i18n import Texts
from academy.institutions import rules
from academy.institutions.models import Agreement, Institution, MemberRole, Membership
from academy.text import fold_phrase

IN_THE_ACADEMY = Institution.agreement != Agreement.RETIRED
NAMED = select(Institution.slug, Institution.name).where(
    Institution.slug.in_(bindparam("slugs", expanding=True))
)


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


def names_of(slugs: Iterable[str]) -> dict[str, Texts]:
    """Give the names of institutions by address; of an address nobody has, nothing."""
    return {slug: name for slug, name in db.session.execute(NAMED, {"slugs": list(slugs)})}


def kept_by(steward: Person) -> ColumnElement[bool]:
    """Say in SQL which institutions the steward keeps in order: all, or those of the section."""
    if steward.steward is Steward.ALL:
        return true()
    return Institution.section == (steward.section or "")


def institutions_named(
    words: str, *, among: Iterable[ColumnElement[bool]] = (IN_THE_ACADEMY,)
) -> list[Institution]:
    """List the institutions whose names, city or address hold all these words, by address.

    Without words, all of them. Accents and case do not matter.
    """
    wanted = fold_phrase(words).split()
    found = db.session.scalars(select(Institution).where(*among).order_by(Institution.slug))
    return [one for one in found if all(word in _told(one) for word in wanted)]


def role_in(person: Person, institution: Institution) -> MemberRole | None:
    """Tell in which role the person works for the institution now; in a retired one, nobody."""
    if rules.is_retired(institution):
        return None
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
            .where(Membership.person_id == person.id, IN_THE_ACADEMY)
            .order_by(Institution.slug)
        )
    )


def members_of(institution: Institution) -> list[Membership]:
    """List who works for the institution, longest first, with the people."""
    return list(
        db.session.scalars(
            select(Membership)
            .options(joinedload(Membership.person))
            .where(Membership.institution_id == institution.id)
            .order_by(Membership.since, Membership.id)
        )
    )


def membership_or_none(person: Person, institution: Institution) -> Membership | None:
    """Find in which way the person works for the institution, with both; None when they do not."""
    return db.session.scalar(
        select(Membership)
        .options(joinedload(Membership.person), joinedload(Membership.institution))
        .where(Membership.institution_id == institution.id, Membership.person_id == person.id)
    )


def membership_of(institution: Institution, reference: str) -> Membership:
    """Find the membership of one person in this institution, with the person.

    Raises Missing when the person does not work there.
    """
    membership = db.session.scalar(
        select(Membership)
        .join(Membership.person)
        .options(contains_eager(Membership.person), joinedload(Membership.institution))
        .where(Membership.institution_id == institution.id, Person.reference == reference)
    )
    if membership is None:
        raise Missing
    return membership


def institution_with(membership: Membership) -> Institution:
    """Give the institution of a membership."""
    return db.session.get_one(Institution, membership.institution_id)


def member_thing(person: Person, institution: Institution) -> str:
    """Name in the log what a person is to an institution."""
    return f"member:{institution.slug}:{person.reference}"


def was_removed_since(person: Person, institution: Institution, at: datetime) -> bool:
    """Tell whether a membership of the person in the institution has ended after a moment."""
    removed = (AuditEntry.act == "member-removed", AuditEntry.at > at)
    theirs = AuditEntry.thing == member_thing(person, institution)
    return bool(db.session.scalar(select(exists().where(theirs, *removed))))


def other_owners(membership: Membership) -> int:
    """Count the owners beside this member who could act: blocked and erased ones cannot."""
    counted = (
        select(func.count())
        .select_from(Membership)
        .join(Membership.person)
        .where(
            Membership.institution_id == membership.institution_id,
            Membership.id != membership.id,
            Membership.role == MemberRole.OWNER,
            Person.blocked_at.is_(None),
            Person.erased_at.is_(None),
        )
    )
    return db.session.scalar(counted) or 0


def _told(institution: Institution) -> str:
    words = (*institution.name.values(), institution.city, institution.slug)
    return fold_phrase(" ".join(words))
