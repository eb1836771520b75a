"""What people are told by mail: each notice that is due, composed as it is when it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from academy.db import db, unit_of_work
from academy.notices.composing import Mail
from academy.notices.delivering import at_home, compose
from academy.notices.models import Notice
from academy.notices.rules import Dropped


@dataclass(frozen=True)
class Told:
    """A notice, whom it is for, and its mail, or why there is none."""

    kind: str
    to: str
    said: Mail | Dropped

    @property
    def mail(self) -> Mail:
        """The mail, which there is."""
        assert isinstance(self.said, Mail), self.said
        return self.said


def told(app: Flask, *, now: datetime, kind: str | None = None) -> list[Told]:
    """Compose the notices that are due, in their order; of one kind if asked. None is sent."""
    db.session.rollback()
    with at_home(app), unit_of_work():
        due = select(Notice).options(joinedload(Notice.person)).where(Notice.due_at <= now)
        due = due.where(Notice.kind == kind) if kind else due
        return [
            Told(one.kind, one.person.email if one.person else "", compose(one, now=now))
            for one in db.session.scalars(due.order_by(Notice.id)).all()
        ]


def told_of(app: Flask, *, now: datetime) -> list[tuple[str, str]]:
    """Tell of each notice that is due its kind and whom it is for."""
    return [(one.kind, one.to) for one in told(app, now=now)]
