"""Where a person works: the institutions, the requests, and the form "I work for ..."."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from academy.access import current_person, signed_in
from academy.accounts.models import Person
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid
from academy.i18n import gettext as _
from academy.institutions import members, phrases, queries, requests, waiting
from academy.institutions.models import Institution, MemberRole, RoleRequest
from academy.institutions.pages.blueprint import bp
from academy.institutions.pages.people import ONE_OF
from academy.institutions.queries import institution_by_slug
from academy.text import clean_line
from academy.web.forms import REQUIRED, Form
from academy.web.moments import day_of

NOT_LISTED = "-"
"""What the form sends for an institution that is not on the map."""

MOST_FOUND = 20


class AskingSchema(Schema):
    """What "I work for ..." takes."""

    institution = fields.String(required=True, error_messages=REQUIRED)
    name = fields.String(load_default="")
    role = fields.Enum(MemberRole, by_value=True, required=True, error_messages=ONE_OF)
    message = fields.String(load_default="")


@bp.get("/my/roles")
@signed_in
def work() -> str:
    """Show for whom the person works, what they have asked for, and the form to ask."""
    return _page(Form(action=url_for("institutions.ask")), words=request.args.get("q", ""))


@bp.post("/my/roles/requests")
@signed_in
def ask() -> Response | tuple[str, int]:
    """Ask the stewards to confirm for whom the person works."""
    form = Form.read(AskingSchema())
    with form.refusals_shown():
        if form.sound:
            message = clean_line(form.cleaned["message"], limit=1000)
            with unit_of_work():
                place = _institution_of(form)
                person, role = current_person(), form.cleaned["role"]
                requests.ask(person, place, role, message=message, now=utcnow())
            flash(_("Thank you. A steward looks at it, and you get an answer by mail."), "ok")
            return redirect(url_for("institutions.work"), 303)
    return _page(form, words=form.values.get("q", "")), 422


@bp.post("/my/roles/<institution>/leave")
@signed_in
def leave(institution: str) -> Response:
    """Stop working for an institution."""
    with unit_of_work():
        place, person = institution_by_slug(institution), current_person()
        members.leave(person, place, now=utcnow())
        name = phrases.name_of(place)
    flash(_("You no longer work for %(institution)s.", institution=name), "ok")
    return redirect(url_for("institutions.work"), 303)


def _institution_of(form: Form) -> Institution | str:
    """Find the institution that was chosen, or the name that was written instead."""
    chosen = form.cleaned["institution"]
    if chosen != NOT_LISTED:
        return institution_by_slug(chosen)
    name = clean_line(form.cleaned["name"], limit=300)
    if not name:
        raise Invalid({"name": REQUIRED["required"]})
    return name


def _page(form: Form, *, words: str) -> str:
    person = current_person()
    found = queries.institutions_named(words) if words.strip() else []
    choices = [{"code": one.slug, "label": _told(one)} for one in found[:MOST_FOUND]]
    not_listed = {"code": NOT_LISTED, "label": str(_l("It is not in this list"))}
    return render_template(
        "institutions/work.html",
        form=form,
        words=words,
        searched=bool(words.strip()),
        choices=[*choices, not_listed],
        more=len(found) > MOST_FOUND,
        roles=phrases.roles_told(),
        places=_places(person),
        requests=[_request(one) for one in waiting.requests_of(person)],
        ask_url=url_for("institutions.ask"),
        here_url=url_for("institutions.work"),
    )


def _told(institution: Institution) -> str:
    name = phrases.name_of(institution)
    if not institution.city:
        return name
    return _("%(institution)s, %(city)s", institution=name, city=institution.city)


def _places(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "name": phrases.name_of(one.institution),
            "role": phrases.ROLES[one.role],
            "may": phrases.MAY[one.role],
            "people_url": url_for("institutions.people", institution=one.institution.slug)
            if one.role is MemberRole.OWNER
            else None,
            "leave_url": url_for("institutions.leave", institution=one.institution.slug),
        }
        for one in queries.memberships_of(person)
    ]


def _request(asked: RoleRequest) -> dict[str, Any]:
    listed = asked.institution
    return {
        "name": phrases.name_of(listed) if listed else asked.institution_name,
        "role": phrases.ROLES[asked.role],
        "state": phrases.STATES[asked.state],
        "reason": asked.reason,
        "asked": day_of(asked.asked_at),
    }
