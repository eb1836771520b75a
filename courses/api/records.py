"""/api/v1: records that are sent instead of fetched, on the same way into the catalogue."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import Any

import flask_smorest
from flask import request
from flask_babel import lazy_gettext as _l
from marshmallow import fields

from academy.access import for_roles, scope
from academy.db import db
from academy.errors import Invalid
from academy.institutions.queries import institution_by_slug
from academy.institutions.rules import EDITORS
from courses.api.harvests import CountsSchema, FindingSchema, finding_view
from courses.api.problems import problem
from courses.api.taking_part import TOKEN
from courses.harvesting.draft import Feed
from courses.harvesting.harvests.asking import defaults_of
from courses.harvesting.queries import findings_of
from courses.harvesting.running import Outcome, run_harvest
from courses.harvesting.sentences import reason
from courses.sources.queries import source_at
from courses.sources.rules import check_takes_records

bp = flask_smorest.Blueprint(
    "api_records",
    __name__,
    url_prefix="/api/v1/institutions/<institution>/sources/<source>/records",
    description="Sending records, with a token",
)
LARGEST, MOST = 2_000_000, 1_000
"""Bytes and records that are taken at once: they are written while the sender waits."""

MOST_FINDINGS = 200
BODY = {
    "required": True,
    "content": {
        "application/jsonl": {"schema": {"type": "string"}},
        "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
    },
}


class TooMuch(Invalid):
    """More is sent than is taken at once."""

    code = "too-much"
    sentence = _l("Send up to 1,000 records and 2 MB at a time.")


class NoRecords(Invalid):
    """What was sent cannot be read; the code says why, as that of a reading does."""

    def __init__(self, code: str, details: Mapping[str, str]) -> None:
        super().__init__({"": reason(code, details)})
        self.code = code


class TakenSchema(CountsSchema):
    """What became of the records that were sent, and what was wrong with them."""

    findings = fields.Nested(FindingSchema(many=True), required=True)


@bp.post("")
@for_roles(EDITORS)
@scope("publishing")
@bp.doc(security=TOKEN, requestBody=BODY)
@bp.response(200, TakenSchema)
@problem(bp, 403, "The source is not approved")
@problem(bp, 404, "The institution has no such source")
@problem(bp, 409, "The source is read from its address")
@problem(bp, 422, "What was sent holds no records")
def take(institution: str, source: str) -> dict[str, Any]:
    """Take up to 1,000 records, as JSON Lines or a JSON array. The same again changes nothing."""
    found = source_at(institution_by_slug(institution), source)
    check_takes_records(found)
    feed, source_id = Feed(_lines(), {}, defaults_of(found), found.zone), found.id
    db.session.rollback()
    return _view(run_harvest(source_id, feed, "jsonl", progress=lambda _report: None))


def _lines() -> bytes:
    content = request.get_data(cache=False)
    if len(content) > LARGEST:
        raise TooMuch
    content = content.removeprefix(BOM_UTF8)
    if content.lstrip().startswith(b"["):
        try:
            told = json.loads(content)
            # Escaped: half a character, which JSON can say, cannot be written otherwise.
            content = "\n".join(json.dumps(one) for one in told).encode()
        except (ValueError, RecursionError):
            raise NoRecords("not-json-lines", {}) from None
    if sum(1 for line in content.split(b"\n") if line.strip()) > MOST:
        raise TooMuch
    return content + b"\n"


def _view(outcome: Outcome) -> dict[str, Any]:
    if outcome.failure is not None:
        raise NoRecords(outcome.failure.code, outcome.failure.details)
    findings = findings_of(outcome.harvest_id, limit=MOST_FINDINGS)
    told: dict[str, Any] = CountsSchema().dump(outcome.report)
    return {**told, "findings": [finding_view(one) for one in findings]}
