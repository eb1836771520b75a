"""Showing once more who one is, before what matters is changed."""

from __future__ import annotations

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from academy import cookies
from academy.access import current_person, signed_in
from academy.accounts import joining, operations, rules
from academy.accounts.pages.blueprint import bp, next_page
from academy.accounts.pages.coming_in import way_on
from academy.config import Settings
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid
from academy.i18n import gettext as _
from academy.security import session_limit
from academy.tokens.rules import WrongCode
from academy.web.forms import REQUIRED, Form


class ProofSchema(Schema):
    """One of two proofs: the password, or the code of a mail."""

    password = fields.String(load_default="")
    code = fields.String(load_default="")


@bp.get("/my/account/prove")
@signed_in
def prove() -> str:
    """Ask for the password, or for the code of a mail."""
    return _page(Form(action=request.full_path, next=next_page()))


@bp.post("/my/account/prove")
@signed_in
@session_limit
def prove_post() -> Response | tuple[str, int]:
    """Take the proof, and lead on to what asked for it."""
    form = Form.read(ProofSchema(), next_page=next_page())
    with form.refusals_shown():
        if form.sound:
            secret = _by_password(form) if form.cleaned["password"] else _by_code(form)
            response = make_response(redirect(form.next or url_for("accounts.profile"), 303))
            cookies.remember_session(response, secret)
            return response
    return _page(form), 422


@bp.post("/my/account/prove/mail")
@signed_in
@session_limit
def mail_proof() -> Response:
    """Have a code mailed to the person's own address."""
    target = next_page()
    with unit_of_work():
        joining.mail_way_in(current_person(), way_on=way_on(target), now=utcnow())
    flash(_("A mail with a code is on its way to you."), "ok")
    return redirect(url_for("accounts.prove", next=target), 303)


def _by_password(form: Form) -> str:
    if not operations.password_fits(current_person(), form.cleaned["password"]):
        raise Invalid({"password": rules.WRONG_PASSWORD})
    return _proved()


def _by_code(form: Form) -> str:
    if not form.cleaned["code"]:
        raise Invalid({"password": REQUIRED["required"]})
    with unit_of_work():
        token = joining.come_in_by_code(current_person(), form.cleaned["code"], now=utcnow())
    # Outside the unit of work: the wrong try is to be kept.
    if token is None:
        raise WrongCode
    return _proved()


def _proved() -> str:
    with unit_of_work():
        return operations.prove(cookies.session_token() or "", now=utcnow())


def _page(form: Form) -> str:
    settings: Settings = current_app.config["SETTINGS"]
    return render_template(
        "accounts/prove.html",
        form=form,
        has_password=current_person().password_hash != "",
        mail_url=url_for("accounts.mail_proof", next=form.next),
        sends_mail=bool(settings.mail_url),
    )
