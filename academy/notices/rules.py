"""What is allowed in notices: what may be refused, when to try again, when to give up."""

from __future__ import annotations

from datetime import timedelta

from academy.notices.models import Group

ALWAYS_SENT = frozenset((Group.ACCOUNT,))
"""What keeps an account safe cannot be refused."""

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
