"""What stewards can do with accounts: block, unblock, give an office, merge two into one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from academy import audit
from academy.accounts.models import Person, Steward
from academy.accounts.operations import shut_every_door
from academy.db import db
from academy.institutions.members import promote
from academy.institutions.models import Membership, RoleRequest
from academy.institutions.queries import memberships_of
from academy.notices.models import Group, Notice, NoticeState
from academy.notices.operations import drop, merge_muted
from academy.notices.rules import Dropped
from academy.privacy import operations as privacy
from academy.secretariat import queries, rules

Closing = Callable[[Person, datetime], None]
"""What a feature does when an account is closed, such as giving its places to those who wait."""

Merging = Callable[[Person, Person, datetime], None]
"""What a feature does when the first account becomes part of the second."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """What the features do when accounts are blocked or become part of another."""

    blocking: Sequence[Closing] = ()
    merging: Sequence[Merging] = ()


IS_WAITING = Notice.state == NoticeState.WAITING

NOTHING = Consequences()


def block(
    person: Person,
    *,
    reason: str,
    by: Person | None,
    follows: Consequences = NOTHING,
    now: datetime,
) -> None:
    """Close an account at once: no session, token or link opens it, no waiting mail goes out.

    Blocking twice is blocking once. Refuses with NotYourself, StillASteward or NobodyThere.
    """
    rules.check_may_close(person, by)
    if person.blocked_at is not None:
        return
    person.blocked_at = now
    shut_every_door(person, now=now)
    _drop_waiting_mails(person)
    for follow in follows.blocking:
        follow(person, now)
    audit.note("person-blocked", _thing(person), by=by, now=now, reason=reason)


def unblock(person: Person, *, by: Person | None, now: datetime) -> None:
    """Open a blocked account again; the person signs in anew. Twice is once.

    Refuses with NobodyThere.
    """
    rules.check_is_there(person)
    if person.blocked_at is None:
        return
    person.blocked_at = None
    audit.note("person-unblocked", _thing(person), by=by, now=now)


def give_office(
    person: Person,
    office: Steward,
    *,
    section: str | None = None,
    by: Person | None,
    now: datetime,
) -> None:
    """Make a person a steward of all or of a section, or take the office back.

    `by` is None for the operator of the academy. Others are refused with NotYourself, and with
    LastSteward when nobody would be left.
    """
    rules.check_is_there(person)
    if by is not None and by.id == person.id:
        raise rules.NotYourself
    leaves = person.steward is Steward.ALL and office is not Steward.ALL
    if leaves and by is not None and queries.other_stewards(person) == 0:
        raise rules.LastSteward
    kept = section if office is Steward.SECTION else person.section
    if (person.steward, person.section) == (office, kept):
        return
    person.steward, person.section = office, kept
    told = [office.value, *([section] if office is Steward.SECTION and section else [])]
    audit.note("office-given", _thing(person), by=by, now=now, fields=told)


def merge(
    old: Person, kept: Person, *, by: Person | None, follows: Consequences, now: datetime
) -> None:
    """Make one account part of another: what belongs to it moves, and it is emptied.

    Roles move, the stronger one staying, and requests and waiting mails with them; so does what
    either did not want by mail, and what they agreed to. Refuses with
    SameAccount, ClosedAccount, UnconfirmedAccount, NotYourself or StillASteward.
    """
    rules.check_may_merge(old, kept, by)
    for membership in memberships_of(old):
        promote(kept, membership.institution, membership.role, now=now)
    for move in follows.merging:
        move(old, kept, now)
    asked = update(RoleRequest).where(RoleRequest.person_id == old.id)
    db.session.execute(asked.values(person_id=kept.id))
    waiting = update(Notice).where(Notice.person_id == old.id, IS_WAITING)
    db.session.execute(waiting.where(Notice.group != Group.ACCOUNT).values(person_id=kept.id))
    merge_muted(old, kept)
    privacy.merge(old, kept)
    _empty(old, now)
    audit.note("person-merged", _thing(old), by=by, now=now, fields=[_thing(kept)])


def _empty(person: Person, now: datetime) -> None:
    """Take everything personal out of an account; the row stays, for what is counted."""
    shut_every_door(person, now=now)
    _drop_waiting_mails(person)
    db.session.execute(delete(Membership).where(Membership.person_id == person.id))
    privacy.empty(person, now=now)


def _drop_waiting_mails(person: Person) -> None:
    waiting = select(Notice).where(Notice.person_id == person.id, IS_WAITING)
    for notice in db.session.scalars(waiting).all():
        drop(notice, Dropped.ACCOUNT_CLOSED)


def _thing(person: Person) -> str:
    return f"person:{person.reference}"
