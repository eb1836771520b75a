"""The mails about working for an institution."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from academy.accounts.models import Person
from academy.db import db
from academy.i18n import gettext as _
from academy.institutions import phrases, queries, rules, waiting
from academy.institutions.invitations import make_secret
from academy.institutions.models import Institution, MemberRole, RoleRequest
from academy.notices.composing import Action, Mail, Reader, mail
from academy.notices.models import Group, Notice
from academy.notices.moments import day_for
from academy.web.pages import absolute


@mail("invitation", Group.WORK)
def invitation(notice: Notice, reader: Reader) -> Mail | None:
    """Ask somebody to work for an institution; not when it was withdrawn or accepted since."""
    found = waiting.invitation_by_reference(notice.details["invitation"])
    if found is None or not waiting.is_open(found, now=reader.now):
        return None
    place, link = phrases.name_of(found.institution), make_secret(found)
    return Mail(
        subject=_("%(institution)s invites you to Urban Academy", institution=place),
        paragraphs=[
            _(
                "You are invited to work for %(institution)s in Urban Academy, the catalogue of"
                " courses and webinars for local governments.",
                institution=place,
            )
        ],
        action=Action(
            _("See the invitation"), absolute(url_for("institutions.invitation", secret=link))
        ),
        facts=[*_role(found.role), (_("Good until"), day_for(reader, found.expires_at))],
        after=[
            _(
                "The link works once, for an account with the address %(address)s."
                " If you do not know why you got it, do nothing.",
                address=found.email,
            )
        ],
    )


@mail("invitation-accepted", Group.WORK)
def invitation_accepted(notice: Notice, _reader: Reader) -> Mail | None:
    """Tell who invited that the invitation was accepted."""
    told = _who_and_where(notice)
    if told is None:
        return None
    person, institution = told
    role = queries.role_in(person, institution)
    if role is None:
        return None
    place = phrases.name_of(institution)
    return Mail(
        subject=_("Your invitation to %(institution)s was accepted", institution=place),
        paragraphs=[
            _(
                "%(person)s now works for %(institution)s. Role: %(role)s.",
                person=person.name,
                institution=place,
                role=str(phrases.ROLES[role]),
            )
        ],
        action=Action(_("See who works here"), _desk(institution)),
    )


@mail("role-changed", Group.WORK)
def role_changed(notice: Notice, reader: Reader) -> Mail | None:
    """Tell a member of the new role, while it is still theirs."""
    institution, role = _where(notice), MemberRole(notice.details["role"])
    if institution is None or reader.person is None:
        return None
    if queries.role_in(reader.person, institution) is not role:
        return None
    place = phrases.name_of(institution)
    return Mail(
        subject=_("Your role in %(institution)s has changed", institution=place),
        paragraphs=[_("Your role is now: %(role)s.", role=str(phrases.ROLES[role]))],
        action=Action(_("Where you work"), absolute(url_for("institutions.work"))),
        facts=[(_("What it means"), str(phrases.MAY[role]))],
    )


@mail("member-removed", Group.WORK)
def member_removed(notice: Notice, reader: Reader) -> Mail | None:
    """Tell somebody that they no longer work for an institution, unless they do again."""
    institution = _where(notice)
    if institution is None or reader.person is None:
        return None
    if queries.role_in(reader.person, institution) is not None:
        return None
    place = phrases.name_of(institution)
    return Mail(
        subject=_("You no longer work for %(institution)s", institution=place),
        paragraphs=[
            _(
                "Somebody at %(institution)s has ended your role there. Your account, and what you"
                " take part in, stay as they are.",
                institution=place,
            )
        ],
    )


@mail("request-granted", Group.WORK)
def request_granted(notice: Notice, reader: Reader) -> Mail | None:
    """Tell a person that a steward has confirmed for whom they work."""
    request = _request(notice)
    if request is None or request.institution is None or reader.person is None:
        return None
    role = queries.role_in(reader.person, request.institution)
    if role is None:
        return None
    place = phrases.name_of(request.institution)
    return Mail(
        subject=_("You now work for %(institution)s", institution=place),
        paragraphs=[
            _(
                "The stewards of Urban Academy have confirmed that you work for %(institution)s.",
                institution=place,
            )
        ],
        action=Action(_("Where you work"), absolute(url_for("institutions.work"))),
        facts=_role(role),
    )


@mail("request-refused", Group.WORK)
def request_refused(notice: Notice, _reader: Reader) -> Mail | None:
    """Tell a person why a steward has refused a request."""
    request = _request(notice)
    if request is None:
        return None
    listed = request.institution
    place = phrases.name_of(listed) if listed else request.institution_name
    return Mail(
        subject=_("Your request for %(institution)s was not granted", institution=place),
        paragraphs=[
            _("The stewards of Urban Academy have looked at your request and say no."),
            request.reason,
        ],
        action=Action(_("Where you work"), absolute(url_for("institutions.work"))),
    )


def _role(role: MemberRole) -> list[tuple[str, str]]:
    return [
        (_("Your role"), str(phrases.ROLES[role])),
        (_("What it means"), str(phrases.MAY[role])),
    ]


def _where(notice: Notice) -> Institution | None:
    slug = notice.details["institution"]
    found = db.session.scalar(select(Institution).where(Institution.slug == slug))
    return None if found is None or rules.is_retired(found) else found


def _who_and_where(notice: Notice) -> tuple[Person, Institution] | None:
    institution = _where(notice)
    reference = notice.details["person"]
    person = db.session.scalar(select(Person).where(Person.reference == reference))
    return (person, institution) if person and institution else None


def _request(notice: Notice) -> RoleRequest | None:
    reference = notice.dedupe_key.partition(":")[2]
    return db.session.scalar(
        select(RoleRequest)
        .options(joinedload(RoleRequest.institution))
        .where(RoleRequest.reference == reference)
    )


def _desk(institution: Institution) -> str:
    return absolute(url_for("institutions.people", institution=institution.slug))
