"""Messages by which a source says that a record changed, signed as Standard Webhooks are.

The signed text is "id.timestamp.body"; the header may hold several signatures, each "v1," and a
base64 of HMAC-SHA256 (https://www.standardwebhooks.com, specification 1.0).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from academy.db import db
from academy.errors import Refusal
from academy.text import clean_line
from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.harvests import queue
from courses.harvesting.harvests.asking import page_of
from courses.harvesting.models import Harvest, PushedMessage
from courses.sources.credentials import PUSH_PREFIX
from courses.sources.models import Source

TOLERANCE = timedelta(minutes=5)
"""How old, or how far ahead, a message may be: later it could be one that was listened to."""

LONGEST_ID = 200


class NotSigned(Refusal):
    """Nobody who knows the secret of the source has signed this message, or not just now."""

    status = 401
    code = "not-signed"
    sentence = _l("The message is not signed with the secret of this source, or not just now.")


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """A message as it came."""

    id: str
    timestamp: str
    signatures: str
    body: bytes


def check_signature(message: Message, secret: str, *, now: datetime) -> None:
    """Refuse with NotSigned what the source did not sign within the last minutes."""
    try:
        sent = datetime.fromtimestamp(int(message.timestamp), UTC)
        key = base64.b64decode(secret.removeprefix(PUSH_PREFIX))
    except (ValueError, OverflowError, OSError, binascii.Error):
        raise NotSigned from None
    if abs(now - sent) > TOLERANCE or not 0 < len(message.id) <= LONGEST_ID:
        raise NotSigned
    told = f"{message.id}.{message.timestamp}.".encode() + message.body
    wanted = b"v1," + base64.b64encode(hmac.digest(key, told, hashlib.sha256))
    given = (one.encode() for one in message.signatures.split(" "))
    if not any(hmac.compare_digest(wanted, one) for one in given):
        raise NotSigned


def take(source: Source, message: Message, *, now: datetime) -> Harvest | None:
    """Ask for a reading of the record that the message names; None for one that came before.

    Where records have no pages of their own, all of the source is read, before others: what did
    not change is not sent again. Raises NotApproved.
    """
    known = select(PushedMessage.id).where(
        PushedMessage.source_id == source.id, PushedMessage.message == message.id
    )
    if db.session.scalar(known) is not None:
        return None
    db.session.add(PushedMessage(source_id=source.id, message=message.id, received_at=now))
    record = page_of(source, _address(message.body))
    # Going through a website takes too long for others to wait behind it.
    soon = not ADAPTERS[source.adapter].crawls
    return queue.ask(source, person=None, now=now, record=record, at_once=soon)


def _address(body: bytes) -> str:
    """Give the address of the record; a message that names none is about the whole source."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    data = told.get("data") if isinstance(told, Mapping) else None
    address = data.get("url") if isinstance(data, Mapping) else None
    return clean_line(address, limit=2_000) if isinstance(address, str) else ""
