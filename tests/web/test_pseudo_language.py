"""Nothing is left out: in a language nobody speaks, every word of every page is that language's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
from flask import Flask
from sqlalchemy import Enum, String, Text, select
from sqlalchemy.orm import joinedload
from sqlalchemy.types import JSON

from academy.accounts.models import Person, Steward
from academy.config import Settings
from academy.db import db, unit_of_work
from academy.i18n import gettext as _
from academy.i18n import speaking
from academy.institutions import operations as institutions
from academy.institutions.models import Institution, MemberRole
from academy.notices.composing import KINDS
from academy.notices.delivering import at_home, reader_of
from academy.notices.models import Notice
from academy.notices.rendering import Envelope, rendered
from courses.vocabularies.models import Term
from courses.web.desk.source_details import ENCODINGS
from tests.browsing import Browser, Reader
from tests.conftest import NOW, academy_of
from tests.pseudo import (
    LANGUAGE,
    Data,
    pseudo,
    speak_pseudo,
    untranslated_in_mail,
    untranslated_in_page,
    untranslated_in_text,
)
from tests.web.crawling import LEARNER, crawl, learner, plain_routes

HOME = f"/{LANGUAGE}/"
SAID_BY_THE_ACADEMY = {"notices", "terms"}
"""Tables whose words the academy wrote itself: they are no data here."""

CODE = re.compile(r"[a-z]+(?:[-_.][a-z]+)*")
"""What looks like a code of ours rather than like something written."""

SAME_EVERYWHERE = ("CQ", "UTC", "Linux", "Firefox", "Chromium", "Chrome", "Safari", "Werkzeug")
"""Names and codes that no table holds."""


@pytest.fixture(scope="module")
def spoken(demonstration_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demonstration network, its pages and its vocabularies in the language nobody speaks."""
    folder = tmp_path_factory.mktemp("pseudo")
    with academy_of(demonstration_home, folder / "home", development=True) as app:
        speak_pseudo(app, folder / "translations")
        with app.app_context(), unit_of_work():
            for term in db.session.scalars(select(Term)):
                if "en" in term.labels and len(term.labels) > 1:
                    term.labels = {**term.labels, LANGUAGE: pseudo(term.labels["en"])}
        yield app


@pytest.fixture(scope="module")
def data(spoken: Flask) -> Data:
    """What people and partners wrote, out of every table."""
    settings: Settings = spoken.config["SETTINGS"]
    words = {*SAME_EVERYWHERE, *available_timezones(), *ENCODINGS, settings.mail_from}
    with spoken.app_context():
        for table in db.metadata.sorted_tables:
            if table.name in SAID_BY_THE_ACADEMY:
                continue
            for column in table.columns:
                if isinstance(column.type, String | Text | JSON) and not _is_fixed(column.type):
                    for value in db.session.scalars(select(column)):
                        words |= set(_words(value))
    return Data(words)


def _is_fixed(kind: object) -> bool:
    return isinstance(kind, Enum)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _words(one)
    elif isinstance(value, str) and not CODE.fullmatch(value):
        yield value


def wrong(pages: dict[str, str], data: Data) -> dict[str, list[str]]:
    """Give what is not translated, address by address."""
    told = {address: untranslated_in_page(page, data) for address, page in pages.items()}
    return {address: words for address, words in told.items() if words}


def walk(app: Flask, browser: Browser) -> dict[str, str]:
    """Give every page that somebody meets, and every form that comes back when sent empty."""
    met = dict(crawl(app, browser, HOME, within=HOME, most=4))
    met |= {path: browser.get(path) for path in plain_routes(app, LANGUAGE)}
    pages = {
        address: answer.text
        for address, answer in met.items()
        if answer.mimetype == "text/html" and Reader(answer.text).root.get("lang") == LANGUAGE
    }
    return pages | dict(_sent_empty(browser, pages))


