"""What the domain does by itself, and how often."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial
from time import sleep
from typing import Protocol

from flask import Flask

from academy.db import unit_of_work, utcnow
from academy.jobs import job
from academy.outbound import outbound_of
from courses.duplicates.finding import look_for_twins
from courses.enrolment import operations as enrolment
from courses.feedback import operations as feedback
from courses.harvesting.harvests import queue
from courses.harvesting.harvests.ending import fail_lapsed
from courses.harvesting.harvests.forgetting import forget_old_findings, forget_old_messages
from courses.harvesting.harvests.keeping import keep_harvesting
from courses.harvesting.words.retagging import retag_waiting
from courses.links.checking import keep_checking
from courses.search.backlog import mark_begun_and_over
from courses.search.find import index_folder
from courses.search.guiding.related import keep_relating
from courses.search.indexing import Moved, rebuild
from courses.search.keeping import keep_draining
from courses.search.meaning.encoders import installed_encoder
from courses.search.meaning.encoding import forget_old_vectors, keep_encoding
from courses.search.unanswered import forget_old_queries
from courses.uploads.carrying_out import keep_carrying_out
from courses.uploads.operations import forget_old_uploads
from courses.webinars import operations as webinars
from courses.webinars.rules import REMINDERS

log = logging.getLogger(__name__)
AT_ONCE = 500
"""How many people one transaction tells, at most."""

MOST_ROUNDS = 100
BETWEEN = 0.05
"""Seconds between transactions in which others may write: SQLite lets in whoever asks first, and
who waits asks some ten times a second."""


class Step(Protocol):
    """A part of the work that takes some people at a time; tells how many it took."""

    def __call__(self, *, now: datetime, limit: int) -> int:
        """Take so many people at most."""


EACH_MINUTE: tuple[Step, ...] = (
    fail_lapsed,
    look_for_twins,
    enrolment.fill_idle_places,
    webinars.tell_of_changes,
    enrolment.tell_of_withdrawn_offers,
    *(partial(webinars.remind, kind) for kind in REMINDERS),
)
EACH_QUARTER: tuple[Step, ...] = (feedback.ask_for_reviews, enrolment.ask_how_far)


def add_jobs(app: Flask) -> None:
    """Add the domain's loops and jobs to the worker."""
    # The index follows the database within a moment; long sheets are published beside it, and
    # what offers mean is worked out behind both.
    loops = [keep_draining(app), keep_carrying_out(app), keep_encoding(app, installed_encoder)]
    settings = app.config["SETTINGS"]
    harvests = [keep_harvesting(app.app_context, settings, record=one) for one in (False, True)]
    links = keep_checking(app.app_context, partial(outbound_of, settings))
    app.extensions["loops"] += [*loops, keep_relating(app), *harvests, links]
    _add_nightly(app)
    _add_forgetting(app)

    @job(app)
    def look_ahead() -> None:
        """Follow the clock: what begins and ends, who is to be reminded, which source is due."""
        with app.app_context():
            each_minute(now=utcnow())
            retag_waiting(now=utcnow())

    @job(app, minute="*/15")
    def ask_afterwards() -> None:
        """Ask how it was, and how far people got."""
        with app.app_context():
            work_off(EACH_QUARTER, now=utcnow())


def _add_nightly(app: Flask) -> None:
    @job(app, hour="3", minute="41")
    def rebuild_index() -> None:
        """Leave behind what was deleted, and starts that have passed."""
        with app.app_context():
            try:
                rebuild(index_folder(app), now=utcnow(), force=False)
            except Moved as moved:
                log.error("the index was not built anew: %s", moved)


def _add_forgetting(app: Flask) -> None:
    @job(app, hour="2", minute="53")
    def forget_uploads() -> None:
        """Leave behind spreadsheets that nobody published, and what old ones said."""
        with app.app_context(), unit_of_work():
            forget_old_uploads(now=utcnow())

    @job(app, hour="2", minute="49")
    def forget_harvests() -> None:
        """Leave behind the messages of a month ago, and findings of three months ago."""
        with app.app_context(), unit_of_work():
            forget_old_messages(now=utcnow())
            forget_old_findings(now=utcnow())

    @job(app, hour="2", minute="57")
    def forget_queries() -> None:
        """Leave behind what people looked for in vain three months ago."""
        with app.app_context(), unit_of_work():
            forget_old_queries(now=utcnow())

    @job(app, hour="3", minute="29")
    def forget_meanings() -> None:
        """Leave behind the vectors of what no offer says any more."""
        if meaning := app.extensions["meaning"]:
            with app.app_context(), unit_of_work():
                forget_old_vectors(meaning.encoder.model)


def each_minute(*, now: datetime) -> None:
    """Let the index know what begins and ends; remind of meetings, tell what became of them."""
    with unit_of_work():
        mark_begun_and_over(now=now)
    with unit_of_work():
        queue.ask_for_due(now=now, limit=AT_ONCE)
    work_off(EACH_MINUTE, now=now)


def work_off(steps: tuple[Step, ...], *, now: datetime) -> int:
    """Do each step until it finds nobody more, some people a transaction; tells how many."""
    told = 0
    for step in steps:
        for _round in range(MOST_ROUNDS):
            with unit_of_work():
                took = step(now=now, limit=AT_ONCE)
            told += took
            if took < AT_ONCE:
                break
            sleep(BETWEEN)
    return told
