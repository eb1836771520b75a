"""What the worker of a running academy has put into the folder of mails."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.letters import link_of
from tests.patience import awaited


def mail_for(home: Path, address: str, words: str) -> EmailMessage:
    """Wait for a mail to the address with these words in its subject."""

    def come() -> EmailMessage | None:
        for path in sorted((home / "mail").glob("[!.]*.eml")):
            message = message_from_bytes(path.read_bytes(), policy=default)
            if address in str(message["To"]) and words in str(message["Subject"]):
                return message
        return None

    return awaited(come, f"no mail came for {address} about {words!r}")


def way_in(mail: EmailMessage) -> str:
    """Give the address that a mail asks to open."""
    body = mail.get_body(("plain",))
    assert body is not None
    return link_of(str(body.get_content()))


def calendar_in(mail: EmailMessage) -> bytes:
    """Give the calendar file that a mail brings."""
    [file] = [
        part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"
    ]
    assert file.get_filename() == "meeting.ics"
    content = file.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content
