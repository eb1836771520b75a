"""/api/v1: records that are sent instead of fetched, on the same way into the catalogue."""

from __future__ import annotations

import json
from typing import Any

import flask_smorest
from flask import request
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields

from academy.access import for_roles, scope
from academy.db import db
from academy.errors import Invalid
from academy.institutions.queries import institution_by_slug
from academy.institutions.rules import EDITORS
from courses.api.problems import problem
from courses.api.sources import CountsSchema
from courses.api.taking_part import TOKEN
from courses.harvesting.draft import Feed
from courses.harvesting.harvests.asking import defaults_of
from courses.harvesting.queries import findings_of
from courses.harvesting.running import Outcome, run_harvest
from courses.harvesting.sentences import FINDINGS, reason
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


class FindingSchema(Schema):
    """What was wrong with a record: which, where, what it means for it, and what stood there."""

    line = fields.Integer(required=True)
    id = fields.String(required=True)
    field = fields.String(required=True)
    code = fields.String(required=True)
    weight = fields.String(required=True)
    sentence = fields.String(required=True)
    found = fields.String(required=True)


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
        raise Invalid({"": _l("Send up to 1,000 records and 2 MB at a time.")})
    if content.lstrip().startswith(b"["):
        try:
            told = json.loads(content)
            # Escaped: half a character, which JSON can say, cannot be written otherwise.
            content = "\n".join(json.dumps(one) for one in told).encode()
        except (ValueError, RecursionError):
            raise Invalid({"": reason("not-json-lines", {})}) from None
    if content.count(b"\n") >= MOST + 1:
        raise Invalid({"": _l("Send up to 1,000 records and 2 MB at a time.")})
    return content + b"\n"


def _view(outcome: Outcome) -> dict[str, Any]:
    if outcome.failure is not None:
        raise Invalid({"": reason(outcome.failure.code, outcome.failure.details)})
    counts = ("read", "added", "updated", "unchanged", "rejected", "held", "locked")
    findings = [
        {
            "line": one.line,
            "id": one.external_id,
            "field": one.field,
            "code": one.code,
            "weight": one.weight.value,
            "sentence": str(FINDINGS[one.code]),
            "found": one.found,
        }
        for one in findings_of(outcome.harvest_id, limit=MOST_FINDINGS)
    ]
    return {**{name: getattr(outcome.report, name) for name in counts}, "findings": findings}
