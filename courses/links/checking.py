"""Looking at links: a few of different hosts at a time, outside any transaction, then kept.

The door is polite to each host; what it calls too soon waits for another round. A round in which
nobody at all can be reached may say something of our own way to the internet: links that were
fine lately are asked then, and unless one of them answers nobody is judged, and others come next.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event

from academy.db import db, unit_of_work, utcnow
from academy.outbound import Answer, Limits, NotFetched, Outbound, Request, TooSoon, Why
from courses.links import operations, queries
from courses.links.queries import Due
from courses.links.rules import (
    Verdict,
    is_perhaps_ours,
    is_worth_a_page,
    judged,
    judged_failure,
    put_off,
)

log = logging.getLogger(__name__)

AT_ONCE = 10
"""Links of a round, each of another host."""

PAUSE, IDLE = 2.0, 60.0
"""Seconds between two rounds: while there is something to do, and while there is nothing."""

AWAY = 900.0
"""Seconds until the next round after one in which nobody could be reached."""

LIMITS = Limits(seconds=15.0, content=1_000_000, received=1_500_000)
ENOUGH_TO_TELL = 3
"""Hosts that cannot be reached, with none that can, before we think that it is us."""

WITNESSES = 3
"""Links that were fine lately which are asked whether we can be heard."""

MISUNDERSTOOD = frozenset((Why.BROKEN, Why.NOT_HTTP, Why.LENGTH))
"""What comes of asking for a head where nobody knows what that is."""

BEGINNING = {"Range": "bytes=0-1023"}


@dataclass(frozen=True, slots=True)
class Looked:
    """A link, and what came of looking at it."""

    link: Due
    verdict: Verdict
    at: datetime


def keep_checking(
    context: Callable[[], AbstractContextManager[object]], door: Callable[[], Outbound]
) -> Callable[[Event], None]:
    """Make the loop that looks at links until it is told to stop."""

    def loop(stop: Event) -> None:
        wait = IDLE
        while not stop.wait(wait):
            with context():
                try:
                    wait = check_some(door(), stop)
                except Exception:
                    wait = IDLE
                    log.exception("links could not be checked")

    return loop


def check_some(door: Outbound, stop: Event, *, clock: Callable[[], datetime] = utcnow) -> float:
    """Look at some of the links that are due; tells how many seconds to wait for the next."""
    links = queries.due(clock(), limit=AT_ONCE)
    db.session.rollback()
    looked = look(links, door, stop, clock=clock)
    if nobody_answers(looked, door):
        log.warning("no host can be reached: links are not judged")
        keep_unjudged(looked)
        return AWAY
    keep(looked)
    return PAUSE if looked else IDLE


def look(
    links: Iterable[Due], door: Outbound, stop: Event, *, clock: Callable[[], datetime] = utcnow
) -> list[Looked]:
    """Look at links one after the other until told to stop; those asked too soon are left out."""
    brief = replace(door, limits=LIMITS)
    looked = []
    for link in links:
        if stop.is_set():
            break
        verdict = asked(link.address, brief, now=clock())
        if verdict is not None:
            looked.append(Looked(link, verdict, clock()))
    return looked


def asked(address: str, door: Outbound, *, now: datetime) -> Verdict | None:
    """Ask for the head of a page, and where that says nothing for its beginning.

    None when its host was asked often enough for now.
    """
    try:
        answer = _head(address, door)
        if answer is None or is_worth_a_page(answer):
            answer = door.fetch(Request(address, headers=BEGINNING))
    except TooSoon:
        return None
    except NotFetched as failure:
        return judged_failure(failure)
    return judged(address, answer, now)


def _head(address: str, door: Outbound) -> Answer | None:
    """Ask for the head of a page; None where the host does not understand that."""
    try:
        return door.fetch(Request(address, method="HEAD"))
    except NotFetched as failure:
        if failure.code not in MISUNDERSTOOD:
            raise
        return None


def nobody_answers(looked: list[Looked], door: Outbound) -> bool:
    """Tell whether it is probably us who cannot be heard: who answered lately does not, either."""
    if not looked or not all(is_perhaps_ours(one.verdict) for one in looked):
        return False
    fine = queries.fine_lately([one.link.address for one in looked], limit=WITNESSES)
    db.session.rollback()
    brief = replace(door, limits=LIMITS)
    asks = (asked(one.address, brief, now=looked[-1].at) for one in fine)
    for verdict in asks:
        if verdict is not None and not is_perhaps_ours(verdict):
            return False
    return bool(fine) or len(looked) >= ENOUGH_TO_TELL


def keep(looked: Iterable[Looked]) -> None:
    """Keep what came of looking, in one transaction."""
    looked = list(looked)
    if looked:
        with unit_of_work():
            for one in looked:
                link = one.link
                operations.keep_answer(link.offer_id, link.address, one.verdict, now=one.at)


def keep_unjudged(looked: Iterable[Looked]) -> None:
    """Keep that nothing was learnt: these are asked in an hour, and others come before."""
    keep(replace(one, verdict=put_off(one.verdict)) for one in looked)