def _sent_empty(browser: Browser, pages: dict[str, str]) -> Iterator[tuple[str, str]]:
    asking = {
        form.action: form.fields
        for page in pages.values()
        for form in Reader(page).posts()
        if len(form.fields) > 1 and form.action.startswith(HOME)
    }
    for action, fields in asking.items():
        token = {"csrf_token": fields.get("csrf_token", "")}
        answer = browser.post(action, token)
        if answer.status_code == 422:
            yield f"POST {action}", answer.text


def test_every_word_a_visitor_meets_is_translated(spoken: Flask, data: Data) -> None:
    pages = walk(spoken, Browser(spoken))
    assert len(pages) > 25
    assert wrong(pages, data) == {}


def test_every_word_a_learner_meets_is_translated(spoken: Flask, data: Data) -> None:
    pages = walk(spoken, learner(spoken))
    assert len(pages) > 30
    assert wrong(pages, data) == {}


def test_every_word_of_those_who_work_here_is_translated(spoken: Flask, data: Data) -> None:
    with spoken.app_context(), unit_of_work():
        person = db.session.scalars(select(Person).where(Person.email == LEARNER)).one()
        person.steward = Steward.ALL
        place = db.session.scalars(select(Institution).order_by(Institution.id)).first()
        assert place is not None
        institutions.appoint(person, place, MemberRole.OWNER, now=NOW)
    pages = walk(spoken, learner(spoken))
    assert {address for address in pages if "/desk" in address or "/secretariat" in address}
    assert wrong(pages, data) == {}


def test_what_is_not_translated_is_found(data: Data) -> None:
    page = f"""<html lang="{LANGUAGE}"><title>⟦Ŝîĝñ⟧</title><p>Left out</p><img alt="Forgotten">
      <p lang="en">In English by its own word</p><p>⟦Ŕéáđ⟧ <b>⟦ƀý⟧</b> UTC</p>
      <input type="submit" value="Send"><input value="Ana"></html>"""
    assert untranslated_in_page(page, data) == ["Left out", "Forgotten", "Send"]


def test_every_word_of_a_mail_is_translated(spoken: Flask, data: Data) -> None:
    visitor, steward = Browser(spoken), learner(spoken)
    visitor.send(f"{HOME}sign-in/link", {"email": LEARNER})
    visitor.send(f"{HOME}password/forgotten", {"email": LEARNER})
    steward.send(f"{HOME}secretariat/mails/test", {}, page=f"{HOME}secretariat/mails")
    told = dict(mails(spoken, data))
    assert {kind: words for kind, words in told.items() if words} == {}
    assert told.keys() >= {"sign-in-link", "reset-password", "test"}


def mails(app: Flask, data: Data) -> Iterator[tuple[str, list[str]]]:
    """Write one mail of each kind that waits, and give what is not translated in it."""
    with at_home(app), unit_of_work():
        waiting = select(Notice).options(joinedload(Notice.person)).order_by(Notice.id)
        for notice in {one.kind: one for one in db.session.scalars(waiting)}.values():
            reader = replace(reader_of(notice, now=notice.made_at), language=LANGUAGE)
            with speaking(LANGUAGE):
                mail = KINDS[notice.kind].compose(notice, reader)
                if mail is not None:
                    sealed = Envelope(notice.reference, notice.group, reader, notice.made_at)
                    yield notice.kind, untranslated_in_mail(rendered(mail, sealed), data)


def test_a_mail_is_checked_word_for_word(spoken: Flask, data: Data) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Left out"
    mail.set_content("⟦Ŕéáđ îţ ĥéŕé:⟧\nhttps://academy.example/en/my\nYours, the academy")
    mail.add_alternative(f"<html lang='{LANGUAGE}'><p>⟦Ŕéáđ⟧</p><a>Here</a></html>", subtype="html")
    assert untranslated_in_mail(mail, data) == ["Left out", "Yours, the academy", "Here"]
    with spoken.app_context(), speaking(LANGUAGE):
        said = _("%(first)s to %(last)s", first="3", last="left out")
    assert (said, untranslated_in_text(said, data)) == ("⟦3 ţó left out⟧", [said])
