"""What is allowed in notices: what may be refused, when to try again, when to give up."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from academy.accounts.models import Person
from academy.notices.models import DeadAddress, Group, Notice, NoticeState

ALWAYS_SENT = frozenset((Group.ACCOUNT,))
"""What keeps an account safe cannot be refused."""

REFUSABLE = tuple(group for group in Group if group not in ALWAYS_SENT)

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
"""How long to wait after each failed attempt; after the last, the notice is parked."""

LEASE = timedelta(minutes=5)
"""For how long one worker has a notice to itself; one that died gives it back by this."""

DEAD_AFTER = 3
"""So many mails that came back with "not now" say as much as one that came back with "never"."""

BOUNCES_COUNT_FOR = timedelta(days=30)
"""How long a mail that came back with "not now" is held against an address."""

DEAD_TRIED_AGAIN = timedelta(days=1)
"""How long after a bounce somebody who asks for a way into their account is written to anyway."""

KEPT_FOR = timedelta(days=90)
"""How long it can be looked up what was sent."""


class Dropped(StrEnum):
    """Why a notice was not sent, and never will be."""

    UNTRUE = "untrue"
    EXPIRED = "expired"
    ACCOUNT_CLOSED = "account-closed"
    UNWANTED = "unwanted"
    DEAD_ADDRESS = "dead-address"
    SAMPLE = "sample"


WHY_DROPPED: dict[str, LazyString] = {
    Dropped.UNTRUE: _l("It was no longer true."),
    Dropped.EXPIRED: _l("It would have come too late."),
    Dropped.ACCOUNT_CLOSED: _l("The account is closed."),
    Dropped.UNWANTED: _l("The person does not want mails of this kind."),
    Dropped.DEAD_ADDRESS: _l("Mails to this address come back."),
    Dropped.SAMPLE: _l("The account is one of the demonstration: nobody reads its mails."),
}


def why_not_sent(
    notice: Notice, *, muted: Set[Group], dead: bool, leaves: bool, now: datetime
) -> Dropped | None:
    """Tell why the notice is not sent whatever it says, or None. Needs its person loaded.

    `leaves`: it would go to a mail server, and not only to a folder of this machine.
    """
    if notice.person is not None and notice.person.sample and leaves:
        return Dropped.SAMPLE
    if notice.expires_at is not None and notice.expires_at <= now:
        return Dropped.EXPIRED
    if notice.person is not None and is_closed(notice.person):
        return Dropped.ACCOUNT_CLOSED
    if notice.group in muted and notice.group not in ALWAYS_SENT:
        return Dropped.UNWANTED
    return Dropped.DEAD_ADDRESS if dead else None


def is_avoided(dead: DeadAddress | None, group: Group, now: datetime) -> bool:
    """Tell whether nothing of this group goes to an address from which mails came back.

    Mail servers err for an hour now and then: ways into the account are tried again after a day.
    """
    if dead is None:
        return False
    return group not in ALWAYS_SENT or now < dead.since + DEAD_TRIED_AGAIN


def is_closed(person: Person) -> bool:
    """Tell whether the account is blocked or erased: nothing is written to it then."""
    return person.blocked_at is not None or person.erased_at is not None


def has_tries_left(notice: Notice) -> bool:
    """Tell whether the notice is tried once more after the attempt that failed."""
    return notice.attempts <= len(PAUSES)


def is_worn_out(notice: Notice) -> bool:
    """Tell whether even the last attempt has been made, and nobody could say how it went."""
    return notice.attempts > len(PAUSES) + 1


def may_send_again(notice: Notice) -> bool:
    """Tell whether somebody can ask for one more round: nothing that arrived is sent twice."""
    came_back = notice.state is NoticeState.DROPPED and notice.problem == Dropped.DEAD_ADDRESS
    return notice.state is NoticeState.PARKED or came_back
