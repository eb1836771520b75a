"""Reading mails as the worker writes them, without sending any; no application context is open."""

from __future__ import annotations

import re
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from academy.accounts.rules import email_key
from academy.db import db, unit_of_work, utcnow
from academy.notices.composing import Mail
from academy.notices.delivering import at_home, compose, reader_of
from academy.notices.models import Notice
from academy.notices.rules import Dropped
from tests.browsing import Browser
from tests.patience import awaited

CODE = re.compile(r"\d{3} \d{3}")
LINK = re.compile(r"http://[^\s<>]+")


def kinds_for(app: Flask, address: str) -> list[str]:
    """Name what is to be mailed to an address, in the order it was asked for."""
    with at_home(app):
        notices = db.session.scalars(
            select(Notice).options(joinedload(Notice.person)).order_by(Notice.id)
        )
        return [
            notice.kind
            for notice in notices
            if email_key(reader_of(notice, now=utcnow()).address) == email_key(address)
        ]


def written(app: Flask, kind: str, address: str, *, now: datetime | None = None) -> Mail | Dropped:
    """Write the latest mail of a kind to an address, or tell why it is not sent."""
    now = now or utcnow()
    with at_home(app), unit_of_work():
        notices = db.session.scalars(
            select(Notice)
            .options(joinedload(Notice.person))
            .where(Notice.kind == kind)
            .order_by(Notice.id.desc())
        )
        [latest, *_earlier] = [
            notice
            for notice in notices
            if email_key(reader_of(notice, now=now).address) == email_key(address)
        ]
        return compose(latest, now=now)


def letter(app: Flask, kind: str, address: str, *, now: datetime | None = None) -> Mail:
    """Write the latest mail of a kind to an address, which is sent."""
    mail = written(app, kind, address, now=now)
    assert isinstance(mail, Mail), mail
    return mail


def way_in(mail: Mail) -> str:
    """Give the path of the link that a mail asks to follow."""
    assert mail.action is not None
    return urlsplit(mail.action.url).path


def code_in(mail: Mail) -> str:
    """Give the code of a mail, as it is written there."""
    [code] = [text for _label, text in mail.facts if CODE.fullmatch(text)]
    return code


def delivered(home: Path, address: str) -> str:
    """Wait until the worker has put a mail for the address into the folder; gives its text."""

    def come() -> str | None:
        for path in sorted((home / "mail").glob("[!.]*.eml")):
            message = message_from_bytes(path.read_bytes(), policy=default)
            body = message.get_body(("plain",))
            if address in str(message["To"]) and body is not None:
                return str(body.get_content())
        return None

    return awaited(come, f"no mail came for {address}")


def link_of(text: str) -> str:
    """Give the first address that a mail tells to open."""
    found = LINK.search(text)
    assert found is not None, text
    return found.group()


def confirm(browser: Browser, app: Flask, address: str) -> str:
    """Follow the link that confirms an address, and press its button; tells where it leads."""
    way = way_in(letter(app, "confirm-address", address))
    answer = browser.send(way, {})
    assert answer.status_code == 303
    return str(answer.location)
