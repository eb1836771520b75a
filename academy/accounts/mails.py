"""The mails of accounts: ways in, and what changed. Secrets are made here, at sending time."""

from __future__ import annotations

from flask import url_for

from academy.accounts import addresses, joining, operations, queries
from academy.accounts.models import Person
from academy.i18n import gettext as _
from academy.notices.composing import Action, Mail, Reader, mail
from academy.notices.models import Group, Notice
from academy.tokens.models import Purpose
from academy.tokens.operations import API_TOKEN_MADE, Secret, make_token
from academy.web.pages import absolute


@mail(joining.CONFIRM_ADDRESS, Group.ACCOUNT)
def confirm_address(notice: Notice, reader: Reader) -> Mail | None:
    """Ask a new address to prove that its person reads what comes there."""
    person = reader.person
    if person is None or person.confirmed_at is not None:
        return None
    secret = make_token(person, Purpose.CONFIRM, now=reader.now, subject=_way_on(notice))
    return Mail(
        subject=_("Confirm your address"),
        paragraphs=[
            _("Welcome to the Urban Academy. One step is left: show that this address is yours."),
            _("The link opens a page with one button. You can also type the code."),
        ],
        action=Action(_("Confirm the address"), _link("accounts.confirm", secret)),
        facts=_code(secret),
        after=[
            _("Link and code are good for 7 days; then the account is removed."),
            _("If you did not ask for an account, do nothing."),
        ],
    )


@mail(joining.ACCOUNT_EXISTS, Group.ACCOUNT)
def account_exists(notice: Notice, reader: Reader) -> Mail | None:
    """Tell who has an account that somebody, probably they, asked for another."""
    person = reader.person
    if person is None:
        return None
    secret = make_token(person, Purpose.SIGN_IN, now=reader.now, subject=_way_on(notice))
    return Mail(
        subject=_("You have an account already"),
        paragraphs=[
            _("Somebody, probably you, asked for an account with this address. You have one."),
            _("This link signs you in, and so does the code. Your password stays as it is."),
        ],
        action=Action(_("Sign in"), _link("accounts.sign_in_by_link", secret)),
        facts=_code(secret),
        further=[Action(_("Choose a new password"), _page("accounts.forgotten"))],
        after=[
            _("Link and code are good for 30 minutes."),
            _("If it was not you, do nothing: nobody was told that you have an account."),
        ],
    )


@mail(joining.SIGN_IN_LINK, Group.ACCOUNT)
def sign_in_link(notice: Notice, reader: Reader) -> Mail | None:
    """Give a person a way in without a password."""
    person = reader.person
    if person is None or person.confirmed_at is None:
        return None
    secret = make_token(person, Purpose.SIGN_IN, now=reader.now, subject=_way_on(notice))
    return Mail(
        subject=_("Your link to sign in"),
        paragraphs=[_("This link signs you in. On another device, type the code instead.")],
        action=Action(_("Sign in"), _link("accounts.sign_in_by_link", secret)),
        facts=_code(secret),
        after=[
            _("Link and code are good for 30 minutes."),
            _("If you did not ask for it, do nothing. Never tell anybody the code."),
        ],
    )


@mail(joining.RESET_PASSWORD, Group.ACCOUNT)
def reset_password(notice: Notice, reader: Reader) -> Mail | None:
    """Let a person choose a new password."""
    person = reader.person
    if person is None or person.confirmed_at is None:
        return None
    secret = make_token(person, Purpose.RESET, now=reader.now)
    return Mail(
        subject=_("Choose a new password"),
        paragraphs=[
            _("With this link you choose a new password. You are then signed out everywhere else."),
        ],
        action=Action(_("Choose a new password"), _link("accounts.reset", secret)),
        after=[
            _("The link is good for 2 hours."),
            _("If you did not ask for it, do nothing: your password stays as it is."),
        ],
    )


@mail(operations.PASSWORD_CHANGED, Group.ACCOUNT)
def password_changed(notice: Notice, reader: Reader) -> Mail | None:
    """Tell that the password is another one, or gone."""
    if reader.person is None:
        return None
    if notice.details.get("how") == "removed":
        subject = _("Your password was removed")
        said = _("From now on you sign in with a link that comes by mail.")
    else:
        subject = _("Your password was changed")
        said = _("From now on the new password is the one that counts.")
    return _told(reader.person, subject, said)


