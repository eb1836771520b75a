"""The commands of mails: list, send again, test, what came back."""

from __future__ import annotations

from collections.abc import Callable

from click.testing import Result
from flask import Flask

from academy.accounts.models import Person
from academy.db import db
from academy.notices import queries
from academy.notices.models import NoticeState
from tests.mailing import Post
from tests.notices.conftest import Mailing
from tests.notices.test_bounces import report

UNKNOWN = "550 5.1.1 Nobody of that name lives here"


def run(app: Flask, *arguments: str, given: bytes = b"") -> Result:
    """Run `flask notices ...`."""
    result = app.test_cli_runner().invoke(args=["notices", *arguments], input=given)
    db.session.rollback()
    return result


def test_mails_are_listed_and_sent_again(
    app: Flask, mailing: Mailing, post: Post, ana: Person
) -> None:
    post.to["ana@example.org"] = UNKNOWN
    reference = mailing.write(ana)
    mailing.write("ben@example.org", "sample-work")
    mailing.deliver_all()
    lines = run(app, "list").output.splitlines()
    assert lines[1:] == [
        f"{reference} 2026-11-22 12:00 parked sample-reminders ana@example.org {UNKNOWN}",
        "0 waiting, 0 sending, 1 sent, 1 parked, 0 dropped",
    ]
    assert len(run(app, "list", "--state", "sent").output.splitlines()) == 2
    assert len(run(app, "list", "--about", "sample-nothing").output.splitlines()) == 1
    post.to.clear()
    assert run(app, "send-again", "--all-parked").output == "1 to be tried again.\n"
    assert mailing.notice(reference).state is NoticeState.WAITING
    again = run(app, "send-again", reference)
    assert (again.exit_code, again.output) == (
        1,
        f"Error: No mail that was given up is called {reference}.\n",
    )
    assert run(app, "send-again").exit_code == 2


def test_a_test_mail_says_how_it_went(app: Flask, post: Post) -> None:
    told = run(app, "test", "ana@example.org")
    assert told.output == (
        "Sent to ana@example.org, from Urban Academy <academy@academy.example>.\n"
    )
    assert post.only()["Subject"] == "A test mail from Urban Academy"
    post.to["ana@example.org"] = UNKNOWN
    told = run(app, "test", "ana@example.org")
    assert (told.exit_code, told.output) == (
        1,
        f"Error: The mail could not be sent: {UNKNOWN}\n",
    )
    assert run(app, "test", "nonsense").output == "Error: nonsense is not an e-mail address.\n"


def test_a_test_without_a_server_says_what_is_missing(academy: Callable[..., Flask]) -> None:
    app = academy()
    with app.app_context():
        told = run(app, "test", "ana@example.org")
    assert (told.exit_code, told.output) == (
        1,
        "Error: MAIL_URL is not set, so mails go nowhere.\n",
    )


def test_what_came_back_is_taken_from_a_report(
    app: Flask, mailing: Mailing, post: Post, ana: Person
) -> None:
    mailing.write(ana)
    mailing.deliver()
    told = run(app, "bounce", given=report(str(post.only()["Message-ID"])))
    assert told.output == "ana@example.org: nothing is sent there any more.\n"
    assert queries.dead_address(ana.email) is not None
    assert run(app, "revive", "ana@example.org").output == (
        "ana@example.org: mails go there again.\n"
    )
    assert queries.dead_address(ana.email) is None
    wrong = run(app, "bounce", given=b"Subject: Hello\n\n")
    assert (wrong.exit_code, wrong.output) == (
        1,
        "Error: This is not a report that a mail could not be delivered.\n",
    )


def test_an_address_is_closed_by_hand(app: Flask) -> None:
    noted = "ana@example.org: noted; after 3 within a month, mails stop.\n"
    assert run(app, "bounced", "--soft", "ana@example.org").output == noted
    closed = "ana@example.org: nothing is sent there any more.\n"
    assert run(app, "bounced", "ana@example.org").output == closed
    assert run(app, "bounced", "nonsense").exit_code == 1
