"""Carrying out: a sheet is published or undone row by row, each in a transaction of its own.

A small one while somebody waits, a long one by the worker. What is killed in the middle is gone on
with by the next who takes the sheet up, once the lease is over; no row is done twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from academy.accounts.models import Person
from academy.accounts.rules import is_shut
from academy.db import db, unit_of_work, utcnow
from academy.errors import Refusal
from academy.institutions.models import Institution
from academy.institutions.queries import role_in
from academy.institutions.rules import EDITORS, keeps_in_order
from courses.catalogue.models import Kind, Offer
from courses.editing import operations as editing
from courses.editing import queries as edited
from courses.editing.models import VersionSource
from courses.editing.operations import Beginning
from courses.editing.rules import state_seen
from courses.uploads import operations, queries, rules
from courses.uploads.meaning import Meant, Understanding, meanings, understanding_of
from courses.uploads.models import RowState, Upload, UploadRow, UploadState

log = logging.getLogger(__name__)
PAUSE = 1.0
"""Seconds between two looks at what there is to do."""


def keep_carrying_out(app: Flask) -> Callable[[Event], None]:
    """Make the loop that carries out what is asked for until it is told to stop."""

    def loop(stop: Event) -> None:
        while not stop.wait(PAUSE):
            with app.app_context():
                try:
                    carry_out_next(stop)
                except Exception:
                    # The lease brings the sheet back.
                    log.exception("a sheet could not be carried out")

    return loop


def carry_out_next(stop: Event) -> None:
    """Carry out what has waited longest, if anything waits."""
    waiting = queries.next_in_line(utcnow())
    db.session.rollback()
    if waiting is None:
        return
    with unit_of_work():
        claimed = operations.claim(waiting, now=utcnow())
    if claimed:
        carry_out(waiting, stop)


def carry_out(upload_id: int, stop: Event) -> int:
    """Publish or undo a sheet that was claimed; tells how many rows that changed."""
    upload = queries.upload_in_work(upload_id)
    lines = queries.lines_left(upload)
    known = understanding_of(upload, upload.person) if upload.person else None
    db.session.rollback()
    done = 0
    for line in lines:
        if stop.is_set():
            return done
        done += known is not None and _row_done(upload_id, line, known)
    with unit_of_work():
        upload = queries.upload_in_work(upload_id)
        if upload.person and _may_go_on(upload.person, upload.institution):
            operations.settle(upload, now=utcnow())
        else:
            operations.give_up(upload)
    return done


def _row_done(upload_id: int, line: int, known: Understanding) -> bool:
    """Do one row: what refuses it is told on the page, and stops no other."""
    now = utcnow()
    try:
        with unit_of_work():
            upload = queries.upload_in_work(upload_id)
            person = upload.person
            if person is None or not _may_go_on(person, upload.institution):
                return False
            upload.leased_until = now + rules.LEASE
            if upload.state is UploadState.UNDOING:
                return undo(upload, line, person=person, now=now)
            return publish(upload, line, known, person=person, now=now)
    except Refusal:
        return False
    except OperationalError:
        # The database is busy: the lease brings the sheet back.
        raise
    except Exception:
        log.exception("a row of a sheet could not be carried out")
        return False


def _may_go_on(person: Person, institution: Institution) -> bool:
    """Tell whether whoever asked may still ask: it may take minutes, and people leave."""
    works_here = role_in(person, institution) in EDITORS or keeps_in_order(person, institution)
    return works_here and not is_shut(person)


def publish(
    upload: Upload, line: int, known: Understanding, *, person: Person, now: datetime
) -> bool:
    """Publish one row, as if somebody had filled in the form; tells whether it did anything.

    A row that was published is not published again, nor one with a problem.
    """
    row = _held_row(upload, line)
    if upload.state is not UploadState.PUBLISHING or row.version is not None:
        return False
    [(_row, meant)] = meanings(upload.institution, [row], known)
    row.state = meant.state
    if meant.state not in queries.PUBLISHING:
        return False
    offer = meant.offer
    if offer is None:
        wanted = _beginning(upload, row, meant)
        begun = editing.begin(upload.institution, wanted, person=person, now=now)
        offer = edited.offer_at(upload.institution, begun.slug)
    seen = state_seen(offer, edited.copy_of(offer))
    editing.save(offer, meant.form, seen=seen, person=person, now=now)
    source, words = VersionSource.UPLOAD, known.reader.vocabulary
    editing.publish(offer, person=person, now=now, source=source, vocabulary=words)
    row.offer_id = offer.id
    row.version = edited.last_numbers([offer.id]).get(offer.id, 0)
    db.session.flush()
    return True


def undo(upload: Upload, line: int, *, person: Person, now: datetime) -> bool:
    """Undo one row: what was new is withdrawn, what was changed is as before.

    What somebody has changed since stays; tells whether the row is undone.
    """
    row = _held_row(upload, line)
    if row.version is None or row.offer_id is None:
        return False
    slug = db.session.scalar(select(Offer.slug).where(Offer.id == row.offer_id)) or ""
    offer = edited.offer_at(upload.institution, slug)
    if edited.last_numbers([offer.id]).get(offer.id, 0) != row.version or edited.copy_of(offer):
        return False
    if row.state is RowState.NEW:
        editing.withdraw(offer, person=person, now=now)
    else:
        editing.restore(offer, row.version - 1, person=person, now=now)
        editing.publish(offer, person=person, now=now)
    row.version = None
    db.session.flush()
    return True


def _held_row(upload: Upload, line: int) -> UploadRow:
    """Find a row and hold it: of two who do it at once, the second sees what the first did."""
    row = select(UploadRow).where(UploadRow.upload_id == upload.id, UploadRow.line == line)
    return db.session.scalars(row.with_for_update()).one()


def _beginning(upload: Upload, row: UploadRow, meant: Meant) -> Beginning:
    key = f"upload {upload.reference} {row.line}"
    return Beginning(Kind(meant.form["kind"]), row.title, meant.form["language"], key)
