"""/api/v1: how the sources of an institution are read, with a token of one of its editors."""

from __future__ import annotations

from typing import Any

import flask_smorest
from marshmallow import Schema, fields, validate

from academy.access import for_roles, scope
from academy.institutions.queries import institution_by_slug
from academy.institutions.rules import EDITORS
from courses.api.harvests import HarvestSchema, harvest_view
from courses.api.problems import problem
from courses.api.taking_part import TOKEN
from courses.harvesting.harvests.watching import last_harvests
from courses.harvesting.models import Harvest
from courses.harvesting.words.mapping import coverage
from courses.sources.models import Schedule, Source, SourceState
from courses.sources.queries import sources_of

bp = flask_smorest.Blueprint(
    "api_sources",
    __name__,
    url_prefix="/api/v1/institutions/<institution>/sources",
    description="How sources are read, with a token",
)


class SourceSchema(Schema):
    """Where offers of an institution are read, and how that went."""

    reference = fields.String(required=True)
    name = fields.String(required=True)
    format = fields.String(required=True)
    state = fields.String(
        required=True, validate=validate.OneOf([one.value for one in SourceState])
    )
    schedule = fields.String(
        required=True, validate=validate.OneOf([one.value for one in Schedule])
    )
    next = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When it is read by itself."}
    )
    coverage = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Percent of its words that mean something to us."},
    )
    last = fields.Nested(HarvestSchema, required=True, allow_none=True)


@bp.get("")
@for_roles(EDITORS)
@scope("publishing")
@bp.doc(security=TOKEN)
@bp.response(200, SourceSchema(many=True))
@problem(bp, 404, "There is no such institution")
def sources(institution: str) -> list[dict[str, Any]]:
    """List the institution's sources, by name, each with its last reading."""
    found = sources_of(institution_by_slug(institution))
    keys = [one.id for one in found]
    last, share = last_harvests(keys), coverage(found)
    return [_source(one, last.get(one.id), share.get(one.id)) for one in found]


def _source(source: Source, last: Harvest | None, share: int | None) -> dict[str, Any]:
    return {
        "reference": source.reference,
        "name": source.name,
        "format": source.adapter,
        "state": source.state.value,
        "schedule": source.schedule.value,
        "next": source.due_at,
        "coverage": share,
        "last": harvest_view(last) if last else None,
    }
