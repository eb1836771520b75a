"""What can be done with institutions: add one, appoint people, revise, confirm, retire it.

How members change and go is in `members`, how they are invited in `invitations`, how they ask for
it themselves in `requests`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from academy.errors import Invalid
from academy.i18n import Texts
from academy.institutions import queries, rules
from academy.institutions.models import (
    Agreement,
    Institution,
    InstitutionKind,
    MemberRole,
    Membership,
)
from academy.text import slug


@dataclass(frozen=True, slots=True)
class Entry:
    """What stewards keep of an institution; its own people write the rest of its profile."""

    name: Texts
    kind: InstitutionKind
    section: str | None = None
    country: str | None = None
    city: str = ""
    parent: str | None = None


Following = Callable[[Institution, datetime], None]


@dataclass(frozen=True, slots=True)
class Dependent:
    """What a feature has of institutions: how it goes and comes back with one, told in words."""

    go: Following
    come_back: Following
    told: Callable[[Institution], str]


def add_institution(
    slug: str, *, name: Texts, kind: InstitutionKind = InstitutionKind.NETWORK, now: datetime
) -> Institution:
    """Add an institution to the map.

    Refuses with SlugTaken when the address is in use.
    """
    if queries.is_institution(slug):
        raise rules.SlugTaken
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


def free_address(name: str) -> str:
    """Make a free address of a name; where it is taken, with a random ending."""
    made = slug(name)
    return f"{made}-{secrets.token_hex(2)}" if queries.is_institution(made) else made


def enter(entry: Entry, *, by: Person, now: datetime) -> Institution:
    """Put an institution on the map under an address made of its name.

    Refuses with Invalid as `revise` does.
    """
    [name, *_] = entry.name.values()
    made = add_institution(free_address(name), name=entry.name, kind=entry.kind, now=now)
    _write(made, entry)
    audit.note("institution-added", _thing(made), by=by, now=now)
    return made


def revise(institution: Institution, entry: Entry, *, by: Person, now: datetime) -> None:
    """Write anew what stewards keep of an institution; the log names the fields that changed.

    Refuses with Invalid when the parent is not an institution, or stands below this one.
    """
    changed = _write(institution, entry)
    if changed:
        audit.note("institution-revised", _thing(institution), by=by, now=now, fields=changed)


def confirm(institution: Institution, *, by: Person, now: datetime) -> None:
    """Say that the institution has agreed to take part. Confirming twice is confirming once."""
    if institution.agreement in {Agreement.AGREED, Agreement.ACTIVE}:
        return
    institution.agreement = Agreement.AGREED
    audit.note("institution-confirmed", _thing(institution), by=by, now=now)


def retire(
    institution: Institution,
    *,
    reason: str,
    by: Person | None,
    dependents: Sequence[Dependent] = (),
    now: datetime,
) -> None:
    """End the institution's part in the academy: nobody works for it from this moment on.

    What the features have of it goes too; its people and invitations are kept, and worth nothing.
    Retiring twice is retiring once.
    """
    if rules.is_retired(institution):
        return
    institution.agreement = Agreement.RETIRED
    for dependent in dependents:
        dependent.go(institution, now)
    audit.note("institution-retired", _thing(institution), by=by, now=now, reason=reason)


def bring_back(
    institution: Institution,
    *,
    by: Person | None,
    dependents: Sequence[Dependent] = (),
    now: datetime,
) -> None:
    """Take a retired institution in again, with its people and all that went with it."""
    if not rules.is_retired(institution):
        return
    institution.agreement = Agreement.AGREED
    for dependent in dependents:
        dependent.come_back(institution, now)
    audit.note("institution-brought-back", _thing(institution), by=by, now=now)


def _write(institution: Institution, entry: Entry) -> list[str]:
    """Write an entry; returns the names of what changed."""
    wanted = {
        "name": entry.name,
        "kind": entry.kind,
        "section": entry.section,
        "country": entry.country,
        "city": entry.city,
        "parent_id": _parent_id(institution, entry.parent),
    }
    # The order of names counts too: the first is the institution's own.
    before = {name: getattr(institution, name) for name in wanted}
    changed = [name for name, value in wanted.items() if repr(value) != repr(before[name])]
    for name in changed:
        setattr(institution, name, wanted[name])
    db.session.flush()
    return changed


def _parent_id(institution: Institution, address: str | None) -> int | None:
    if not address:
        return None
    parent = db.session.scalar(select(Institution).where(Institution.slug == address))
    if parent is None:
        raise Invalid({"parent": rules.NOT_AN_INSTITUTION})
    above: Institution | None = parent
    seen: set[int] = set()
    while above is not None and above.id not in seen:
        if above.id == institution.id:
            raise Invalid({"parent": rules.BELOW_ITSELF})
        seen.add(above.id)
        above = db.session.get(Institution, above.parent_id) if above.parent_id else None
    return parent.id


def _thing(institution: Institution) -> str:
    return f"institution:{institution.slug}"
