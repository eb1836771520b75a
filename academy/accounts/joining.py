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
from academy.tokens.queries import codes_are_good

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


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came in by a mail of which purpose, and where they were going (a path of ours).

    `password_gone`: the one chosen at sign-up is thrown away, for it was chosen elsewhere.
    """

    person: Person
    purpose: Purpose
    way_on: str
    password_gone: bool


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


def mark_of(password_hash: str) -> str:
    """Give what a browser keeps to show that this very password was chosen, or known, in it."""
    return queries.token_hash(password_hash) if password_hash else ""


def was_chosen_elsewhere(person: Person, chosen: str) -> bool:
    """Tell whether an unconfirmed address has another password than the browser has `chosen`.

    Who reads the mails there need not be who has chosen it.
    """
    unsure = person.confirmed_at is None and person.password_hash != ""
    return unsure and mark_of(person.password_hash) != chosen


def distrust(person: Person | None, *, chosen: str = "") -> bool:
    """Keep no password for an unconfirmed address that was chosen elsewhere; tell if one goes."""
    if person is None or not was_chosen_elsewhere(person, chosen):
        return False
    person.password_hash = ""
    return True


def come_in(secret: str, purpose: Purpose, *, chosen: str = "", now: datetime) -> Arrival:
    """Use up a mailed link that confirms an address (CONFIRM) or signs in (SIGN_IN).

    `chosen` is the mark of the password that was chosen in this browser: no other one is confirmed
    with the address. Raises TokenUnknown, TokenUsed or TokenExpired.
    """
    return _let_in(use_token(secret, purpose, now=now), chosen, now)


def come_in_by_code(
    person: Person | None, code: str, *, chosen: str = "", now: datetime
) -> Arrival | None:
    """Use up the code of a mail, as `come_in` does its link; None counts as a wrong try.

    After too many wrong ones in a day no code is right. The caller commits in both cases and then
    refuses with WrongCode.
    """
    if person is None or rules.is_shut(person) or not codes_are_good(person, now=now):
        return None
    for purpose in (Purpose.SIGN_IN, Purpose.CONFIRM):
        token = use_code(person, purpose, code, now=now)
        if token is not None:
            return _let_in(token, chosen, now)
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


def _let_in(token: Token, chosen: str, now: datetime) -> Arrival:
    person = token.person
    gone = distrust(person, chosen=chosen)
    if person.confirmed_at is None:
        person.confirmed_at = now
        revive_address(person.email)
        audit.note("address-confirmed", f"person:{person.reference}", by=person, now=now)
    forget_tokens(person, Purpose.SIGN_IN, Purpose.CONFIRM, now=now)
    return Arrival(person, token.purpose, token.subject, gone)
