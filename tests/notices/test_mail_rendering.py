"""How a mail looks: its headers, both its texts, the reader's language and zone, what it weighs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.i18n import speaking
from academy.notices import rules
from academy.notices.composing import Reader
from academy.notices.moments import day_for, moment_for
from tests.mailing import Post, Shown, plain
from tests.making import NOW
from tests.notices.conftest import Mailing, Sample

AFTERNOON = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


def reading(ana: Person, **changes: str) -> None:
    """Change the language or the zone of Ana's account."""
    with unit_of_work():
        known = db.session.merge(ana)
        for name, value in changes.items():
            setattr(known, name, value)


def test_every_mail_says_who_writes_to_whom_and_that_a_machine_does(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    letter = mailing.send(post, ana)
    assert letter["Subject"] == "Water for all begins"
    assert letter["From"] == "Urban Academy <academy@academy.example>"
    assert letter["To"] == "ana@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Precedence"] == "bulk"
    assert letter["Content-Language"] == "en"
    assert letter["Reply-To"] is None
    assert parsedate_to_datetime(letter["Date"]) == NOW


def test_answers_go_where_the_mail_says(
    mailing: Mailing, post: Post, sample: Sample, ana: Person
) -> None:
    sample.changes = {"reply_to": "River School <school@example.org>"}
    assert mailing.send(post, ana)["Reply-To"] == "River School <school@example.org>"


def test_plain_text_and_html_say_the_same(mailing: Mailing, post: Post, ana: Person) -> None:
    letter = mailing.send(post, ana)
    assert letter.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    page = Shown(letter)
    for words in ("You have a place.", "See the course", "22 November 2026, 12:00 UTC"):
        assert words in plain(letter)
        assert words in page.text
    assert [link for link in page.links if link not in plain(letter)] == []


def test_every_link_leads_to_the_configured_host(mailing: Mailing, post: Post, ana: Person) -> None:
    letter = mailing.send(post, ana)
    found = Shown(letter).links
    assert len(found) == 5
    assert [link for link in found if not link.startswith("http://localhost/")] == []
    assert "See the course\nhttp://localhost/en/learn\n" in plain(letter)


def test_12_no_request_has_a_say_in_where_links_lead(
    app: Flask, mailing: Mailing, post: Post, ana: Person
) -> None:
    with app.test_request_context("/", base_url="http://evil.example"):
        letter = mailing.send(post, ana)
    assert "evil.example" not in letter.as_string()


@pytest.mark.parametrize(
    ("language", "direction", "shown"),
    [("en", "ltr", "en"), ("fr", "ltr", "fr"), ("es-MX", "ltr", "es"), ("ar", "rtl", "ar")],
)
def test_a_mail_is_in_the_language_of_its_reader(
    mailing: Mailing, post: Post, ana: Person, language: str, direction: str, shown: str
) -> None:
    reading(ana, language=language)
    letter = mailing.send(post, ana)
    assert Shown(letter).root == {"lang": shown, "dir": direction}
    assert letter["Content-Language"] == shown
    assert f"http://localhost/{shown}/learn" in plain(letter)


def test_french_readers_read_french(mailing: Mailing, post: Post, ana: Person) -> None:
    reading(ana, language="fr", zone="Africa/Dakar")
    text = plain(mailing.send(post, ana))
    assert "22 novembre 2026" in text
    assert "Veuillez réessayer bientôt" in text


def test_an_unknown_language_is_english(mailing: Mailing, post: Post, ana: Person) -> None:
    reading(ana, language="tlh")
    assert mailing.send(post, ana)["Content-Language"] == "en"


def reader(zone: str) -> Reader:
    """Somebody in a zone."""
    return Reader(None, "ana@example.org", "en", zone, NOW)


@pytest.mark.parametrize(
    ("language", "zone", "instant", "told"),
    [
        ("en", "Europe/Madrid", AFTERNOON, "24 November 2026, 15:00 (Europe/Madrid) – 14:00 UTC"),
        ("en", "UTC", AFTERNOON, "24 November 2026, 14:00 UTC"),
        ("en", "Nowhere/City", AFTERNOON, "24 November 2026, 14:00 UTC"),
        (
            "en",
            "Asia/Bangkok",
            EVENING,
            "25 November 2026, 01:00 (Asia/Bangkok) – 24 November 2026, 18:00 UTC",
        ),
        (
            "en",
            "Europe/Madrid",
            AFTERNOON - timedelta(days=60),
            "25 September 2026, 16:00 (Europe/Madrid) – 14:00 UTC",
        ),
    ],
)
def test_an_hour_is_told_in_the_zone_of_the_reader_and_in_utc(
    app: Flask, language: str, zone: str, instant: datetime, told: str
) -> None:
    with speaking(language):
        assert moment_for(reader(zone), instant) == told


def test_a_day_is_that_of_the_reader(app: Flask) -> None:
    assert day_for(reader("Asia/Bangkok"), EVENING) == "25 November 2026"
    with speaking("fr"):
        assert day_for(reader("UTC"), EVENING) == "24 novembre 2026"


@pytest.mark.parametrize("group", rules.REFUSABLE)
def test_what_can_be_refused_says_how_with_one_click(
    mailing: Mailing, post: Post, ana: Person, group: str
) -> None:
    letter = mailing.send(post, ana, f"sample-{group}")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = letter["List-Unsubscribe"].strip("<>")
    assert address.startswith("http://localhost/en/unsubscribe/")
    assert address in plain(letter)


def test_what_cannot_be_refused_does_not_pretend(mailing: Mailing, post: Post, ana: Person) -> None:
    letter = mailing.send(post, ana, "sample-account")
    assert letter["List-Unsubscribe"] is None
    assert letter["Precedence"] is None
    assert "unsubscribe" not in letter.as_string()


def test_a_fact_that_is_a_page_of_ours_can_be_followed(
    mailing: Mailing, post: Post, sample: Sample, ana: Person
) -> None:
    sample.changes = {
        "facts": [
            ("To join", "http://localhost/en/join"),
            ("Elsewhere", "http://elsewhere.example/en/join"),
            ("Both", "http://localhost/en/other and more"),
        ]
    }
    found = Shown(mailing.send(post, ana)).links
    assert "http://localhost/en/join" in found
    assert [link for link in found if "elsewhere" in link or "other" in link] == []
