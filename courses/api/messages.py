"""/api/v1: where a source says that one of its records changed, signed with its secret."""

from __future__ import annotations

from datetime import datetime

import flask_smorest
from flask import current_app, request

from academy.access import public
from academy.config import Settings
from academy.counting import count_signed, count_unsigned
from academy.db import db, unit_of_work, utcnow
from academy.errors import Missing, Refusal
from courses.api.problems import problem
from courses.harvesting.harvests import messages
from courses.harvesting.harvests.messages import Message, NotSigned
from courses.sources.credentials import push_secret_of
from courses.sources.queries import source_told_of

bp = flask_smorest.Blueprint(
    "api_messages",
    __name__,
    url_prefix="/api/v1/sources/<source>",
    description="Messages of sources, signed as Standard Webhooks are",
)
LARGEST = 20_000


@bp.post("/messages")
@public
@bp.response(202)
@problem(bp, 401, "The message is not signed with the secret of the source, or not just now")
@problem(bp, 403, "The source is not approved")
@problem(bp, 404, "There is no such source, or it has no secret")
@problem(bp, 429, "Too many messages of the source, or too many unsigned ones from the place")
def message(source: str) -> None:
    """Say that a record changed: `{"data": {"url": "..."}}`. It is read within a minute.

    Signed by webhook-id, webhook-timestamp and webhook-signature. The same message sent twice is
    taken once.
    """
    now, told = utcnow(), _told()
    try:
        _check_signed(source, told, now)
    except Refusal:
        count_unsigned()
        raise
    count_signed(source)
    with unit_of_work():
        found = source_told_of(source)
        if found is None:
            raise Missing
        messages.take(found, told, now=now)


def _check_signed(source: str, told: Message, now: datetime) -> None:
    """Look before anything is written: who has no secret keeps nobody from writing."""
    settings: Settings = current_app.config["SETTINGS"]
    found = source_told_of(source)
    secret = push_secret_of(found, settings) if found else None
    db.session.rollback()
    if secret is None:
        raise Missing
    if len(told.body) > LARGEST:
        raise NotSigned
    messages.check_signature(told, secret, now=now)


def _told() -> Message:
    body = request.get_data(cache=False)
    return Message(
        request.headers.get("webhook-id", ""),
        request.headers.get("webhook-timestamp", ""),
        request.headers.get("webhook-signature", ""),
        body,
    )
