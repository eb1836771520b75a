"""What can be asked about notices."""

from __future__ import annotations

from sqlalchemy import select

from academy.accounts.models import Person
from academy.accounts.rules import email_key
from academy.db import db
from academy.notices.models import DeadAddress, Group, MutedGroup, Notice


def notice_about(dedupe_key: str) -> Notice | None:
    """Find the notice that tells this already."""
    return db.session.scalar(select(Notice).where(Notice.dedupe_key == dedupe_key))


def muted_groups(person: Person) -> set[Group]:
    """Give the groups of notices the person does not want by mail."""
    muted = select(MutedGroup.group).where(MutedGroup.person_id == person.id)
    return set(db.session.scalars(muted))


def dead_address(address: str) -> DeadAddress | None:
    """Tell whether mail servers have said that the address does not exist."""
    key = email_key(address)
    return db.session.scalar(select(DeadAddress).where(DeadAddress.email_key == key))
