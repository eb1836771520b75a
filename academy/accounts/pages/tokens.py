"""My tokens: what programs use the API with, made, shown once, listed, revoked."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from academy.access import current_person, fresh, signed_in
from academy.accounts.pages.blueprint import bp
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid
from academy.i18n import gettext as _
from academy.i18n import ngettext
from academy.security import session_limit
from academy.text import clean_line
from academy.tokens import operations, queries
from academy.tokens.models import ApiToken
from academy.tokens.rules import SCOPES
from academy.web.forms import REQUIRED, Form
from academy.web.moments import moment
from academy.web.once import is_first, once

LASTS = (30, 90, 365)
"""Days for which a token may be good."""

MEANING: dict[str, LazyString] = {
    "enrolments": _l("See what you take part in, enrol you, and withdraw you."),
    "reviews": _l("Read, write and change your feedback."),
    "publishing": _l("Change and publish the offers of institutions you edit for."),
}


class ApiTokenSchema(Schema):
    """What a token takes, besides its scopes."""

    name = fields.String(
        required=True,
        error_messages=REQUIRED,
        validate=validate.Length(max=80, error=_l("Use at most 80 characters.")),
    )
    days = fields.Integer(
        required=True,
        error_messages=REQUIRED | {"invalid": REQUIRED["required"]},
        validate=validate.OneOf(LASTS, error=_l("Choose one of the answers.")),
    )


@bp.get("/my/account/tokens")
@signed_in
def api_tokens() -> str:
    """List the person's tokens, and show the form for another."""
    return _page(Form(action=request.path, values={"days": "90"}))


@bp.post("/my/account/tokens")
@signed_in
@fresh
@session_limit
def make_api_token() -> Response | str | tuple[str, int]:
    """Make a token and show its secret, in this answer and never again."""
    form = Form.read(ApiTokenSchema())
    with form.refusals_shown():
        if form.sound:
            made = _make(form)
            if made is None:
                flash(_("This form was sent twice. The token was made once."), "info")
                return redirect(url_for("accounts.api_tokens"), 303)
            return _page(Form(action=request.path, values={"days": "90"}), made=made)
    return _page(form), 422


@bp.post("/my/account/tokens/<reference>/revoke")
@signed_in
def revoke_api_token(reference: str) -> Response:
    """Revoke one of the person's own tokens."""
    with unit_of_work():
        operations.revoke_api_token(current_person(), reference, now=utcnow())
    flash(_("The token is revoked. Programs that have it can do nothing with it now."), "ok")
    return redirect(url_for("accounts.api_tokens"), 303)


def _make(form: Form) -> str | None:
    """Make the token; None when this very form has made one before."""
    name = clean_line(form.cleaned["name"], limit=80)
    scopes = [scope for scope in SCOPES if scope in request.form.getlist("scopes")]
    if not name or not scopes:
        raise Invalid({"name" if not name else "scopes": REQUIRED["required"]})
    lasts = timedelta(days=form.cleaned["days"])
    with unit_of_work():
        person = current_person()
        if not is_first(person, request.form, now=utcnow()):
            return None
        return operations.make_api_token(person, name, scopes=scopes, lasts=lasts, now=utcnow())


def _page(form: Form, *, made: str | None = None) -> str:
    chosen = request.form.getlist("scopes") if form.errors else []
    scopes = [{"code": code, "label": MEANING[code], "chosen": code in chosen} for code in SCOPES]
    lasts = [
        {"code": str(days), "label": ngettext("%(num)s day", "%(num)s days", days)}
        for days in LASTS
    ]
    return render_template(
        "accounts/tokens.html",
        form=form,
        made=made,
        once=once(),
        scopes=scopes,
        lasts=lasts,
        tokens=[_row(token) for token in queries.api_tokens_of(current_person())],
        profile_url=url_for("accounts.profile"),
    )


def _row(token: ApiToken) -> dict[str, object]:
    return {
        "name": token.name,
        "ending": f"{operations.API_PREFIX}…{token.ending}",
        "scopes": [MEANING[scope] for scope in token.scopes if scope in MEANING],
        "is_over": token.expires_at <= utcnow(),
        "expires": moment(token.expires_at),
        "used": moment(token.last_used_at) if token.last_used_at else None,
        "revoke_url": url_for("accounts.revoke_api_token", reference=token.reference),
    }
