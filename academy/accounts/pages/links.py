"""Signing in by mail: ask for a link and a code, type the code, follow the link."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from academy.access import public
from academy.accounts import joining, queries
from academy.accounts.pages.blueprint import bp, email_field, next_page, text_field
from academy.accounts.pages.coming_in import (
    asked_email,
    begin_by_mail,
    came_in_answer,
    chosen_here,
    has_just_asked,
    remember_asked,
    way_on,
)
from academy.db import unit_of_work, utcnow
from academy.i18n import gettext as _
from academy.security import credential_limit, link_limit
from academy.tokens.models import Purpose
from academy.tokens.queries import open_token
from academy.tokens.rules import WrongCode
from academy.web.forms import Form


class AskSchema(Schema):
    """What asking for a link takes."""

    email = email_field()


class CodeSchema(Schema):
    """What signing in with a code takes."""

    email = email_field()
    code = text_field()


@bp.get("/sign-in/link")
@public
def ask_for_link() -> str:
    """Show the form that has a link mailed."""
    return _ask_page(Form(action=request.full_path, next=next_page()))


@bp.post("/sign-in/link")
@public
@credential_limit
def ask_for_link_post() -> Response | tuple[str, int]:
    """Have link and code mailed, if the address has an account; the answer is always the same."""
    form = Form.read(AskSchema(), next_page=next_page())
    if not form.sound:
        return _ask_page(form), 422
    email = form.cleaned["email"]
    if has_just_asked(email):
        flash(_("A mail was asked for less than a minute ago. Please give it a moment."), "info")
    else:
        with unit_of_work():
            person = queries.person_by_email(email)
            joining.distrust(person, chosen=chosen_here())
            joining.mail_way_in(person, way_on=way_on(form.next), now=utcnow())
        remember_asked(email)
    return redirect(url_for("accounts.code", next=form.next), 303)


@bp.get("/sign-in/code")
@public
def code() -> str:
    """Say that a mail is on its way, and take the code of it."""
    values = {"email": asked_email()}
    return _code_page(Form(action=request.full_path, values=values, next=next_page()))


@bp.post("/sign-in/code")
@public
@credential_limit
def code_post() -> Response | tuple[str, int]:
    """Sign in with the code of a mail; a new address is confirmed by it."""
    form = Form.read(CodeSchema(), next_page=next_page())
    with form.refusals_shown():
        if form.sound:
            return _by_code(form)
    return _code_page(form), 422


@bp.get("/sign-in/with/<secret>")
@public
@link_limit
def sign_in_by_link(secret: str) -> str:
    """Show one button: whatever reads mails before their reader does, does not press it."""
    token = open_token(secret, Purpose.SIGN_IN, now=utcnow())
    return render_template(
        "accounts/one_button.html",
        heading=_("Sign in"),
        said=_("You sign in as %(name)s.", name=token.person.name),
        label=_("Sign in"),
        action=url_for("accounts.sign_in_by_link_post", secret=secret),
    )


@bp.post("/sign-in/with/<secret>")
@public
@link_limit
def sign_in_by_link_post(secret: str) -> Response:
    """Use the link up, and start a session."""
    with unit_of_work():
        arrival = joining.come_in(secret, Purpose.SIGN_IN, now=utcnow())
        session = begin_by_mail(arrival)
    return came_in_answer(session, arrival)


def _by_code(form: Form) -> Response:
    typed, chosen = form.cleaned["code"], chosen_here()
    with unit_of_work():
        person = queries.person_by_email(form.cleaned["email"])
        arrival = joining.come_in_by_code(person, typed, chosen=chosen, now=utcnow())
        session = begin_by_mail(arrival) if arrival else ""
    # Outside the unit of work: the wrong try is to be kept.
    if arrival is None:
        raise WrongCode
    return came_in_answer(session, arrival, form.next)


def _ask_page(form: Form) -> str:
    return render_template(
        "accounts/ask_for_link.html",
        form=form,
        here=_("Sign in by mail"),
        said=_(
            "We send you a link, and a code to type where the link cannot be opened. "
            "You need no password."
        ),
        ways=[
            {"label": _("I have a code"), "url": url_for("accounts.code", next=form.next)},
            {
                "label": _("Sign in with a password"),
                "url": url_for("accounts.sign_in", next=form.next),
            },
        ],
    )


def _code_page(form: Form) -> str:
    again = url_for("accounts.ask_for_link_post", next=form.next)
    return render_template(
        "accounts/code.html",
        form=form,
        asked=asked_email(),
        again_url=again,
        other_url=url_for("accounts.ask_for_link", next=form.next),
    )
