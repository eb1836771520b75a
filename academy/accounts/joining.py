"""Coming in by mail: an account asked for and confirmed, a link or a code instead of a password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from academy import audit
from academy.accounts import queries, rules
from academy.accounts.models import Person
from academy.db import db
from academy.notices.operations import Recipient, notify, revive_address
from academy.tokens.models import Purpose, Token
from academy.tokens.operations import forget_tokens, use_code, use_token

CONFIRM_ADDRESS, ACCOUNT_EXISTS, SIGN_IN_LINK, RESET_PASSWORD = (
    "confirm-address",
    "account-exists",
    "sign-in-link",
    "reset-password",
)
NOBODY = Recipient(address="nobody@nowhere.invalid")
"""Who is told where there is no account: nothing is sent, and asking takes as long."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What somebody asks for at sign-up; `next` is where they were going (a path of ours)."""

    email: str
    name: str
    password_hash: str
    language: str
    next: str = ""


def ask_for_account(wanted: NewAccount, *, same_password: bool, now: datetime) -> None:
    """Write down who wants an account, and have a mail sent; who asks cannot tell which one.

    A new address is asked to confirm, one with an account is told so. Whoever asks again for an
    address that is not confirmed has to know the password: otherwise none is kept, for the one
    who reads the mails there shall never have a password that somebody else has chosen.
    """
    person = queries.person_by_email(wanted.email)
    if person is None or person.confirmed_at is None:
        keep = person is None or same_password
        person = person or Person()
        _write(person, wanted, keep=keep, now=now)
    mail_way_in(person, ACCOUNT_EXISTS, way_on=wanted.next, now=now)


def mail_way_in(
    person: Person | None, kind: str = SIGN_IN_LINK, *, way_on: str = "", now: datetime
) -> None:
    """Have a link and a code mailed with which the person comes in, `way_on` to a path of ours.

    Who has not confirmed the address is asked to. Asking again within a minute, or too often an
    hour, sends nothing more. The same is done where there is no person, but for nobody.
    """
    if person is not None and person.confirmed_at is None:
        kind = CONFIRM_ADDRESS
    lasts = rules.UNCONFIRMED_LASTS if kind == CONFIRM_ADDRESS else timedelta(hours=1)
    made = queries.mailed_at(person, kind, since=now - timedelta(hours=1))
    to = person if person is not None and rules.may_mail_again(made, now) else NOBODY
    about = secrets.token_hex(12)
    notify(kind, to, about=about, now=now, expires_at=now + lasts, next=way_on or None)


def distrust(person: Person | None) -> None:
    """Keep no password for an unconfirmed address when somebody asks for a mail without it.

    Who reads the mails there need not be who has chosen it.
    """
    if person is not None and person.confirmed_at is None:
        person.password_hash = ""


def come_in(secret: str, purpose: Purpose, *, now: datetime) -> Token:
    """Use up a mailed link that confirms an address (CONFIRM) or signs in (SIGN_IN).

    Raises TokenUnknown, TokenUsed or TokenExpired. The token's `subject` is the way on.
    """
    token = use_token(secret, purpose, now=now)
    _let_in(token.person, now)
    return token


def come_in_by_code(person: Person | None, code: str, *, now: datetime) -> Token | None:
    """Use up the code of a mail, typed where the mail was asked for; None counts as a wrong try.

    The caller commits in both cases and then refuses with WrongCode.
    """
    if person is None or rules.is_shut(person):
        return None
    for purpose in (Purpose.SIGN_IN, Purpose.CONFIRM):
        token = use_code(person, purpose, code, now=now)
        if token is not None:
            _let_in(person, now)
            return token
    return None


def forget_unconfirmed(*, now: datetime) -> None:
    """Remove the accounts whose address was not confirmed in time: nothing was done with them."""
    late = Person.joined_at <= now - rules.UNCONFIRMED_LASTS
    never = (Person.confirmed_at.is_(None), Person.erased_at.is_(None))
    db.session.execute(delete(Person).where(*never, late))


def _write(person: Person, wanted: NewAccount, *, keep: bool, now: datetime) -> None:
    person.email, person.email_key = wanted.email.strip(), rules.email_key(wanted.email)
    person.name, person.language = wanted.name, wanted.language
    person.password_hash = wanted.password_hash if keep else ""
    person.joined_at = now
    db.session.add(person)
    db.session.flush()


def _let_in(person: Person, now: datetime) -> None:
    if person.confirmed_at is None:
        person.confirmed_at = now
        revive_address(person.email)
        audit.note("address-confirmed", f"person:{person.reference}", by=person, now=now)
    forget_tokens(person, Purpose.SIGN_IN, Purpose.CONFIRM, now=now)
