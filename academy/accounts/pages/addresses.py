"""Another address: asked for here, confirmed at the old one and at the new one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from academy.access import current_person, fresh, person_or_none, public, signed_in
from academy.accounts import addresses, rules
from academy.accounts.pages.blueprint import bp, email_field
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid
from academy.i18n import gettext as _
from academy.security import link_limit, session_limit
from academy.tokens.models import Purpose
from academy.tokens.queries import open_token
from academy.web.forms import Form


class AddressSchema(Schema):
    """What another address takes."""

    email = email_field()


@bp.get("/my/account/address")
@signed_in
@fresh
def change_address() -> str:
    """Show the form for another address."""
    return _page(Form(action=request.path))


@bp.post("/my/account/address")
@signed_in
@fresh
@session_limit
def change_address_post() -> Response | tuple[str, int]:
    """Have both addresses asked; whether a stranger has the new one is not told."""
    form = Form.read(AddressSchema())
    with form.refusals_shown():
        if form.sound:
            _ask(form.cleaned["email"].strip())
            flash(_("Two mails are on their way: confirm at the old address and the new."), "ok")
            return redirect(url_for("accounts.profile"), 303)
    return _page(form), 422


@bp.get("/address/old/<secret>")
@public
@link_limit
def confirm_old_address(secret: str) -> str:
    """Show one button to who reads the mails of the old address."""
    return _button(secret, Purpose.OLD_ADDRESS)


@bp.post("/address/old/<secret>")
@public
@link_limit
def confirm_old_address_post(secret: str) -> Response:
    """Confirm at the old address."""
    return _confirm(secret, Purpose.OLD_ADDRESS)


@bp.get("/address/new/<secret>")
@public
@link_limit
def confirm_new_address(secret: str) -> str:
    """Show one button to who reads the mails of the new address."""
    return _button(secret, Purpose.NEW_ADDRESS)


@bp.post("/address/new/<secret>")
@public
@link_limit
def confirm_new_address_post(secret: str) -> Response:
    """Confirm at the new address."""
    return _confirm(secret, Purpose.NEW_ADDRESS)


def _ask(address: str) -> None:
    if not rules.lasts(address):
        raise Invalid({"email": rules.NOT_FOR_LONG})
    with unit_of_work():
        person = current_person()
        if address == person.email:
            raise Invalid({"email": rules.SAME_ADDRESS})
        addresses.ask_for_address(person, address, now=utcnow())


def _button(secret: str, purpose: Purpose) -> str:
    token = open_token(secret, purpose, now=utcnow())
    return render_template(
        "accounts/one_button.html",
        heading=_("Change your address"),
        said=_("The new address of your account: %(email)s", email=token.subject),
        label=_("Yes, change it"),
        action=request.path,
    )


def _confirm(secret: str, purpose: Purpose) -> Response:
    with unit_of_work():
        changed = addresses.confirm_address(secret, purpose, now=utcnow())
    if changed:
        flash(_("Your account has its new address. You sign in with it from now on."), "ok")
    else:
        flash(_("Thank you. Now confirm the mail at the other address too."), "ok")
    here = "accounts.profile" if person_or_none() else "accounts.sign_in"
    return redirect(url_for(here), 303)


def _page(form: Form) -> str:
    return render_template(
        "accounts/address.html",
        form=form,
        email=current_person().email,
        profile_url=url_for("accounts.profile"),
    )
