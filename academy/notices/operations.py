"""What can be done with notices: tell somebody something, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from academy.accounts.models import Person
from academy.db import db
from academy.notices import queries
from academy.notices.composing import KINDS
from academy.notices.models import Notice


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
    notice = queries.notice_about(dedupe_key)
    if notice is not None:
        return notice
    recipient = Recipient(person=to) if isinstance(to, Person) else to
    notice = Notice(
        dedupe_key=dedupe_key,
        kind=kind,
        group=KINDS[kind].group,
        person_id=recipient.person.id if recipient.person else None,
        address=recipient.address,
        language=recipient.language,
        details=_plain(details),
        made_at=now,
        due_at=due_at or now,
        expires_at=expires_at,
    )
    db.session.add(notice)
    db.session.flush()
    return notice


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value is not None}
