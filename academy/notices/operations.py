"""What can be done with notices: tell somebody something, once; send it, or say why not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from academy.accounts.models import Person
from academy.accounts.rules import email_key
from academy.db import db
from academy.notices import queries, rules
from academy.notices.composing import KINDS
from academy.notices.models import DeadAddress, Group, MutedGroup, Notice, NoticeState

FINISHED = (NoticeState.SENT, NoticeState.DROPPED, NoticeState.PARKED)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom to tell: a person, or an address without an account and the language used there."""

    person: Person | None = None
    address: str = ""
    language: str = ""


def notify(
    kind: str,
    to: Person | Recipient,
    *,
    about: str,
    now: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    **details: Any,
) -> Notice:
    """Write down that somebody should hear of something; the worker mails it when it is due.

    `about` names the occasion: for one kind and occasion, one notice. `details` are plain values,
    references rather than texts, and never secrets: tokens are made when the mail is.
    """
    dedupe_key = f"{kind}:{about}"
    known = queries.notice_about(dedupe_key)
    if known is not None:
        return known
    notice = _new(kind, Recipient(person=to) if isinstance(to, Person) else to)
    notice.dedupe_key, notice.details = dedupe_key, _plain(details)
    notice.made_at, notice.due_at, notice.expires_at = now, due_at or now, expires_at
    db.session.add(notice)
    db.session.flush()
    return notice


def notify_each(
    kind: str, told: Mapping[str, tuple[Person, Mapping[str, Any]]], *, now: datetime
) -> None:
    """Write down that many people should hear of something new, in one go.

    `told` gives for each occasion whom to tell and the details. Nobody may have been told of any
    of these occasions before: nothing is looked up.
    """
    notices = []
    for about, (person, details) in told.items():
        notice = _new(kind, Recipient(person=person))
        notice.dedupe_key, notice.details = f"{kind}:{about}", _plain(details)
        notice.made_at = notice.due_at = now
        notices.append(notice)
    db.session.add_all(notices)
    db.session.flush()


