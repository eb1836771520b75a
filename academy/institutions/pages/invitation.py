"""The page an invitation leads to: looking at it changes nothing, accepting it does."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from academy.access import current_person, person_or_none, public, signed_in
from academy.db import unit_of_work, utcnow
from academy.i18n import gettext as _
from academy.institutions import invitations, phrases, queries, waiting
from academy.institutions.pages.blueprint import bp
from academy.web.moments import day_of


@bp.get("/invitations/<secret>")
@public
def invitation(secret: str) -> str:
    """Show who invites to what, and how to accept; nobody else's account gets that far."""
    g.private = g.noindex = True
    found = waiting.opened_invitation(secret, now=utcnow())
    person = person_or_none()
    if person is not None:
        waiting.check_is_for(person, found)
    return render_template(
        "institutions/invitation.html",
        institution=phrases.name_of(found.institution),
        email=found.email,
        role=phrases.ROLES[found.role],
        may=phrases.MAY[found.role],
        until=day_of(found.expires_at),
        accept_url=url_for("institutions.accept", secret=secret) if person else None,
        sign_in_url=url_for("accounts.sign_in", next=request.path),
        sign_up_url=url_for("accounts.sign_up", next=request.path),
    )


@bp.post("/invitations/<secret>/accept")
@signed_in
def accept(secret: str) -> Response:
    """Begin to work for the institution."""
    with unit_of_work():
        membership = invitations.accept(secret, by=current_person(), now=utcnow())
        place = phrases.name_of(queries.institution_with(membership))
    flash(_("Welcome. You now work for %(institution)s.", institution=place), "ok")
    return redirect(url_for("institutions.work"), 303)
