"""Saying no to a group of mails without signing in: by an address that only the mail knows."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, Signer, URLSafeSerializer
from sqlalchemy import select

from academy.accounts.models import Person
from academy.config import Settings
from academy.db import db
from academy.errors import Refusal
from academy.notices.models import Group
from academy.notices.rules import ALWAYS_SENT


class UnknownAddress(Refusal):
    """The address of this page was not made by us, or the account is gone."""

    status = 404
    code = "unsubscribe-unknown"
    sentence = _l("This link is not complete, or is not one of ours. The mail has the whole of it.")


class AddressLeft(Refusal):
    """The mail was sent to an address that the account does not have any more."""

    status = 410
    code = "unsubscribe-address-left"
    sentence = _l(
        "This link was mailed to an address that your account has left. Nothing was changed."
        " Use the link of a later mail, or sign in."
    )


def signed(person: Person, group: Group) -> str:
    """Make what stands in the address: good for this alone, while the person has the address."""
    return _signer().dumps([person.reference, group.value, _mark(person)])


def unsigned(token: str) -> tuple[Person, Group]:
    """Tell who does not want which mails. Raises UnknownAddress or AddressLeft."""
    try:
        reference, name, mark = _signer().loads(token)
        group = Group(name)
    except (BadData, ValueError, TypeError) as error:
        raise UnknownAddress from error
    found = select(Person).where(Person.reference == reference, Person.erased_at.is_(None))
    person = db.session.scalar(found)
    if person is None or group in ALWAYS_SENT:
        raise UnknownAddress
    if mark != _mark(person):
        raise AddressLeft
    return person, group


def _mark(person: Person) -> str:
    """Give what changes with the address of the person, and does not tell it."""
    settings: Settings = current_app.config["SETTINGS"]
    signer = Signer(settings.secret_key, salt="notices.unsubscribe.address")
    return signer.get_signature(person.email_key).decode()


def _signer() -> URLSafeSerializer:
    settings: Settings = current_app.config["SETTINGS"]
    return URLSafeSerializer(settings.secret_key, salt="notices.unsubscribe")
