"""What can be done with announcements: announce, revise, end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from academy import audit
from academy.accounts.models import Person
from academy.announcements import queries, rules
from academy.announcements.models import Announcement
from academy.db import db
from academy.i18n import Texts


@dataclass(frozen=True, slots=True)
class Content:
    """What is announced, from when to when, and the zone (IANA) in which the hours were chosen."""

    texts: Texts
    starts_at: datetime
    ends_at: datetime | None = None
    zone: str = "UTC"


def announce(content: Content, *, by: Person, now: datetime) -> Announcement:
    """Have a sentence shown above every page. The same said twice is said once.

    Refuses with Invalid without English words, or with an end before the beginning.
    """
    rules.check_may_announce(content.texts, content.starts_at, content.ends_at)
    announcement = Announcement(made_by_id=by.id, made_at=now)
    _write(announcement, content)
    known = queries.same_as(announcement)
    if known is not None:
        return known
    db.session.add(announcement)
    db.session.flush()
    audit.note("announced", _thing(announcement), by=by, now=now)
    return announcement


def revise(announcement: Announcement, content: Content, *, by: Person, now: datetime) -> None:
    """Write an announcement anew, in its words or its time.

    Refuses as `announce` does.
    """
    rules.check_may_announce(content.texts, content.starts_at, content.ends_at)
    _write(announcement, content)
    audit.note("announcement-revised", _thing(announcement), by=by, now=now)


def end(announcement: Announcement, *, by: Person, now: datetime) -> None:
    """Stop showing an announcement, or never begin to. Ending twice is ending once."""
    if announcement.ends_at is not None and announcement.ends_at <= now:
        return
    announcement.starts_at, announcement.ends_at = min(announcement.starts_at, now), now
    audit.note("announcement-ended", _thing(announcement), by=by, now=now)


def _write(announcement: Announcement, content: Content) -> None:
    announcement.texts = {code: text for code, text in content.texts.items() if text}
    announcement.starts_at, announcement.ends_at = content.starts_at, content.ends_at
    announcement.zone = content.zone


def _thing(announcement: Announcement) -> str:
    return f"announcement:{announcement.reference}"
