"""Making an account: asked for with the least that works, confirmed by mail."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from academy.access import public
from academy.accounts import joining, operations, queries, rules
from academy.accounts.joining import NewAccount
from academy.accounts.pages.blueprint import bp, email_field, next_page
from academy.accounts.pages.coming_in import (
    begin_by_mail,
    came_in_answer,
    chosen_here,
    remember_asked,
    way_on,
)
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid
from academy.i18n import current_language
from academy.i18n import gettext as _
from academy.security import credential_limit, link_limit, sign_up_limit, stamp, took_their_time
from academy.text import clean_line
from academy.tokens.models import Purpose
from academy.tokens.queries import open_token
from academy.web.forms import REQUIRED, Form

TRAP = "topic"
"""A field nobody sees: what fills it in is a program."""


class SignUpSchema(Schema):
    """What an account takes: the least that works."""

    name = fields.String(
        required=True,
        error_messages=REQUIRED,
        validate=validate.Length(max=120, error=_l("Use at most 120 characters.")),
    )
    email = email_field()
    password = fields.String(load_default="")


@bp.get("/sign-up")
@public
def sign_up() -> str:
    """Show the form for a new account."""
    return _page(Form(action=request.full_path, next=next_page()))


@bp.post("/sign-up")
@public
@sign_up_limit
@credential_limit
def sign_up_post() -> Response | tuple[str, int]:
    """Ask for an account; whether the address has one already is told by mail alone."""
    form = Form.read(SignUpSchema(), next_page=next_page())
    with form.refusals_shown():
        if form.sound:
            hashed = "" if request.form.get(TRAP) else _ask_for_account(form)
            remember_asked(form.cleaned["email"], password_hash=hashed)
            return redirect(url_for("accounts.code", next=form.next), 303)
    return _page(form), 422


@bp.get("/sign-up/confirm/<secret>")
@public
@link_limit
def confirm(secret: str) -> str:
    """Show one button: whatever reads mails before their reader does, does not press it."""
    person = open_token(secret, Purpose.CONFIRM, now=utcnow()).person
    return render_template(
        "accounts/one_button.html",
        heading=_("Confirm your address"),
        said=_("%(email)s becomes the address of your account.", email=person.email),
        note=_chosen_elsewhere() if joining.was_chosen_elsewhere(person, chosen_here()) else None,
        label=_("Confirm and sign in"),
        action=url_for("accounts.confirm_post", secret=secret),
    )


@bp.post("/sign-up/confirm/<secret>")
@public
@link_limit
def confirm_post(secret: str) -> Response:
    """Confirm the address, and start the first session."""
    with unit_of_work():
        chosen = chosen_here()
        arrival = joining.come_in(secret, Purpose.CONFIRM, chosen=chosen, now=utcnow())
        session = begin_by_mail(arrival)
    flash(_("Welcome. Your account is ready."), "ok")
    return came_in_answer(session, arrival)


def _chosen_elsewhere() -> str:
    return _(
        "The password was chosen in another browser. For your safety it will not count: you choose "
        "one on the next page, or sign in by mail from now on."
    )


def _page(form: Form) -> str:
    return render_template(
        "accounts/sign_up.html",
        form=form,
        trap=TRAP,
        stamp=stamp(),
        sign_in_url=url_for("accounts.sign_in", next=form.next),
    )


def _ask_for_account(form: Form) -> str:
    """Ask for the account; gives the hash of the password that was chosen."""
    wanted = _wanted(form)
    # Outside the unit of work, and for every address: it takes its time.
    earlier = queries.person_by_email(wanted.email)
    same = operations.password_fits(earlier, form.cleaned["password"])
    with unit_of_work():
        joining.ask_for_account(wanted, same_password=same, now=utcnow())
    return wanted.password_hash


def _wanted(form: Form) -> NewAccount:
    email, password = form.cleaned["email"].strip(), form.cleaned["password"]
    name = clean_line(form.cleaned["name"], limit=120)
    if not name:
        raise Invalid({"name": REQUIRED["required"]})
    if not rules.lasts(email):
        raise Invalid({"email": rules.NOT_FOR_LONG})
    problem = rules.problem_with_password(password, email=email, name=name) if password else None
    if problem is not None:
        raise Invalid({"password": problem})
    if not took_their_time(request.form.get("stamp", ""), now=utcnow()):
        raise Invalid({"name": _l("That was very quick. Please look at it, and send it again.")})
    hashed = operations.hash_password(password) if password else ""
    return NewAccount(email, name, hashed, current_language(), way_on(form.next))
