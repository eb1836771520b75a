"""The commands of mails: flask notices."""

from __future__ import annotations

import sys
from typing import cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from academy.accounts.rules import is_email
from academy.config import Settings
from academy.db import new_reference, unit_of_work, utcnow
from academy.i18n import DEFAULT, speaking
from academy.notices import bouncing, operations, queries, rules
from academy.notices.delivering import at_home, reader_of, write
from academy.notices.mails import test_mail
from academy.notices.models import Group, Notice, NoticeState
from academy.notices.transports import Away, Later, Letter, Refused, transport_of

notices = AppGroup("notices", help="Mails: what waits, what failed, what came back.")
STATES = click.Choice([state.value for state in NoticeState])
MOST_LISTED = 10_000


@notices.command("list")
@click.option("--state", type=STATES, help="Only those that stand so.")
@click.option("--about", default="", help="Only this address, or this kind.")
@click.option("--limit", default=50, type=click.IntRange(1, MOST_LISTED), show_default=True)
def list_notices(state: str | None, about: str, limit: int) -> None:
    """List mails, the latest first: reference, when, state, kind, address, problem."""
    wanted = queries.Wanted(NoticeState(state) if state else None, about)
    for notice in queries.wanted_notices(wanted, limit=limit):
        when = notice.sent_at or notice.due_at
        to = notice.address or (notice.person.email if notice.person else "-")
        line = f"{notice.reference} {when:%Y-%m-%d %H:%M} {notice.state} {notice.kind} {to}"
        click.echo(f"{line} {notice.problem}".rstrip())
    counted = queries.count_by_state()
    click.echo(", ".join(f"{counted.get(state, 0)} {state}" for state in NoticeState))


@notices.command("send-again")
@click.argument("reference", required=False)
@click.option("--all-parked", is_flag=True, help="Every mail that was given up.")
def send_again(reference: str | None, all_parked: bool) -> None:
    """Try a mail once more that was given up: REFERENCE, or --all-parked."""
    if bool(reference) == all_parked:
        raise click.UsageError("Give a REFERENCE, or --all-parked.")
    with unit_of_work():
        if reference:
            one = queries.notice_by_reference(reference)
            found = [one] if one else []
        else:
            parked = queries.Wanted(NoticeState.PARKED)
            found = list(queries.wanted_notices(parked, limit=MOST_LISTED))
        begun = sum(operations.send_again(notice, now=utcnow()) for notice in found)
    if reference and not begun:
        raise click.ClickException(f"No mail that was given up is called {reference}.")
    click.echo(f"{begun} to be tried again.")


@notices.command("test")
@click.argument("address")
def send_test(address: str) -> None:
    """Send a test mail to ADDRESS at once, and say how it went."""
    settings: Settings = current_app.config["SETTINGS"]
    transport = transport_of(settings)
    if not is_email(address):
        raise click.ClickException(f"{address} is not an e-mail address.")
    if transport is None:
        raise click.ClickException("MAIL_URL is not set, so mails go nowhere.")
    letter = _test_letter(address)
    try:
        transport.open()
        transport.send(letter)
    except (Away, Later, Refused) as problem:
        raise click.ClickException(f"The mail could not be sent: {problem}") from problem
    finally:
        transport.close()
    click.echo(f"Sent to {address}, from {settings.mail_from}.")


@notices.command("bounced")
@click.argument("address")
@click.option("--soft", is_flag=True, help="Not for good: the third within a month counts.")
def bounced(address: str, soft: bool) -> None:
    """Say that a mail to ADDRESS came back."""
    if not is_email(address):
        raise click.ClickException(f"{address} is not an e-mail address.")
    told = "A mail came back."
    with unit_of_work():
        dead = operations.note_bounce(address, told, hard=not soft, now=utcnow())
    _tell_bounce(address, dead)


@notices.command("bounce")
def bounce() -> None:
    """Read the report of a mail server (RFC 3464) from standard input."""
    raw = sys.stdin.buffer.read(bouncing.LARGEST)
    try:
        with unit_of_work():
            address, dead = bouncing.note(bouncing.read_bounce(raw), now=utcnow())
    except bouncing.NotABounce as reason:
        raise click.ClickException(str(reason)) from reason
    _tell_bounce(address, dead)


@notices.command("revive")
@click.argument("address")
def revive(address: str) -> None:
    """Send to ADDRESS again, after mails to it had come back."""
    with unit_of_work():
        was_dead = operations.revive_address(address)
    click.echo(f"{address}: mails go there {'again' if was_dead else 'anyway'}.")


def add_commands(app: Flask) -> None:
    """Give `flask` the commands of mails."""
    app.cli.add_command(notices)


def _tell_bounce(address: str, dead: bool) -> None:
    later = f"after {rules.DEAD_AFTER} within a month, mails stop."
    click.echo(f"{address}: " + ("nothing is sent there any more." if dead else f"noted; {later}"))


def _test_letter(address: str) -> Letter:
    """Write the mail of a notice that is never kept."""
    now = utcnow()
    notice = Notice(
        reference=new_reference(),
        kind="test",
        group=Group.ACCOUNT,
        address=address,
        language=DEFAULT,
        details={},
        made_at=now,
        due_at=now,
    )
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    with at_home(app), speaking(DEFAULT):
        return write(notice, test_mail(notice, reader_of(notice, now=now)), now=now)
