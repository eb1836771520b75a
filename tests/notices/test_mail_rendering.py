"""How a mail looks: its headers, both its texts, the reader's language and zone, what it weighs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.i18n import speaking
from academy.notices import rules
from academy.notices.composing import Action, Attachment, Reader
from academy.notices.models import NoticeState
from academy.notices.moments import day_for, moment_for
from academy.notices.transports import Folder
from tests.mailing import Post, Shown, html, plain
from tests.making import NOW
from tests.notices.conftest import Mailing, Sample

HEAVIEST = 30_000
"""Bytes; a mail is read where bytes are dear, and large ones are cut off."""

AFTERNOON = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


def reading(ana: Person, **changes: str) -> None:
    """Change the language or the zone of Ana's account."""
    with unit_of_work():
        known = db.session.merge(ana)
        for name, value in changes.items():
            setattr(known, name, value)


def sent(mailing: Mailing, post: Post, to: Person, kind: str = "sample-reminders") -> EmailMessage:
    """Send Ana a mail and give what arrived."""
    mailing.write(to, kind)
    assert mailing.deliver() is NoticeState.SENT
    return post.only()


def test_every_mail_says_who_writes_to_whom_and_that_a_machine_does(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    letter = sent(mailing, post, ana)
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
    assert sent(mailing, post, ana)["Reply-To"] == "River School <school@example.org>"


def test_plain_text_and_html_say_the_same(mailing: Mailing, post: Post, ana: Person) -> None:
    letter = sent(mailing, post, ana)
    assert letter.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    page = Shown(letter)
    for words in ("You have a place.", "See the course", "22 November 2026, 12:00 UTC"):
        assert words in plain(letter)
        assert words in page.text
    assert [link for link in page.links if link not in plain(letter)] == []


def test_every_link_leads_to_the_configured_host(mailing: Mailing, post: Post, ana: Person) -> None:
    letter = sent(mailing, post, ana)
    found = Shown(letter).links
    assert len(found) == 5
    assert [link for link in found if not link.startswith("http://localhost/")] == []
    assert "See the course\nhttp://localhost/en/learn\n" in plain(letter)


def test_12_no_request_has_a_say_in_where_links_lead(
    app: Flask, mailing: Mailing, post: Post, ana: Person
) -> None:
    with app.test_request_context("/", base_url="http://evil.example"):
        letter = sent(mailing, post, ana)
    assert "evil.example" not in letter.as_string()


@pytest.mark.parametrize(
    ("language", "direction", "shown"),
    [("en", "ltr", "en"), ("fr", "ltr", "fr"), ("es-MX", "ltr", "es"), ("ar", "rtl", "ar")],
)
def test_a_mail_is_in_the_language_of_its_reader(
    mailing: Mailing, post: Post, ana: Person, language: str, direction: str, shown: str
) -> None:
    reading(ana, language=language)
    letter = sent(mailing, post, ana)
    assert Shown(letter).root == {"lang": shown, "dir": direction}
    assert letter["Content-Language"] == shown
    assert f"http://localhost/{shown}/learn" in plain(letter)


def test_french_readers_read_french(mailing: Mailing, post: Post, ana: Person) -> None:
    reading(ana, language="fr", zone="Africa/Dakar")
    text = plain(sent(mailing, post, ana))
    assert "22 novembre 2026" in text
    assert "Veuillez réessayer bientôt" in text


def test_an_unknown_language_is_english(mailing: Mailing, post: Post, ana: Person) -> None:
    reading(ana, language="tlh")
    assert sent(mailing, post, ana)["Content-Language"] == "en"


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
    letter = sent(mailing, post, ana, f"sample-{group}")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = letter["List-Unsubscribe"].strip("<>")
    assert address.startswith("http://localhost/en/unsubscribe/")
    assert address in plain(letter)


def test_what_cannot_be_refused_does_not_pretend(mailing: Mailing, post: Post, ana: Person) -> None:
    letter = sent(mailing, post, ana, "sample-account")
    assert letter["List-Unsubscribe"] is None
    assert letter["Precedence"] is None
    assert "unsubscribe" not in letter.as_string()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x00", "\u2028", "\x85", "\x0b"])
@pytest.mark.parametrize("field", ["subject", "reply_to"])
def test_39_no_header_can_be_ended(
    mailing: Mailing, post: Post, sample: Sample, ana: Person, field: str, end: str
) -> None:
    sample.changes = {field: f"school@example.org{end}Bcc: victim@example.org"}
    reference = mailing.write(ana)
    assert mailing.deliver() is NoticeState.PARKED
    problem = "A header of this mail would hold the end of a line."
    assert mailing.notice(reference).problem == problem
    assert post.letters == []


@pytest.mark.parametrize(
    "address",
    ["a@b\r\nBcc: x@example.org", "a@example.org\nRCPT TO:<x@example.org>", "@"],
)
def test_39_no_address_can_bring_another(mailing: Mailing, post: Post, address: str) -> None:
    mailing.write(address)
    assert mailing.deliver() is NoticeState.PARKED
    assert post.letters == []


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "/en/learn", "https://a b", "data:text/html,"]
)
def test_links_lead_to_the_web(
    mailing: Mailing, post: Post, sample: Sample, ana: Person, url: str
) -> None:
    sample.changes = {"action": Action("See", url)}
    mailing.write(ana)
    assert mailing.deliver() is NoticeState.PARKED
    assert post.letters == []


