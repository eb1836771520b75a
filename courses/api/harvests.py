"""/api/v1: how each reading of a source went, and what was wrong with its records."""

from __future__ import annotations

from typing import Any

import flask_smorest
from flask import url_for
from marshmallow import Schema, fields, validate

from academy.access import for_roles, scope
from academy.institutions.queries import institution_by_slug
from academy.institutions.rules import EDITORS
from academy.web.paging import LAST, Page
from courses.api.problems import problem
from courses.api.taking_part import TOKEN
from courses.harvesting.harvests import watching
from courses.harvesting.harvests.watching import COUNTS, CodeCount
from courses.harvesting.models import Harvest, HarvestState, RecordedFinding
from courses.harvesting.queries import findings_of, still_unknown
from courses.harvesting.sentences import FINDINGS
from courses.sources.addresses import shown_address
from courses.sources.models import Source
from courses.sources.queries import source_at
from courses.vocabularies.kept import kept_vocabularies

bp = flask_smorest.Blueprint(
    "api_harvests",
    __name__,
    url_prefix="/api/v1/institutions/<institution>/sources/<source>/harvests",
    description="Readings of sources, with a token",
)
AT_ONCE, FINDINGS_AT_ONCE = 50, 200


class PageQuery(Schema):
    """Which page of a list."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, LAST))


class CountsSchema(Schema):
    """What became of records: read is the sum of added, updated, unchanged and rejected."""

    read = fields.Integer(required=True)
    added = fields.Integer(required=True)
    updated = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    rejected = fields.Integer(required=True)
    held = fields.Integer(
        required=True, metadata={"description": "Records that are kept, but not listed yet."}
    )
    locked = fields.Integer(
        required=True,
        metadata={"description": "Records with a field that is not written: edited by hand."},
    )


class HarvestSchema(CountsSchema):
    """One reading of a source."""

    reference = fields.String(required=True)
    state = fields.String(
        required=True, validate=validate.OneOf([one.value for one in HarvestState])
    )
    code = fields.String(
        required=True,
        metadata={"description": "Why it failed, is held or was put off."},
    )
    sentence = fields.String(required=True, metadata={"description": "The same, in words."})
    record = fields.String(
        required=True, metadata={"description": "The one record that was read; empty for all."}
    )
    asked = fields.AwareDateTime(required=True)
    started = fields.AwareDateTime(required=True, allow_none=True)
    ended = fields.AwareDateTime(required=True, allow_none=True)
    vanished = fields.Integer(
        required=True, metadata={"description": "Records that are no longer there."}
    )


class SaidSchema(Schema):
    """What was wrong, and what it means for a record."""

    code = fields.String(required=True)
    weight = fields.String(required=True)
    sentence = fields.String(required=True)


class FindingSchema(SaidSchema):
    """What was wrong with a record: which, where, what it means for it, and what stood there."""

    line = fields.Integer(required=True)
    id = fields.String(required=True)
    field = fields.String(required=True)
    found = fields.String(required=True)


class CodeSchema(SaidSchema):
    """How often one thing was found."""

    count = fields.Integer(required=True)


class HarvestListSchema(Schema):
    """Readings of a source, newest first."""

    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    page_size = fields.Integer(required=True)
    harvests = fields.Nested(HarvestSchema(many=True), required=True)
    next = fields.String(required=True, allow_none=True)


class HarvestReportSchema(HarvestSchema):
    """One reading of a source, and what was wrong, record by record."""

    told_in = fields.String(
        required=True,
        metadata={"description": "The reading whose findings these are: nothing changed since."},
    )
    codes = fields.Nested(CodeSchema(many=True), required=True)
    unmapped = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Words that mean nothing to us yet, and how often they came."},
    )
    findings = fields.Nested(FindingSchema(many=True), required=True)
    page = fields.Integer(required=True)
    next = fields.String(required=True, allow_none=True)


@bp.get("")
@for_roles(EDITORS)
@scope("publishing")
@bp.doc(security=TOKEN)
@bp.arguments(PageQuery, location="query", as_kwargs=True)
@bp.response(200, HarvestListSchema)
@problem(bp, 404, "The institution has no such source")
def harvests(institution: str, source: str, page: int) -> dict[str, Any]:
    """List the readings of a source, newest first, fifty a page."""
    found, asked = source_at(institution_by_slug(institution), source), Page(page, AT_ONCE)
    total = watching.harvest_count(found)
    some = watching.harvests_of(found, limit=asked.size, offset=asked.offset)
    here: dict[str, Any] = {"institution": institution, "source": source}
    return {
        "total": total,
        "page": page,
        "page_size": AT_ONCE,
        "harvests": [harvest_view(one) for one in some],
        "next": _next("api_harvests.harvests", asked, total, here),
    }


@bp.get("/<harvest>")
@for_roles(EDITORS)
@scope("publishing")
@bp.doc(security=TOKEN)
@bp.arguments(PageQuery, location="query", as_kwargs=True)
@bp.response(200, HarvestReportSchema)
@problem(bp, 404, "The institution has no such source, or the source no such reading")
def harvest(institution: str, source: str, harvest: str, page: int) -> dict[str, Any]:
    """Tell what a reading found, 200 findings a page; of a held one, too, what it would unlist."""
    found = source_at(institution_by_slug(institution), source)
    reading = watching.harvest_at(found, harvest)
    here: dict[str, Any] = {"institution": institution, "source": source, "harvest": harvest}
    return {**harvest_view(reading), **_report(found, reading, Page(page, FINDINGS_AT_ONCE), here)}


def _report(found: Source, reading: Harvest, page: Page, here: dict[str, Any]) -> dict[str, Any]:
    told = watching.found_in(reading)
    codes = watching.codes_of(told)
    total = sum(one.count for one in codes)
    some = findings_of(told.id, limit=page.size, offset=page.offset)
    return {
        "told_in": told.reference,
        "codes": [{**_said(one), "count": one.count} for one in codes],
        "unmapped": still_unknown(found, told.unmapped, kept_vocabularies()),
        "findings": [finding_view(one) for one in some],
        "page": page.number,
        "next": _next("api_harvests.harvest", page, total, here),
    }


def harvest_view(harvest: Harvest) -> dict[str, Any]:
    """Tell how a reading went."""
    return {
        "reference": harvest.reference,
        "state": harvest.state.value,
        "code": watching.code_of(harvest),
        "sentence": watching.why(harvest),
        "record": shown_address(harvest.record),
        "asked": harvest.asked_at,
        "started": harvest.started_at,
        "ended": harvest.ended_at,
        **{name: getattr(harvest, name) for name in COUNTS},
    }


def finding_view(one: RecordedFinding) -> dict[str, Any]:
    """Tell what was wrong with a record."""
    where = {"line": one.line, "id": one.external_id, "field": one.field}
    return {**where, **_said(one), "found": one.found}


def _said(one: RecordedFinding | CodeCount) -> dict[str, str]:
    sentence = str(FINDINGS.get(one.code, one.code))
    return {"code": one.code, "weight": one.weight.value, "sentence": sentence}


def _next(endpoint: str, page: Page, total: int, here: dict[str, Any]) -> str | None:
    more = total > page.number * page.size
    return url_for(endpoint, **here, page=page.number + 1) if more else None
