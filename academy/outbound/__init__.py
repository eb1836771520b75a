"""The one door for every request that leaves: what is asked is checked, what comes is bounded.

    answer = outbound_of(settings).fetch(Request(address, etag=known))

`targets` reads addresses, `ranges` says which may be asked, `connecting` connects to exactly
what was checked, `wire` ends what drips, `exchange` and `unpacking` read answers, `pace` keeps
the door polite, `fetching` follows redirects. Proxies of the environment are not used: they
would connect to something that was not checked.
"""

from __future__ import annotations

from email.utils import parseaddr
from functools import cache

from academy.config import Settings
from academy.outbound.arguments import without_arguments
from academy.outbound.fetching import Limits, Outbound
from academy.outbound.pace import Pace
from academy.outbound.refusals import BadAnswer, NoAnswer, NotAllowed, NotFetched, TooSoon, Why
from academy.outbound.requests import Answer, Request
from academy.outbound.unpacking import unpacked

__all__ = [
    "Answer",
    "BadAnswer",
    "Limits",
    "NoAnswer",
    "NotAllowed",
    "NotFetched",
    "Outbound",
    "Pace",
    "Request",
    "TooSoon",
    "Why",
    "outbound_of",
    "unpacked",
    "without_arguments",
]


def outbound_of(settings: Settings) -> Outbound:
    """Give the door of an academy, one for a process: it says who asks, and whom to write to."""
    return _door(agent_of(settings), frozenset(settings.intranet_hosts))


@cache
def _door(agent: str, intranet: frozenset[str]) -> Outbound:
    return Outbound(agent, intranet)


def agent_of(settings: Settings) -> str:
    """Name the academy to those it asks: its address, and the one that its mails come from."""
    contact = parseaddr(settings.mail_reply_to or settings.mail_from)[1]
    mail = f"; {contact}" if contact.isascii() else ""
    agent = f"UrbanAcademy/1 (+{settings.base_url}{mail})"
    return agent.encode("ascii", "ignore").decode()