def claim_next(*, now: datetime) -> Notice | None:
    """Take up what is due first: of many who try at once, one has it until its lease is over."""
    notice = queries.next_due(now)
    if notice is None:
        return None
    claimed = (
        update(Notice)
        .where(Notice.id == notice.id, queries.claimable(now))
        .values(
            state=NoticeState.SENDING,
            leased_until=now + rules.LEASE,
            attempts=Notice.attempts + 1,
        )
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(claimed).rowcount != 1:  # type: ignore[attr-defined]
        return None
    db.session.refresh(notice)
    return notice


def note_sent(notice: Notice, *, subject: str, now: datetime) -> None:
    """Write down that a mail server, or the folder, has the mail."""
    _settle(notice, NoticeState.SENT, "")
    notice.sent_at = now
    notice.subject = subject[:300]


def drop(notice: Notice, why: rules.Dropped) -> None:
    """Write down that the notice is not sent, and why."""
    _settle(notice, NoticeState.DROPPED, why)


def park(notice: Notice, problem: str) -> None:
    """Give the notice up until somebody looks at it."""
    _settle(notice, NoticeState.PARKED, problem)


def postpone(notice: Notice, problem: str, *, now: datetime) -> None:
    """Try again after a while, each time a longer one; after the last try, park the notice."""
    if not rules.has_tries_left(notice):
        park(notice, problem)
        return
    _settle(notice, NoticeState.WAITING, problem)
    notice.due_at = now + rules.PAUSES[notice.attempts - 1]


def give_back(notice: Notice) -> None:
    """Take back that the notice was tried: what went wrong was not about it."""
    _settle(notice, NoticeState.WAITING, notice.problem)
    notice.attempts -= 1


def send_again(notice: Notice, *, now: datetime) -> bool:
    """Begin anew with a notice that was given up; tell whether it was. Never after it arrived.

    Its address is believed in again: whoever asks for this knows better. Needs its person loaded.
    """
    if not rules.may_send_again(notice):
        return False
    revive_address(notice.address or (notice.person.email if notice.person else ""))
    _settle(notice, NoticeState.WAITING, "")
    notice.attempts = 0
    notice.due_at = now
    return True


def mute(person: Person, group: Group, *, now: datetime) -> None:
    """Send the person no more mails of this group. Muting twice is muting once."""
    if group in rules.REFUSABLE and group not in queries.muted_groups(person):
        db.session.add(MutedGroup(person_id=person.id, group=group, muted_at=now))
        db.session.flush()


def merge_muted(old: Person, kept: Person) -> None:
    """Hand over what an account that becomes part of another does not want by mail."""
    theirs = queries.muted_groups(kept)
    muted = select(MutedGroup).where(MutedGroup.person_id == old.id)
    for one in db.session.scalars(muted).all():
        if one.group in theirs:
            db.session.delete(one)
        else:
            one.person_id = kept.id
    db.session.flush()


def unmute(person: Person, group: Group) -> None:
    """Send the person mails of this group again."""
    gone = delete(MutedGroup).where(MutedGroup.person_id == person.id, MutedGroup.group == group)
    db.session.execute(gone)


def choose_groups(person: Person, wanted: Collection[Group], *, now: datetime) -> None:
    """Send the person mails of these groups, and of those that cannot be refused, and no others."""
    for group in rules.REFUSABLE:
        if group in wanted:
            unmute(person, group)
        else:
            mute(person, group, now=now)


def note_bounce(address: str, problem: str, *, hard: bool, now: datetime) -> bool:
    """Hold it against an address that a mail came back; tell whether nothing is sent there now."""
    found = queries.bounces_of(address)
    if found is None:
        found = DeadAddress(email_key=email_key(address), bounces=0, since=now)
        db.session.add(found)
    elif found.bounces < rules.DEAD_AFTER and found.since + rules.BOUNCES_COUNT_FOR < now:
        found.bounces, found.since = 0, now
    found.bounces = max(found.bounces + 1, rules.DEAD_AFTER if hard else 0)
    is_dead = found.bounces >= rules.DEAD_AFTER
    found.problem, found.since = problem[:500], now if is_dead else found.since
    db.session.flush()
    return is_dead


def revive_address(address: str) -> bool:
    """Send to an address again, for it was confirmed or mended; tell whether it had been dead."""
    was_dead = queries.dead_address(address) is not None
    db.session.execute(delete(DeadAddress).where(DeadAddress.email_key == email_key(address)))
    return was_dead


def forget_address(address: str) -> None:
    """Remove the notices to an address that belongs to no account."""
    there = (Notice.person_id.is_(None), func.lower(Notice.address) == email_key(address))
    db.session.execute(delete(Notice).where(*there))


def forget_old_notices(*, now: datetime) -> None:
    """Remove what was settled long ago."""
    settled_at = func.coalesce(Notice.sent_at, Notice.due_at)
    old = Notice.state.in_(FINISHED), settled_at <= now - rules.KEPT_FOR
    db.session.execute(delete(Notice).where(*old).execution_options(synchronize_session=False))


def _new(kind: str, recipient: Recipient) -> Notice:
    return Notice(
        kind=kind,
        group=KINDS[kind].group,
        person_id=recipient.person.id if recipient.person else None,
        address=recipient.address,
        language=recipient.language,
    )


def _settle(notice: Notice, state: NoticeState, problem: str) -> None:
    notice.state = state
    notice.problem = " ".join(problem.split())[:500]
    notice.leased_until = None
    if state in {NoticeState.SENT, NoticeState.DROPPED} and problem != rules.Dropped.DEAD_ADDRESS:
        # What the mail was made of is needed no longer; nor the address of who has left.
        notice.details = {}
        if notice.person_id is None and notice.group in rules.ALWAYS_SENT:
            notice.address = ""
    db.session.flush()


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value is not None}
