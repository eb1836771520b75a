"""Signing in with a password, and out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from academy import cookies
from academy.access import public
from academy.accounts import joining, operations, queries, rules
from academy.accounts.models import Person
from academy.accounts.pages.blueprint import bp, next_page, text_field
from academy.accounts.pages.coming_in import (
    begin_session,
    remember_asked,
    signed_in_answer,
    signed_out_answer,
    way_on,
)
from academy.db import unit_of_work, utcnow
from academy.i18n import gettext as _
from academy.security import credential_limit
from academy.web.forms import Form


class SignInSchema(Schema):
    """What signing in takes."""

    email = text_field()
    password = text_field()


@bp.get("/sign-in")
@public
def sign_in() -> str:
    """Show the sign-in form."""
    return _page(Form(action=request.full_path, next=next_page()))


@bp.post("/sign-in")
@public
@credential_limit
def sign_in_post() -> Response | tuple[str, int]:
    """Check address and password, and start a session."""
    form = Form.read(SignInSchema(), next_page=next_page())
    with form.refusals_shown():
        if form.sound:
            person = _checked_person(form)
            if person.confirmed_at is None:
                return _ask_to_confirm(form)
            return _let_in(form)
    return _page(form), 422


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """End this browser's session, if there is one."""
    token = cookies.session_token()
    if token:
        with unit_of_work():
            operations.end_session(token)
    return signed_out_answer()


def _page(form: Form) -> str:
    return render_template(
        "accounts/sign_in.html",
        form=form,
        sign_up_url=url_for("accounts.sign_up", next=form.next),
        link_url=url_for("accounts.ask_for_link", next=form.next),
        forgotten_url=url_for("accounts.forgotten"),
    )


def _checked_person(form: Form) -> Person:
    person = queries.person_by_email(form.cleaned["email"])
    if not operations.password_fits(person, form.cleaned["password"]) or person is None:
        raise rules.WrongCredentials
    return person


def _let_in(form: Form) -> Response:
    with unit_of_work():
        known = queries.person_by_email(form.cleaned["email"])
        if known is None or not rules.may_come_in(known):
            raise rules.WrongCredentials
        secret = begin_session(known)
    return signed_in_answer(secret, form.next)


def _ask_to_confirm(form: Form) -> Response:
    """Send the mail again, and say so: only who knows the password gets here."""
    email = form.cleaned["email"]
    with unit_of_work():
        person = queries.person_by_email(email)
        joining.mail_way_in(person, way_on=way_on(form.next), now=utcnow())
        known = person.password_hash if person else ""
    remember_asked(email, password_hash=known)
    flash(_("This address is not confirmed yet. We are sending you the mail for it again."), "info")
    return redirect(url_for("accounts.code", next=form.next), 303)
