"""Changing one's address: asked for while signed in, confirmed at the old one and at the new."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, func, select

from academy import audit
from academy.accounts import queries, rules
from academy.accounts.models import Person
from academy.db import db
from academy.notices.models import Notice
from academy.notices.operations import Recipient, notify, revive_address
from academy.tokens.models import Purpose, Token
from academy.tokens.operations import forget_tokens, use_token
from academy.tokens.rules import LASTS

OLD_ADDRESS, NEW_ADDRESS, ADDRESS_CHANGED = "old-address", "new-address", "address-changed"
BOTH = (Purpose.OLD_ADDRESS, Purpose.NEW_ADDRESS)


def ask_for_address(person: Person, address: str, *, now: datetime) -> None:
    """Have a link mailed to the old address and to the new one; what was asked before is void.

    Whether somebody else has the new address is told there alone.
    """
    theirs = (Token.person_id == person.id, Token.purpose.in_(BOTH))
    db.session.execute(delete(Token).where(*theirs))
    about, until = secrets.token_hex(12), now + LASTS[Purpose.OLD_ADDRESS]
    notify(OLD_ADDRESS, person, about=about, now=now, expires_at=until, address=address)
    to = Recipient(person, address)
    notify(NEW_ADDRESS, to, about=about, now=now, expires_at=until, address=address)


def is_latest(notice: Notice) -> bool:
    """Tell whether the person has not asked for another address since."""
    same = (Notice.kind == notice.kind, Notice.person_id == notice.person_id)
    return db.session.scalar(select(func.max(Notice.id)).where(*same)) == notice.id


def confirm_address(secret: str, purpose: Purpose, *, now: datetime) -> bool:
    """Use up the link of one of the two mails; with the second, the address changes.

    Tells whether it has changed now. Raises TokenUnknown, TokenUsed, TokenExpired, or
    AddressTaken when somebody else has made an account with it meanwhile.
    """
    token = use_token(secret, purpose, now=now)
    person, address = token.person, token.subject
    holder = queries.person_by_email(address)
    if holder is not None and holder.id != person.id and holder.confirmed_at is not None:
        raise rules.AddressTaken(rules.TAKEN_MEANWHILE)
    [other] = set(BOTH) - {purpose}
    if not _confirmed(person, other, address, now):
        return False
    if holder is not None and holder.id != person.id:
        # Somebody asked for an account with this address and could not read the mails there.
        db.session.delete(holder)
        db.session.flush()
    _change(person, address, now)
    return True


def _confirmed(person: Person, purpose: Purpose, address: str, now: datetime) -> bool:
    used = select(Token.id).where(
        Token.person_id == person.id,
        Token.purpose == purpose,
        Token.subject == address,
        Token.used_at.is_not(None),
        Token.expires_at > now,
    )
    return db.session.scalar(used.limit(1)) is not None


def _change(person: Person, address: str, now: datetime) -> None:
    old, about = person.email, secrets.token_hex(12)
    person.email, person.email_key = address, rules.email_key(address)
    db.session.flush()
    # Whatever was mailed to the old address opens nothing any more.
    forget_tokens(person, *Purpose, now=now)
    revive_address(address)
    audit.note("address-changed", f"person:{person.reference}", by=person, now=now)
    for to in (Recipient(person, old), Recipient(person, address)):
        notify(ADDRESS_CHANGED, to, about=f"{about}:{to.address == old}", now=now)
