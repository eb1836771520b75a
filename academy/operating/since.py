"""What happened since a backup was made and must not be undone by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from academy.accounts.models import Person, PersonSession
from academy.db import db, unit_of_work
from academy.notices.models import Notice, NoticeState
from academy.privacy.operations import StillASteward, erase
from academy.privacy.registry import everything_kept
from academy.tokens.models import ApiToken, Token

MARKS = {
    "links used": (Token.token_hash, Token.used_at),
    "tokens revoked": (ApiToken.reference, ApiToken.revoked_at),
    "people blocked": (Person.reference, Person.blocked_at),
}
"""What closes a door -> by what the row is found again, and when that was."""

Marked = dict[str, list[tuple[str, datetime]]]


@dataclass(frozen=True, slots=True)
class Since:
    """Mails that went out, by what they were about; people who were erased; doors closed."""

    sent: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    marked: Marked = field(default_factory=dict)


def since(app: Flask, instant: datetime) -> Since:
    """Ask the database in use; one that is empty, older or damaged knows nothing."""
    sent = select(Notice.dedupe_key).where(Notice.sent_at >= instant)
    erased = select(Person.reference).where(Person.erased_at >= instant)
    with app.app_context():
        try:
            return Since(
                tuple(db.session.scalars(sent)),
                tuple(db.session.scalars(erased)),
                {name: _marked(name, instant) for name in MARKS},
            )
        except SQLAlchemyError:
            return Since()
        finally:
            db.session.remove()
            db.engine.dispose()


def _marked(name: str, instant: datetime) -> list[tuple[str, datetime]]:
    key, mark = MARKS[name]
    rows = db.session.execute(select(key, mark).where(mark >= instant))
    return [(found, when) for found, when in rows if when is not None]


def carry_over(happened: Since, *, now: datetime) -> list[str]:
    """Send no mail twice, open no door that was closed, erase again who was erased.

    Everybody signs in again. Returns the references of people who could not be erased, for they
    were stewards when the backup was made.
    """
    with unit_of_work():
        db.session.execute(delete(PersonSession))
        waiting = Notice.state.in_((NoticeState.WAITING, NoticeState.SENDING))
        for dedupe_key in happened.sent:
            told = update(Notice).where(Notice.dedupe_key == dedupe_key, waiting)
            db.session.execute(told.values(state=NoticeState.DROPPED))
        for name, rows in happened.marked.items():
            key, mark = MARKS[name]
            for found, when in rows:
                db.session.execute(update(key.class_).where(key == found).values({mark: when}))
    return [reference for reference in happened.erased if not _erased_again(reference, now)]


def _erased_again(reference: str, now: datetime) -> bool:
    try:
        with unit_of_work():
            back = select(Person).where(Person.reference == reference)
            person = db.session.scalar(back)
            if person is not None:
                follows = current_app.extensions["erasing"]
                erase(person, everything_kept(), follows=follows, now=now)
    except StillASteward:
        return False
    return True
