"""What can be done for privacy: agree to the papers, erase a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from academy import audit
from academy.accounts.models import Person, Steward
from academy.accounts.operations import shut_every_door
from academy.db import db
from academy.errors import Refusal
from academy.institutions import invitations
from academy.notices.operations import Recipient, forget_address, notify
from academy.privacy.models import Acceptance
from academy.privacy.queries import agreements_of, policies_due
from academy.privacy.registry import Kept, OnErasure
from academy.privacy.rules import VERSIONS

Forgetting = Callable[[Person, datetime], None]
"""What a feature does when a person is erased, in the unit of work of the erasure."""


class StillASteward(Refusal):
    """The stewards of the whole academy hand their office back first."""

    status = 422
    code = "still-a-steward"
    sentence = _l("You are a steward. Have another steward take the office back first.")


def agree(person: Person, *, language: str, now: datetime) -> None:
    """Write down that the person agrees to the papers in force. Agreeing twice is agreeing once."""
    for policy in policies_due(person):
        agreed = Acceptance(policy=policy, version=VERSIONS[policy], language=language)
        agreed.person_id, agreed.accepted_at = person.id, now
        db.session.add(agreed)
    db.session.flush()


def merge(old: Person, kept: Person) -> None:
    """Hand over what an account that becomes part of another has agreed to."""
    known = {(one.policy, one.version) for one in agreements_of(kept)}
    for one in agreements_of(old):
        if (one.policy, one.version) in known:
            db.session.delete(one)
        else:
            one.person_id = kept.id
    db.session.flush()


def erase(
    person: Person, kept: Iterable[Kept], *, follows: Sequence[Forgetting] = (), now: datetime
) -> None:
    """Take everything personal out of the academy; counts stay, without anybody in them.

    A last mail says so, to the address that was. Erasing twice is erasing once. Refuses with
    StillASteward.
    """
    if person.erased_at is not None:
        return
    if person.steward is not Steward.NONE:
        raise StillASteward
    last = Recipient(address=person.email, language=person.language)
    for follow in follows:
        follow(person, now)
    shut_every_door(person, now=now)
    for one in kept:
        if one.on_erasure is OnErasure.DELETED:
            db.session.execute(delete(one.model).where(one.about(person)))
    invitations.forget(person.email, now=now)
    forget_address(person.email)
    empty(person, now=now)
    audit.note("person-erased", f"person:{person.reference}", by=None, now=now)
    notify("account-erased", last, about=person.reference, now=now)


def empty(person: Person, *, now: datetime) -> None:
    """Take everything personal out of the row of an account; it stays, for what is counted."""
    person.email = person.email_key = f"{person.reference.lower()}-{person.id}@erased.invalid"
    person.name = person.city = person.password_hash = ""
    person.role = person.city_size = person.section = None
    person.languages, person.zone, person.erased_at = [], "UTC", now
    db.session.flush()
