"""What can be asked about notices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from academy.accounts.models import Person
from academy.accounts.rules import email_key
from academy.db import db
from academy.notices.models import DeadAddress, Group, MutedGroup, Notice, NoticeState
from academy.notices.rules import DEAD_AFTER


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notices a list shows; what is empty does not narrow it.

    `kinds` are those that the text names in the reader's language.
    """

    state: NoticeState | None = None
    text: str = ""
    kinds: tuple[str, ...] = ()


def notice_about(dedupe_key: str) -> Notice | None:
    """Find the notice that tells this already."""
    return db.session.scalar(select(Notice).where(Notice.dedupe_key == dedupe_key))


def notice_by_reference(reference: str) -> Notice | None:
    """Find a notice, with its person."""
    found = select(Notice).options(joinedload(Notice.person))
    return db.session.scalar(found.where(Notice.reference == reference))


def claimable(now: datetime) -> ColumnElement[bool]:
    """Say what may be taken up now: what is due, and what a worker that died left behind."""
    due = and_(Notice.state == NoticeState.WAITING, Notice.due_at <= now)
    left = and_(Notice.state == NoticeState.SENDING, Notice.leased_until <= now)
    return or_(due, left)


def is_anything_due(now: datetime) -> bool:
    """Tell whether there is something to send."""
    return db.session.scalar(select(Notice.id).where(claimable(now)).limit(1)) is not None


def next_due(now: datetime) -> Notice | None:
    """Find what is sent next: what somebody waits for at a sign-in page goes before all else."""
    urgent = case((Notice.group == Group.ACCOUNT, 0), else_=1)
    due = select(Notice).where(claimable(now)).order_by(urgent, Notice.due_at, Notice.id)
    return db.session.scalar(due.limit(1))


def muted_groups(person: Person) -> set[Group]:
    """Give the groups of notices the person does not want by mail."""
    muted = select(MutedGroup.group).where(MutedGroup.person_id == person.id)
    return set(db.session.scalars(muted))


def bounces_of(address: str) -> DeadAddress | None:
    """Find what is held against an address, be it enough to stop or not."""
    key = email_key(address)
    return db.session.scalar(select(DeadAddress).where(DeadAddress.email_key == key))


def dead_address(address: str) -> DeadAddress | None:
    """Find what mail servers have said of an address at which mails do not arrive."""
    found = bounces_of(address)
    return found if found is not None and found.bounces >= DEAD_AFTER else None


def count_by_state() -> dict[NoticeState, int]:
    """Count the notices in each state."""
    counted = select(Notice.state, func.count()).group_by(Notice.state)
    return {state: number for state, number in db.session.execute(counted)}


def count_parked() -> int:
    """Count the notices that were given up."""
    parked = select(func.count()).where(Notice.state == NoticeState.PARKED)
    return db.session.scalar(parked.select_from(Notice)) or 0


def count_wanted(wanted: Wanted) -> int:
    """Count the notices a list would show."""
    counted = select(func.count(Notice.id)).where(*_conditions(wanted))
    return db.session.scalar(counted) or 0


def wanted_notices(wanted: Wanted, *, limit: int, offset: int = 0) -> Sequence[Notice]:
    """List notices with their people, those that happened last first."""
    listed = select(Notice).options(joinedload(Notice.person)).where(*_conditions(wanted))
    happened = func.coalesce(Notice.sent_at, Notice.due_at).desc()
    page = listed.order_by(happened, Notice.id.desc()).limit(limit).offset(offset)
    return db.session.scalars(page).all()


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.state is not None:
        yield Notice.state == wanted.state
    if wanted.text:
        text = email_key(wanted.text)
        of_person = Notice.person.has(Person.email_key.contains(text, autoescape=True))
        to_address = func.lower(Notice.address).contains(text, autoescape=True)
        yield or_(Notice.kind.in_((text, *wanted.kinds)), of_person, to_address)