@mail(addresses.OLD_ADDRESS, Group.ACCOUNT)
def old_address(notice: Notice, reader: Reader) -> Mail | None:
    """Ask at the address of the account whether it may become another."""
    person, address = reader.person, notice.details.get("address", "")
    if person is None or not addresses.is_latest(notice):
        return None
    secret = make_token(person, Purpose.OLD_ADDRESS, now=reader.now, subject=address)
    return Mail(
        subject=_("Is this change of address yours?"),
        paragraphs=[
            _("Somebody who is signed in to your account asked for another address."),
            _("It changes when you have confirmed both mails: this one and the one sent there."),
        ],
        facts=[(_("New address"), address)],
        action=Action(_("Yes, change it"), _link("accounts.confirm_old_address", secret)),
        after=[
            _("The link is good for 2 days."),
            _("If it was not you, do not follow it. Sign out everywhere and change your password."),
        ],
    )


@mail(addresses.NEW_ADDRESS, Group.ACCOUNT)
def new_address(notice: Notice, reader: Reader) -> Mail | None:
    """Ask at the new address whether its person wants to be reached there."""
    person = reader.person
    if person is None or not addresses.is_latest(notice):
        return None
    holder = queries.person_by_email(reader.address)
    if holder is not None and holder.confirmed_at is not None:
        return _address_in_use()
    secret = make_token(person, Purpose.NEW_ADDRESS, now=reader.now, subject=reader.address)
    return Mail(
        subject=_("Confirm your new address"),
        paragraphs=[
            _("Somebody wants to use this address for their account at the Urban Academy."),
            _("It changes when both mails are confirmed: this one and the one to the old address."),
        ],
        action=Action(_("Yes, use this address"), _link("accounts.confirm_new_address", secret)),
        after=[
            _("The link is good for 2 days."),
            _("If you did not ask for it, do nothing."),
        ],
    )


@mail(addresses.ADDRESS_CHANGED, Group.ACCOUNT)
def address_changed(notice: Notice, reader: Reader) -> Mail | None:
    """Tell the old address and the new one that the account has moved."""
    if reader.person is None:
        return None
    said = _("Mails go to the new address from now on, and you sign in with it.")
    if reader.address == reader.person.email:
        return _told(reader.person, _("The address of your account was changed"), said)
    return Mail(
        subject=_("The address of your account was changed"),
        paragraphs=[said],
        after=[_("If it was not you, answer this mail at once.")],
    )


@mail(API_TOKEN_MADE, Group.ACCOUNT)
def api_token_made(notice: Notice, reader: Reader) -> Mail | None:
    """Tell that a program can use the account now."""
    if reader.person is None:
        return None
    return Mail(
        subject=_("A token was made for your account"),
        paragraphs=[_("A program that has it can act for you, within what you allowed.")],
        facts=[(_("Name"), notice.details.get("name", ""))],
        action=Action(_("See your tokens"), _page("accounts.api_tokens")),
        after=[_("If it was not you, revoke it there and change your password.")],
    )


def _told(person: Person, subject: str, said: str) -> Mail:
    return Mail(
        subject=subject,
        paragraphs=[said],
        action=Action(_("Your account"), _page("accounts.profile")),
        after=[
            _("If it was not you, choose a new password at once: that ends every sign-in."),
        ],
        further=[Action(_("Choose a new password"), _page("accounts.forgotten"))],
    )


def _address_in_use() -> Mail:
    """Tell whoever has an account with an address that another account asked for it."""
    return Mail(
        subject=_("This address has an account already"),
        paragraphs=[
            _("Somebody wanted to use this address for another account. Nothing was changed."),
            _("If it was you: sign in with this address, or keep the other account as it is."),
        ],
        action=Action(_("Sign in"), _page("accounts.sign_in")),
    )


def _way_on(notice: Notice) -> str:
    return str(notice.details.get("next", ""))


def _code(secret: Secret) -> list[tuple[str, str]]:
    return [(_("Code"), f"{secret.code[:3]} {secret.code[3:]}")]


def _link(endpoint: str, secret: Secret) -> str:
    return absolute(url_for(endpoint, secret=secret.token))


def _page(endpoint: str) -> str:
    return absolute(url_for(endpoint))
