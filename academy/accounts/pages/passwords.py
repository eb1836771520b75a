"""Passwords: forgotten and chosen anew by mail, changed, set, removed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from academy import cookies
from academy.access import current_person, fresh, public, signed_in
from academy.accounts import joining, operations, queries, rules
from academy.accounts.models import Person
from academy.accounts.pages.blueprint import bp, email_field, next_page, text_field
from academy.accounts.pages.coming_in import begin_session, signed_in_answer
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid
from academy.i18n import gettext as _
from academy.security import credential_limit, link_limit, session_limit
from academy.tokens.models import Purpose
from academy.tokens.queries import open_token
from academy.web.forms import Form


class ForgottenSchema(Schema):
    """What a new password is asked for with."""

    email = email_field()


class NewPasswordSchema(Schema):
    """What a new password takes: it alone; browsers and people keep it, not a second field."""

    password = text_field()


@bp.get("/password/forgotten")
@public
def forgotten() -> str:
    """Show the form that has a link to a new password mailed."""
    return _forgotten_page(Form(action=request.full_path))


@bp.post("/password/forgotten")
@public
@credential_limit
def forgotten_post() -> Response | tuple[str, int]:
    """Have the link mailed, if the address has an account; the answer is always the same."""
    form = Form.read(ForgottenSchema())
    if not form.sound:
        return _forgotten_page(form), 422
    with unit_of_work():
        person = queries.person_by_email(form.cleaned["email"])
        joining.distrust(person)
        joining.mail_way_in(person, joining.RESET_PASSWORD, now=utcnow())
    flash(_("If this address has an account, a mail with a link is on its way to it."), "ok")
    return redirect(url_for("accounts.sign_in"), 303)


@bp.get("/password/reset/<secret>")
@public
@link_limit
def reset(secret: str) -> str:
    """Show the form for a new password to who follows the link of the mail."""
    open_token(secret, Purpose.RESET, now=utcnow())
    return _password_page(Form(action=request.path), ends_all=True)


@bp.post("/password/reset/<secret>")
@public
@link_limit
def reset_post(secret: str) -> Response | tuple[str, int]:
    """Use the link up: a new password, every other door shut, and a first session."""
    form = Form.read(NewPasswordSchema())
    with form.refusals_shown():
        person = open_token(secret, Purpose.RESET, now=utcnow()).person
        if form.sound:
            hashed = _hash_of_sound(form, person)
            with unit_of_work():
                owner = operations.reset_password(secret, hashed, now=utcnow())
                session = begin_session(owner)
            flash(_("The new password counts now. You were signed out everywhere else."), "ok")
            return signed_in_answer(session, None)
    return _password_page(form, ends_all=True), 422


@bp.get("/my/account/password")
@signed_in
@fresh
def change_password() -> str:
    """Show the form for another password, or for a first one."""
    form = Form(action=request.full_path.rstrip("?"), next=next_page())
    return _password_page(form, person=current_person())


@bp.post("/my/account/password")
@signed_in
@fresh
@session_limit
def change_password_post() -> Response | tuple[str, int]:
    """Change the password; every other browser is signed out."""
    form = Form.read(NewPasswordSchema(), next_page=next_page())
    with form.refusals_shown():
        if form.sound:
            _set(_hash_of_sound(form, current_person()))
            flash(_("The new password counts now. You were signed out everywhere else."), "ok")
            return redirect(form.next or url_for("accounts.profile"), 303)
    return _password_page(form, person=current_person()), 422


@bp.post("/my/account/password/remove")
@signed_in
@fresh
@session_limit
def remove_password() -> Response:
    """Do without a password: links and codes that come by mail are enough."""
    _set("")
    flash(_("Your account has no password now. You sign in by mail."), "ok")
    return redirect(url_for("accounts.profile"), 303)


def _set(hashed: str) -> None:
    keep = cookies.session_token() or ""
    with unit_of_work():
        operations.set_password(current_person(), hashed, keep=keep, now=utcnow())


def _hash_of_sound(form: Form, person: Person) -> str:
    password = form.cleaned["password"]
    problem = rules.problem_with_password(password, email=person.email, name=person.name)
    if problem is not None:
        raise Invalid({"password": problem})
    return operations.hash_password(password)


def _forgotten_page(form: Form) -> str:
    return render_template(
        "accounts/ask_for_link.html",
        form=form,
        here=_("Choose a new password"),
        said=_("We send you a link with which you choose one. Until then the old one counts."),
        ways=[],
    )


def _password_page(form: Form, *, person: Person | None = None, ends_all: bool = False) -> str:
    has_one = person is not None and person.password_hash != ""
    return render_template(
        "accounts/password.html",
        form=form,
        ends_all=ends_all,
        remove_url=url_for("accounts.remove_password") if has_one else None,
        profile_url=url_for("accounts.profile") if person else None,
    )
