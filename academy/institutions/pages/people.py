"""Who works for an institution: the page on which its owners decide."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields
from werkzeug.wrappers import Response

from academy.access import current_person, for_roles
from academy.accounts.rules import is_email
from academy.db import unit_of_work, utcnow
from academy.i18n import gettext as _
from academy.institutions import invitations, members, phrases, queries, waiting
from academy.institutions.models import Institution, Invitation, MemberRole, Membership
from academy.institutions.pages.blueprint import bp
from academy.institutions.queries import institution_by_slug
from academy.institutions.rules import OWNERS
from academy.web.forms import REQUIRED, Form
from academy.web.moments import day_of

PEOPLE = "/institutions/<institution>/desk/people"
LAYOUTS = ("desk/layout.html", "institutions/layout.html")
"""The frame of an institution's desk; where no desk is plugged in, a plain one."""

ONE_OF = {"required": REQUIRED["required"], "unknown": REQUIRED["required"]}


def _check_email(text: str) -> None:
    if not is_email(text.strip()):
        raise ValidationError(str(_l("Write the address as in name@example.org.")))


class RoleSchema(Schema):
    """What giving a role takes."""

    role = fields.Enum(MemberRole, by_value=True, required=True, error_messages=ONE_OF)


class InvitationSchema(RoleSchema):
    """What an invitation takes."""

    email = fields.String(required=True, error_messages=REQUIRED, validate=_check_email)


@bp.get(PEOPLE)
@for_roles(OWNERS)
def people(institution: str) -> str:
    """Show who works here, who is invited, and the form for one more."""
    return _page(institution_by_slug(institution), Form(action=_url("invite", institution)))


@bp.post(f"{PEOPLE}/invitations")
@for_roles(OWNERS)
def invite(institution: str) -> Response | tuple[str, int]:
    """Invite an address in a role."""
    form = Form.read(InvitationSchema())
    with form.refusals_shown():
        if form.sound:
            with unit_of_work():
                place, by = institution_by_slug(institution), current_person()
                email, role = form.cleaned["email"].strip(), form.cleaned["role"]
                invitations.invite(email, place, role, by=by, now=utcnow())
            told = _("The invitation is on its way to %(address)s.", address=email)
            return _done(institution, told)
    return _page(institution_by_slug(institution), form), 422


@bp.post(f"{PEOPLE}/invitations/<reference>/again")
@for_roles(OWNERS)
def invite_again(institution: str, reference: str) -> Response:
    """Send a new mail in place of the earlier one, whose link is worth nothing then."""
    with unit_of_work():
        place = institution_by_slug(institution)
        found = waiting.invitation_of(place, reference)
        invitations.send_again(found, place, by=current_person(), now=utcnow())
    told = _("A new invitation is on its way. The link of the earlier one no longer works.")
    return _done(institution, told)


@bp.post(f"{PEOPLE}/invitations/<reference>/withdraw")
@for_roles(OWNERS)
def withdraw_invitation(institution: str, reference: str) -> Response:
    """Take an invitation back."""
    with unit_of_work():
        place = institution_by_slug(institution)
        found = waiting.invitation_of(place, reference)
        invitations.withdraw(found, place, by=current_person(), now=utcnow())
    return _done(institution, _("The invitation is withdrawn. Its link no longer works."))


@bp.post(f"{PEOPLE}/<person>/role")
@for_roles(OWNERS)
def change_role(institution: str, person: str) -> Response | tuple[str, int]:
    """Give a member another role; who should become an owner is asked first."""
    form = Form.read(RoleSchema())
    if not form.sound:
        return _page(institution_by_slug(institution), form), 422
    with unit_of_work():
        member = queries.membership_of(institution_by_slug(institution), person)
        name, by, role = member.person.name, current_person(), form.cleaned["role"]
        asked = invitations.offer_role(member, role, by=by, now=utcnow())
    told = _("The role of %(name)s has changed.", name=name)
    if asked is not None:
        told = _("%(name)s is asked by mail, and becomes an owner on saying yes.", name=name)
    return _done(institution, told)


@bp.post(f"{PEOPLE}/<person>/remove")
@for_roles(OWNERS)
def remove(institution: str, person: str) -> Response:
    """End a membership, from this moment on."""
    with unit_of_work():
        member = queries.membership_of(institution_by_slug(institution), person)
        name, by = member.person.name, current_person()
        members.remove(member, by=by, now=utcnow())
        gone = by.reference == person
    if gone:
        return redirect(url_for("institutions.work"), 303)
    return _done(institution, _("%(name)s no longer works here.", name=name))


def _done(institution: str, told: str) -> Response:
    flash(told, "ok")
    return redirect(_url("people", institution), 303)


def _url(view: str, institution: str, **values: Any) -> str:
    return url_for(f"institutions.{view}", institution=institution, **values)


def _page(institution: Institution, form: Form) -> str:
    working = queries.members_of(institution)
    asked = waiting.open_invitations(institution)
    layout = current_app.jinja_env.select_template(LAYOUTS)
    return render_template(
        "institutions/people.html",
        layout=layout,
        form=form,
        invite_url=_url("invite", institution.slug),
        members=[_member(one, institution) for one in working],
        invitations=[_invitation(one, institution) for one in asked],
        roles=phrases.options(phrases.ROLES),
        roles_told=phrases.roles_told(),
    )


def _member(membership: Membership, institution: Institution) -> dict[str, Any]:
    person, slug = membership.person, institution.slug
    return {
        "name": person.name,
        "email": person.email,
        "role": membership.role.value,
        "role_label": phrases.ROLES[membership.role],
        "since": day_of(membership.since),
        "role_url": _url("change_role", slug, person=person.reference),
        "remove_url": _url("remove", slug, person=person.reference),
    }


def _invitation(invitation: Invitation, institution: Institution) -> dict[str, Any]:
    slug, reference = institution.slug, invitation.reference
    return {
        "email": invitation.email,
        "role_label": phrases.ROLES[invitation.role],
        "over": invitation.expires_at <= utcnow(),
        "until": day_of(invitation.expires_at),
        "again_url": _url("invite_again", slug, reference=reference),
        "withdraw_url": _url("withdraw_invitation", slug, reference=reference),
    }