def test_hostile_words_stay_words(
    mailing: Mailing, post: Post, sample: Sample, ana: Person
) -> None:
    hostile = "<img src=x onerror=alert(1)> {{7*7}} & \"quotes'"
    sample.changes = {
        "subject": hostile,
        "paragraphs": [hostile],
        "facts": [(hostile, hostile)],
        "after": [hostile],
        "action": Action(hostile, "http://localhost/?a=1&b=%22"),
    }
    letter = sent(mailing, post, ana)
    page = Shown(letter)
    assert letter["Subject"] == hostile
    assert "img" not in page.names
    assert page.text.count(hostile) == 7
    assert plain(letter).count(hostile) == 5


def test_a_calendar_file_travels_with_its_method(
    mailing: Mailing, post: Post, sample: Sample, ana: Person
) -> None:
    body = "BEGIN:VCALENDAR\r\nSUMMARY:Agua é vida\r\nEND:VCALENDAR\r\n".encode()
    file = Attachment("webinar.ics", "text/calendar", body, {"method": "PUBLISH"})
    sample.changes = {"attachments": [file]}
    letter = sent(mailing, post, ana)
    [part] = letter.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "PUBLISH"
    assert part.get_filename() == "webinar.ics"
    assert part.get_payload(decode=True) == body
    assert "You have a place." in plain(letter)


def test_a_subject_of_any_script_and_length_arrives_whole(
    mailing: Mailing, post: Post, sample: Sample, ana: Person
) -> None:
    subject = "Planificación, المدن للجميع, ผังเมือง " * 6
    sample.changes = {"subject": subject.strip()}
    letter = sent(mailing, post, ana)
    assert letter["Subject"] == subject.strip()
    assert max(len(line) for line in letter.as_bytes().splitlines()) < 998


def test_a_mail_is_light_and_asks_for_nothing(
    mailing: Mailing, post: Post, sample: Sample, ana: Person
) -> None:
    sample.changes = {
        "paragraphs": ["Words " * 120] * 6,
        "facts": [("When", "24 November 2026, 15:00 (Europe/Madrid) – 14:00 UTC")] * 8,
        "further": [Action("Another way", "http://localhost/en/" + "x" * 200)] * 4,
    }
    letter = sent(mailing, post, ana)
    assert len(letter.as_bytes()) < HEAVIEST
    page = Shown(letter)
    loading = {"img", "script", "link", "iframe", "style", "video", "audio", "object", "form"}
    assert page.names & loading == set()
    assert "url(" not in html(letter)


def test_a_folder_takes_whole_mails_only(tmp_path: Path, mailing: Mailing, ana: Person) -> None:
    mailing.transport = Folder(tmp_path / "mail")
    mailing.write(ana)
    mailing.write(ana)
    assert mailing.deliver_all() == [NoticeState.SENT] * 2
    files = sorted((tmp_path / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0
