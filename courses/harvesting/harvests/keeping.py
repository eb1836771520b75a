"""The worker's loop of harvests: what is asked for is carried out, one at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Event

from academy.config import Settings
from academy.db import db, unit_of_work, utcnow
from academy.outbound import Outbound, outbound_of
from courses.harvesting.harvests import ending, queue
from courses.harvesting.harvests.beginning_anew import forget_findings, so_far
from courses.harvesting.harvests.carrying_out import carry_out
from courses.harvesting.harvests.work import Told
from courses.harvesting.pipeline import Report

log = logging.getLogger(__name__)
PAUSE = 1.0
"""Seconds between two looks at what there is to do."""


def keep_harvesting(
    context: Callable[[], AbstractContextManager[object]], settings: Settings, *, record: bool
) -> Callable[[Event], None]:
    """Make a loop that carries out what is asked for until it is told to stop.

    One loop is for whole sources, which may take an hour, and one for single records.
    """

    def loop(stop: Event) -> None:
        while not stop.wait(PAUSE):
            with context():
                try:
                    carry_out_next(outbound_of(settings), settings, stop=stop, record=record)
                except Exception:
                    # The lease brings the harvest back.
                    log.exception("a harvest could not be carried out")

    return loop


def carry_out_next(
    outbound: Outbound,
    settings: Settings,
    *,
    stop: Event,
    record: bool | None = None,
    told: Told = lambda _report: None,
) -> tuple[int, Report] | None:
    """Carry out what has waited longest, if anything waits; gives which it was, and its report."""
    waiting = queue.next_in_line(utcnow(), record=record)
    db.session.rollback()
    if waiting is None:
        return None
    with unit_of_work():
        taken = queue.claim(waiting, now=utcnow())
        if taken:
            forget_findings(waiting)
    if taken is None:
        return waiting, Report()
    if taken.attempt > queue.MOST_ATTEMPTS:
        ending.failed(taken, so_far(waiting), "unexpected", {}, now=utcnow())
        return waiting, Report()
    return waiting, carry_out(taken, outbound, settings, stop=stop, told=told)
