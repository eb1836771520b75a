"""What must not come through a mail: ends of lines, other addresses, markup; and what weighs."""

from __future__ import annotations

from pathlib import Path

import pytest

from academy.accounts.models import Person
from academy.notices.composing import Action, Attachment
from academy.notices.models import NoticeState
from academy.notices.transports import Folder
from tests.mailing import HEAVIEST, Post, Shown, html, plain
from tests.notices.conftest import Mailing, Sample


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
    letter = mailing.send(post, ana)
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
    letter = mailing.send(post, ana)
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
    letter = mailing.send(post, ana)
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
    letter = mailing.send(post, ana)
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
