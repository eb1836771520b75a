"""What happened since a backup was made and must not be undone by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from academy.accounts.models import Person, PersonSession
from academy.db import db, unit_of_work
from academy.notices.models import Notice, NoticeState

BATCH = 500


@dataclass(frozen=True, slots=True)
class Since:
    """Mails that went out, by what they were about; people who had themselves erased."""

    sent: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()


def since(app: Flask, instant: datetime) -> Since:
    """Ask the database in use; one that is empty, older or damaged knows nothing."""
    sent = select(Notice.dedupe_key).where(Notice.sent_at >= instant)
    erased = select(Person.reference).where(Person.erased_at >= instant)
    with app.app_context():
        try:
            return Since(tuple(db.session.scalars(sent)), tuple(db.session.scalars(erased)))
        except SQLAlchemyError:
            return Since()
        finally:
            db.session.remove()
            db.engine.dispose()


def carry_over(happened: Since) -> list[str]:
    """Send no mail twice, and let nobody back in who has signed out: everybody signs in again.

    Returns the references of people who have to be erased once more.
    """
    with unit_of_work():
        db.session.execute(delete(PersonSession))
        for start in range(0, len(happened.sent), BATCH):
            told = Notice.dedupe_key.in_(happened.sent[start : start + BATCH])
            waiting = Notice.state.in_((NoticeState.WAITING, NoticeState.SENDING))
            settled = update(Notice).where(told, waiting).values(state=NoticeState.DROPPED)
            db.session.execute(settled)
    back = [
        person.reference
        for person in db.session.scalars(select(Person).where(Person.erased_at.is_(None)))
        if person.reference in set(happened.erased)
    ]
    db.session.rollback()
    return back
