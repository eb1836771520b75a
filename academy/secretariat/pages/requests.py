"""Requests for a role: read one, find the institution, say yes or no."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from academy.access import current_person, section_steward
from academy.accounts.models import Person
from academy.db import unit_of_work, utcnow
from academy.errors import Missing
from academy.i18n import gettext as _
from academy.i18n import ngettext
from academy.institutions import phrases, requests, waiting
from academy.institutions.models import Institution, MemberRole, RequestState, RoleRequest
from academy.institutions.queries import (
    IN_THE_ACADEMY,
    institution_by_slug,
    institutions_named,
    kept_by,
)
from academy.institutions.rules import keeps_in_order
from academy.secretariat.pages.frame import bp
from academy.secretariat.pages.reasons import ReasonSchema, reason_in
from academy.web.forms import REQUIRED, Form
from academy.web.moments import day_of
from academy.web.paging import Page

NEW = "-"
"""What the form sends to put the institution on the map as it was named."""

MOST_FOUND = 10


class GrantingSchema(Schema):
    """What granting a request takes."""

    institution = fields.String(required=True, error_messages=REQUIRED)
    role = fields.Enum(MemberRole, by_value=True, required=True, error_messages=REQUIRED)


def waiting_count() -> int:
    """Count the requests that wait for the present steward."""
    return len(waiting.waiting_requests(current_person()))


def waiting_told(number: int) -> str:
    """Say how many requests wait."""
    return ngettext(
        "%(num)d person says for whom they work, and waits for an answer",
        "%(num)d people say for whom they work, and wait for an answer",
        number,
    )


@bp.get("/requests")
@section_steward
def role_requests() -> str:
    """List the requests that wait for this steward, oldest first."""
    found, page = waiting.waiting_requests(current_person()), Page.asked()
    rows = [_row(one) for one in page.of(found)]
    pages = page.ways(len(found))
    return render_template("secretariat/requests.html", requests=rows, pages=pages)


@bp.get("/requests/<reference>")
@section_steward
def role_request(reference: str) -> str:
    """Show a request, with the institutions that it may mean."""
    return _page(waiting.request_for(current_person(), reference), Form(action=""))


@bp.post("/requests/<reference>/grant")
@section_steward
def grant(reference: str) -> Response | tuple[str, int]:
    """Say yes."""
    form = Form.read(GrantingSchema())
    if not form.sound:
        return _page(waiting.request_for(current_person(), reference), form), 422
    with unit_of_work():
        by = current_person()
        asked = waiting.request_for(by, reference)
        place = _chosen(form, by)
        requests.grant(asked, place, form.cleaned["role"], by=by, now=utcnow())
    flash(_("The request is granted. The person hears of it by mail."), "ok")
    return redirect(url_for("secretariat.role_requests"), 303)


@bp.post("/requests/<reference>/refuse")
@section_steward
def refuse(reference: str) -> Response | tuple[str, int]:
    """Say no, and why."""
    form = Form.read(ReasonSchema())
    with form.refusals_shown():
        if form.sound:
            reason = reason_in(form)
            with unit_of_work():
                by = current_person()
                asked = waiting.request_for(by, reference)
                requests.refuse(asked, reason=reason, by=by, now=utcnow())
            flash(_("The request is refused. The person hears why by mail."), "ok")
            return redirect(url_for("secretariat.role_requests"), 303)
    return _page(waiting.request_for(current_person(), reference), form), 422


def _chosen(form: Form, by: Person) -> Institution | None:
    """Find the chosen institution, one of those the steward keeps in order."""
    if form.cleaned["institution"] == NEW:
        return None
    place = institution_by_slug(form.cleaned["institution"])
    if not keeps_in_order(by, place):
        raise Missing
    return place


def _row(asked: RoleRequest) -> dict[str, Any]:
    listed = asked.institution
    return {
        "person": asked.person.name,
        "email": asked.person.email,
        "confirmed": asked.person.confirmed_at is not None,
        "institution": phrases.name_of(listed) if listed else asked.institution_name,
        "listed": listed is not None,
        "role": phrases.ROLES[asked.role],
        "message": asked.message,
        "asked": day_of(asked.asked_at),
        "url": url_for("secretariat.role_request", reference=asked.reference),
    }


def _page(asked: RoleRequest, form: Form) -> str:
    listed = asked.institution
    words = request.args.get("q", "") or ("" if listed else asked.institution_name)
    return render_template(
        "secretariat/request.html",
        form=form,
        row=_row(asked),
        waits=asked.state is RequestState.WAITING,
        state=phrases.STATES[asked.state],
        reason=asked.reason,
        words=words,
        choices=_choices(asked, words),
        chosen=form.values.get("institution") or (listed.slug if listed else ""),
        roles=phrases.roles_told(),
        role=form.values.get("role") or asked.role.value,
        here_url=url_for("secretariat.role_request", reference=asked.reference),
        grant_url=url_for("secretariat.grant", reference=asked.reference),
        refuse_url=url_for("secretariat.refuse", reference=asked.reference),
    )


def _choices(asked: RoleRequest, words: str) -> list[dict[str, str]]:
    """List the institutions it may be: the one that was chosen, or those that are called so."""
    if asked.institution is not None:
        found = [asked.institution]
    else:
        among = (IN_THE_ACADEMY, kept_by(current_person()))
        found = institutions_named(words, among=among)[:MOST_FOUND]
    choices = [{"code": one.slug, "label": phrases.name_of(one)} for one in found]
    if asked.institution is None:
        new = _("A new one: %(name)s", name=asked.institution_name)
        choices.append({"code": NEW, "label": new})
    return choices
