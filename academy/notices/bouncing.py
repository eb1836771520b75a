"""Mails that come back: what the mail server's report says, and about which mail of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from sqlalchemy import and_, delete, exists

from academy.accounts.models import Person
from academy.db import db
from academy.notices import operations, queries, rules
from academy.notices.models import DeadAddress, Notice, NoticeState

LARGEST = 1_000_000
"""Bytes that are read of a report: some bring the whole mail back."""

REFERENCE = re.compile(r"<([A-Za-z0-9_-]{8,22})@[^<>\s]+>")


class NotABounce(Exception):
    """The message is no report about a mail of ours. One sentence."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a report says (RFC 3464): of which mail, to which addresses, and why."""

    reference: str
    addresses: tuple[str, ...]
    hard: bool
    problem: str


def read_bounce(raw: bytes) -> Bounce:
    """Read the report of a mail server.

    Raises NotABounce when it is none, or does not bring back the name of a mail: that is how one
    knows that somebody who did not get our mail cannot close an address.
    """
    message = message_from_bytes(raw[:LARGEST], policy=compat32)
    fields = [found for part in message.walk() for found in _recipients(part)]
    failed = [one for one in fields if _word(one, "Action") in {"failed", "delayed"}]
    if not failed:
        raise NotABounce("This is not a report that a mail could not be delivered.")
    first = failed[0]
    reference = next(_references(message), "")
    if not reference:
        raise NotABounce("The report does not say which mail came back.")
    status = _word(first, "Status")
    return Bounce(
        reference=reference,
        addresses=tuple(_addresses(first)),
        # x.2.2 is a full mailbox, x.7.x is about us: neither says that nobody lives there.
        hard=_word(first, "Action") == "failed"
        and re.match(r"5\.(?!2\.2\b|7\.)", status) is not None,
        problem=" ".join(f"{status} {first.get('Diagnostic-Code', '')}".split())[:400],
    )


def note(bounce: Bounce, *, now: datetime) -> tuple[str, bool]:
    """Hold a report against the address it is about; tell which, and whether it is dead now.

    Raises NotABounce when no mail of that name was sent, or not to that address.
    """
    notice = queries.notice_by_reference(bounce.reference)
    if notice is None or notice.state is not NoticeState.SENT:
        raise NotABounce("The report is not about a mail that was sent from here.")
    address = _whose(notice, bounce.addresses)
    dead = operations.note_bounce(address, bounce.problem, hard=bounce.hard, now=now)
    return address, dead


def forget_old_bounces(*, now: datetime) -> None:
    """Remove what was held against addresses a month ago, but a dead one that an account has.

    Whoever goes by such an address is told so, until it is mended.
    """
    has_account = exists().where(Person.email_key == DeadAddress.email_key)
    still_told = and_(DeadAddress.bounces >= rules.DEAD_AFTER, has_account)
    old = DeadAddress.since <= now - rules.BOUNCES_COUNT_FOR
    gone = delete(DeadAddress).where(old, ~still_told)
    db.session.execute(gone.execution_options(synchronize_session=False))


def _whose(notice: Notice, addresses: tuple[str, ...]) -> str:
    """Choose the address we wrote to among those of the report; mails may have been forwarded.

    Raises NotABounce when it names others alone: whoever had a mail could close any address.
    """
    ours = notice.address or (notice.person.email if notice.person else "")
    same = [one for one in addresses if one.lower() == ours.lower()]
    if addresses and not same:
        raise NotABounce("The report is not about an address that we wrote to.")
    return same[0] if same else ours


def _recipients(part: Message) -> Iterator[Message]:
    """Give the fields of each recipient: the blocks of the report after the first."""
    if part.get_content_type() != "message/delivery-status":
        return
    blocks = part.get_payload()
    if isinstance(blocks, list):
        yield from (block for block in blocks if isinstance(block, Message) and block.keys())


def _references(message: Message) -> Iterator[str]:
    """Give the names of our mails that came back, whole or only their headers."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            headers = message_from_bytes(text) if isinstance(text, bytes) else Message()
            yield from REFERENCE.findall(str(headers.get("Message-ID", "")))
        elif kind == "message/rfc822":
            for inner in part.get_payload():
                if isinstance(inner, Message):
                    yield from REFERENCE.findall(str(inner.get("Message-ID", "")))


def _addresses(fields: Message) -> Iterator[str]:
    for name in ("Original-Recipient", "Final-Recipient"):
        kind, _semicolon, address = str(fields.get(name, "")).partition(";")
        address = address.strip().strip("<>")
        if kind.strip().lower() == "rfc822" and "@" in address and len(address) <= 254:
            yield address


def _word(fields: Message, name: str) -> str:
    return str(fields.get(name, "")).strip().lower()
