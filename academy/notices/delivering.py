"""Delivering: one notice at a time is claimed, written, handed over, and marked as sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from academy.config import Settings
from academy.db import db, unit_of_work
from academy.i18n import DEFAULT, MOUNTED, base_language, speaking
from academy.notices import operations, queries, rules
from academy.notices.composing import KINDS, Mail, Reader
from academy.notices.models import Notice, NoticeState
from academy.notices.rendering import Envelope, Unwritable, rendered
from academy.notices.transports import Away, Later, Letter, Refused, Transport

log = logging.getLogger(__name__)
MARKING_TRIES = 3
CUT_SHORT = "The worker ended each time while it sent this mail."


def deliver_next(app: Flask, transport: Transport, *, now: datetime) -> NoticeState | None:
    """Send the notice that is due first and tell where it stands then; None when none is due.

    Raises Away when the mail server cannot be used; the notice is as it was then.
    """
    with app.app_context():
        due = queries.is_anything_due(now)
        db.session.rollback()
    if not due:
        return None
    transport.open()
    reference = _claim(app, now)
    if reference is None:
        return None
    letter = None
    with _failures_noted(app, reference, now):
        letter = _letter(app, reference, now)
        if letter is not None:
            transport.send(letter)
            # What goes wrong from here on must not look as if the mail had not gone.
    if letter is not None and _state(app, reference) is NoticeState.SENDING:
        _mark_sent(app, reference, str(letter.message["Subject"]), now)
    return _state(app, reference)


def compose(notice: Notice, *, now: datetime) -> Mail | rules.Dropped:
    """Make what a notice says, or tell why it must not be sent.

    Needs the notice with its person, a unit of work, and a request context.
    """
    reader = reader_of(notice, now=now)
    muted = queries.muted_groups(notice.person) if notice.person else set()
    dead = rules.is_avoided(queries.dead_address(reader.address), notice.group, now)
    settings: Settings = current_app.config["SETTINGS"]
    leaves = settings.mail_folder is None
    why = rules.why_not_sent(notice, muted=muted, dead=dead, leaves=leaves, now=now)
    if why is not None:
        return why
    with speaking(reader.language):
        return KINDS[notice.kind].compose(notice, reader) or rules.Dropped.UNTRUE


def reader_of(notice: Notice, *, now: datetime) -> Reader:
    """Tell who reads a notice: in the language and zone of the account, if there is one."""
    person = notice.person
    language = base_language(person.language if person else notice.language)
    return Reader(
        person=person,
        address=notice.address or (person.email if person else ""),
        language=language if language in MOUNTED else DEFAULT,
        zone=person.zone if person else "UTC",
        now=now,
    )


def write(notice: Notice, mail: Mail, *, now: datetime) -> Letter:
    """Make the letter of what a notice says, in the reader's language. Raises Unwritable."""
    reader = reader_of(notice, now=now)
    with speaking(reader.language):
        message = rendered(mail, Envelope(notice.reference, notice.group, reader, now))
    return Letter(message, reader.address)


@contextmanager
def at_home(app: Flask) -> Iterator[None]:
    """Make links as the settings say: no visitor's request has a say in where mails lead."""
    settings: Settings = app.config["SETTINGS"]
    with app.app_context(), app.test_request_context("/", base_url=settings.base_url):
        yield


def _claim(app: Flask, now: datetime) -> str | None:
    with app.app_context(), unit_of_work():
        notice = operations.claim_next(now=now)
        if notice is None:
            return None
        if rules.is_worn_out(notice):
            operations.park(notice, CUT_SHORT)
        return notice.reference


def _letter(app: Flask, reference: str, now: datetime) -> Letter | None:
    """Write the mail; None when there is nothing to send after all, and why is noted."""
    with at_home(app), unit_of_work():
        notice = queries.notice_by_reference(reference)
        if notice is None or notice.state is not NoticeState.SENDING:
            return None
        mail = compose(notice, now=now)
        if isinstance(mail, Mail):
            return write(notice, mail, now=now)
        operations.drop(notice, mail)
        return None


@contextmanager
def _failures_noted(app: Flask, reference: str, now: datetime) -> Iterator[None]:
    """Note at the notice why it could not be sent. Raises Away, after giving the notice back."""
    try:
        yield
    except Away:
        _mark(app, reference, operations.give_back)
        raise
    except Later as later:
        problem = str(later)
        _mark(app, reference, lambda notice: operations.postpone(notice, problem, now=now))
    except Refused as refused:
        problem, dead = str(refused), refused.dead
        _mark(app, reference, lambda notice: _park_refused(notice, problem, dead, now))
    except Unwritable as unwritable:
        problem = str(unwritable)
        _mark(app, reference, lambda notice: operations.park(notice, problem))
    except OperationalError:
        # The database is busy: the lease brings the notice back.
        raise
    except Exception as error:
        log.exception("a mail could not be written")
        problem = f"The mail could not be written ({type(error).__name__})."
        _mark(app, reference, lambda notice: operations.postpone(notice, problem, now=now))


def _park_refused(notice: Notice, problem: str, dead: bool, now: datetime) -> None:
    operations.park(notice, problem)
    if dead:
        address = reader_of(notice, now=now).address
        operations.note_bounce(address, problem, hard=True, now=now)


def _mark_sent(app: Flask, reference: str, subject: str, now: datetime) -> None:
    """Mark as sent, and try more than once: a mail that is not marked would go once more."""
    for tries_left in reversed(range(MARKING_TRIES)):
        try:
            _mark(app, reference, lambda one: operations.note_sent(one, subject=subject, now=now))
            return
        except OperationalError:
            if not tries_left:
                raise


def _mark(app: Flask, reference: str, change: Callable[[Notice], None]) -> None:
    with app.app_context(), unit_of_work():
        notice = queries.notice_by_reference(reference)
        # Somebody may have erased the account, and its notices, in the meantime.
        if notice is not None:
            change(notice)


def _state(app: Flask, reference: str) -> NoticeState:
    with app.app_context():
        notice = queries.notice_by_reference(reference)
        state = notice.state if notice is not None else NoticeState.DROPPED
        db.session.rollback()
    return state
