"""/api/v1: where a source says that one of its records changed, signed with its secret."""

from __future__ import annotations

import flask_smorest
from flask import current_app, request

from academy.access import public
from academy.config import Settings
from academy.db import unit_of_work, utcnow
from academy.errors import Missing
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
def message(source: str) -> None:
    """Say that a record changed: `{"data": {"url": "..."}}`. It is read within a minute.

    Signed by webhook-id, webhook-timestamp and webhook-signature. The same message sent twice is
    taken once.
    """
    settings: Settings = current_app.config["SETTINGS"]
    now, told = utcnow(), _told()
    with unit_of_work():
        found = source_told_of(source)
        secret = push_secret_of(found, settings) if found else None
        if found is None or secret is None:
            raise Missing
        messages.check_signature(told, secret, now=now)
        messages.take(found, told, now=now)


def _told() -> Message:
    body = request.get_data(cache=False)
    if len(body) > LARGEST:
        raise NotSigned
    return Message(
        request.headers.get("webhook-id", ""),
        request.headers.get("webhook-timestamp", ""),
        request.headers.get("webhook-signature", ""),
        body,
    )
