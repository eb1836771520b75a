"""Mails that come back: the reports of mail servers, and who may close an address with one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.notices import operations, queries
from academy.notices.bouncing import Bounce, NotABounce, forget_old_bounces, note, read_bounce
from academy.notices.models import DeadAddress
from academy.notices.rules import DEAD_AFTER
from tests.mailing import Post
from tests.making import NOW
from tests.notices.conftest import Mailing

REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: academy@academy.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Sun, 22 Nov 2026 12:00:00 +0000

{original}Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {status} <{address}>: no mailbox here

--b
Content-Type: {kind}

Message-ID: {message_id}
Subject: Water for all begins

--b--
"""


def report(message_id: str, **changes: str) -> bytes:
    """Write the report of a mail server."""
    usual = {
        "address": "ana@example.org",
        "original": "",
        "action": "failed",
        "status": "5.1.1",
        "kind": "text/rfc822-headers",
    }
    return REPORT.format(message_id=message_id, **(usual | changes)).encode()


def sent(mailing: Mailing, post: Post, ana: Person) -> str:
    """Send Ana a mail and give its name."""
    mailing.write(ana)
    mailing.deliver()
    return str(post.only()["Message-ID"])


def taken(raw: bytes) -> tuple[str, bool]:
    """Take a report; tell which address it is held against, and whether that one is dead."""
    with unit_of_work():
        return note(read_bounce(raw), now=NOW)


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_closes_the_address(mailing: Mailing, post: Post, ana: Person, kind: str) -> None:
    name = sent(mailing, post, ana)
    assert taken(report(name, kind=kind)) == ("ana@example.org", True)
    dead = queries.dead_address("ana@example.org")
    assert dead is not None
    assert dead.problem == "5.1.1 smtp; 5.1.1 <ana@example.org>: no mailbox here"


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"action": "failed", "status": "4.4.7"},
        {"action": "failed", "status": "5.2.2"},
        {"action": "failed", "status": "5.7.1"},
        {"action": "failed", "status": ""},
    ],
)
def test_three_soft_reports_close_it_too(
    mailing: Mailing, post: Post, ana: Person, changes: dict[str, str]
) -> None:
    raw = report(sent(mailing, post, ana), **changes)
    assert [taken(raw)[1] for _time in range(3)] == [False, False, True]


def test_a_forwarded_mail_is_held_against_where_we_sent_it(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    original = "Original-Recipient: rfc822; Ana@example.org\n"
    raw = report(sent(mailing, post, ana), address="elsewhere@example.net", original=original)
    assert taken(raw) == ("Ana@example.org", True)
    assert queries.dead_address("ana@example.org") is not None


def test_nobody_closes_the_address_of_somebody_else_with_a_mail_of_their_own(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    raw = report(sent(mailing, post, ana), address="victim@example.org")
    with pytest.raises(NotABounce, match="not about an address"):
        taken(raw)
    assert queries.bounces_of("victim@example.org") is None


def test_nobody_closes_an_address_without_having_had_our_mail(
    mailing: Mailing, post: Post, ana: Person
) -> None:
    waiting = mailing.write(ana)
    for name in ("<guessed-12345678@localhost>", f"<{waiting}@localhost>"):
        with pytest.raises(NotABounce, match="not about a mail that was sent"):
            taken(report(name))
    for name in ("", "<x@localhost>", "nonsense"):
        with pytest.raises(NotABounce, match="does not say which mail"):
            taken(report(name))
    assert queries.bounces_of("ana@example.org") is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff",
        b"Subject: Out of office\n\nI am away.",
        b"Content-Type: message/delivery-status\n\nnonsense",
        b'Content-Type: multipart/report; boundary="b"\n\n--b\n',
        REPORT.format(
            message_id="<a@b>",
            address="a@b",
            original="",
            action="delivered",
            status="2.0.0",
            kind="text/rfc822-headers",
        ).encode(),
    ],
)
def test_other_messages_are_no_reports(raw: bytes) -> None:
    with pytest.raises(NotABounce, match="not a report"):
        read_bounce(raw)


def test_a_report_with_strange_words_is_kept_short() -> None:
    found = read_bounce(report("<aaaaaaaaaaaaaaaa@localhost>", status="5.1.1 " + "x" * 5000))
    assert isinstance(found, Bounce)
    assert len(found.problem) == 400


def test_soft_bounces_count_within_a_month(mailing: Mailing, ana: Person) -> None:
    told = []
    with unit_of_work():
        for number in range(DEAD_AFTER):
            now = NOW + timedelta(days=number)
            told.append(operations.note_bounce(ana.email, "Full", hard=False, now=now))
    assert told == [False, False, True]
    with unit_of_work():
        assert operations.revive_address(ana.email) is True
        later = [NOW, NOW + timedelta(days=20), NOW + timedelta(days=40)]
        told = [operations.note_bounce(ana.email, "Full", hard=False, now=now) for now in later]
    assert told == [False, False, False]


def test_bounces_are_forgotten_after_a_month_unless_an_account_has_the_dead_address(
    mailing: Mailing, ana: Person
) -> None:
    with unit_of_work():
        for address, hard in (
            (ana.email, True),
            ("gone@example.org", True),
            ("soft@example.org", False),
        ):
            operations.note_bounce(address, "Full", hard=hard, now=NOW)
    left = []
    for age in (timedelta(days=30) - timedelta(seconds=1), timedelta(days=30)):
        with unit_of_work():
            forget_old_bounces(now=NOW + age)
        left.append(db.session.scalars(select(DeadAddress.email_key).order_by("id")).all())
    assert left == [[ana.email, "gone@example.org", "soft@example.org"], [ana.email]]
