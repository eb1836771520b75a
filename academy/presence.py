"""When somebody was last here: kept with their session and their API token, not too exactly."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from flask import Response, g
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from academy.accounts.models import PersonSession
from academy.accounts.rules import SEEN_EVERY
from academy.db import db, unit_of_work, utcnow
from academy.tokens.models import ApiToken

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Presence:
    """What opened the door: the row of a session or of an API token, and when it last did.

    proved_at is when the person last showed who they are; a program never does.
    """

    kept_in: type[PersonSession] | type[ApiToken]
    row: int
    seen_at: datetime | None
    proved_at: datetime | None = None


def keep_presence(response: Response) -> Response:
    """Write down that somebody was here, when the last time is a while ago.

    After the answer was made: it does not wait for another writer's sake, nor fail with it.
    """
    presence: Presence | None = g.pop("presence", None)
    now = utcnow()
    if presence is None or (presence.seen_at and presence.seen_at > now - SEEN_EVERY):
        return response
    table = presence.kept_in
    seen = {"last_used_at" if table is ApiToken else "seen_at": now}
    try:
        with unit_of_work():
            db.session.execute(update(table).where(table.id == presence.row).values(seen))
    except OperationalError:
        log.warning("the database was kept by another writer: somebody's visit is not noted")
    return response
