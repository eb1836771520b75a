"""Saying no to a group of mails without signing in: by an address that only the mail knows."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeSerializer
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


def signed(person: Person, group: Group) -> str:
    """Make what stands in the address: it never expires, and is good for this alone."""
    return _signer().dumps([person.reference, group.value])


def unsigned(token: str) -> tuple[Person, Group]:
    """Tell who does not want which mails. Raises UnknownAddress."""
    try:
        reference, name = _signer().loads(token)
        group = Group(name)
    except (BadData, ValueError, TypeError) as error:
        raise UnknownAddress from error
    found = select(Person).where(Person.reference == reference, Person.erased_at.is_(None))
    person = db.session.scalar(found)
    if person is None or group in ALWAYS_SENT:
        raise UnknownAddress
    return person, group


def _signer() -> URLSafeSerializer:
    settings: Settings = current_app.config["SETTINGS"]
    return URLSafeSerializer(settings.secret_key, salt="notices.unsubscribe")
