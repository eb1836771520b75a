"""Mails for tests: a mail server, an academy that knows it, and a kind of mail of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.config import Settings
from academy.db import db, unit_of_work
from academy.i18n import gettext as _
from academy.notices.composing import KINDS, Action, Kind, Mail, Reader
from academy.notices.delivering import deliver_next
from academy.notices.models import Group, Notice, NoticeState
from academy.notices.moments import moment_for
from academy.notices.operations import Recipient, notify
from academy.notices.queries import notice_by_reference
from academy.notices.transports import Transport, transport_of
from academy.web.pages import absolute
from tests.mailing import Post, open_post
from tests.making import NOW


@dataclass
class Sample:
    """What the mails of the tests say; changed by a test that wants something else said."""

    made: int = 0
    changes: dict[str, Any] = field(default_factory=dict)
    true: bool = True

    def __call__(self, notice: Notice, reader: Reader) -> Mail | None:
        """Make the mail, or tell that it is not true any more."""
        self.made += 1
        usual: dict[str, Any] = {
            "subject": "Water for all begins",
            "paragraphs": ["You have a place.", _("Please try again soon")],
            "action": Action("See the course", absolute(f"/{reader.language}/learn")),
            "facts": [("When", moment_for(reader, NOW))],
        }
        return Mail(**(usual | self.changes)) if self.true else None


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> Sample:
    """A kind of mail for each group, named sample-<group>."""
    said = Sample()
    for group in Group:
        kind = Kind(f"sample-{group}", group, said)
        monkeypatch.setitem(KINDS, kind.name, kind)
    return said


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server that answers."""
    with open_post(Post()) as opened:
        yield opened


@pytest.fixture
def app(academy: Callable[..., Flask], post: Post) -> Iterator[Flask]:
    """An academy that hands its mails to the mail server, inside its application context."""
    made = academy(mail_url=post.url, mail_from="Urban Academy <academy@academy.example>")
    with made.app_context():
        yield made
        db.session.rollback()


@dataclass
class Mailing:
    """An academy's mails, sent when a test says so and at the time it says."""

    app: Flask
    transport: Transport

    def write(self, to: Person | str, kind: str = "sample-reminders", **more: Any) -> str:
        """Write a notice down, and give its reference; `about` is new each time."""
        now = more.pop("now", NOW)
        recipient = to if isinstance(to, Person) else Recipient(address=to)
        with unit_of_work():
            about = more.pop("about", f"{db.session.query(Notice).count()}")
            return notify(kind, recipient, about=about, now=now, **more).reference

    def deliver(self, now: datetime = NOW) -> NoticeState | None:
        """Send what is due first."""
        db.session.rollback()
        state = deliver_next(self.app, self.transport, now=now)
        db.session.rollback()
        return state

    def send(self, post: Post, to: Person, kind: str = "sample-reminders") -> EmailMessage:
        """Write somebody, and give the one mail that arrived."""
        self.write(to, kind)
        assert self.deliver() is NoticeState.SENT
        return post.only()

    def deliver_all(self, now: datetime = NOW) -> list[NoticeState]:
        """Send all that is due, and tell how each stands."""
        states = []
        while (state := self.deliver(now)) is not None:
            states.append(state)
        return states

    def notice(self, reference: str) -> Notice:
        """Give a notice as it is now."""
        db.session.rollback()
        db.session.expire_all()
        found = notice_by_reference(reference)
        assert found is not None
        return found


@pytest.fixture
def mailing(app: Flask, sample: Sample) -> Iterator[Mailing]:
    """The mails of the academy."""
    settings: Settings = app.config["SETTINGS"]
    transport = transport_of(settings)
    assert transport is not None
    yield Mailing(app, transport)
    transport.close()
