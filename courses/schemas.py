"""The outside view: what the API takes and gives."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from academy.accounts.models import CitySize, WorkRole
from courses.feedback.operations import Answers
from courses.feedback.rules import LONGEST_TEXT
from courses.search.engine import Outcome


class LanguageSchema(Schema):
    """A language an offer uses."""

    code = fields.String(required=True)
    role = fields.String(required=True)
    origin = fields.String(required=True, metadata={"description": "declared, source or guessed."})


class TextSchema(Schema):
    """What an offer says of itself in one language."""

    title = fields.String(required=True)
    summary = fields.String(required=True)
    description = fields.String(required=True, metadata={"description": "Cleaned HTML."})


class MeetingSchema(Schema):
    """A live hour."""

    starts = fields.AwareDateTime(required=True)
    ends = fields.AwareDateTime(required=True)
    zone = fields.String(required=True)
    status = fields.String(required=True)


class RunSchema(Schema):
    """One edition; without a start it is always open."""

    reference = fields.String(required=True)
    starts = fields.AwareDateTime(required=True, allow_none=True)
    ends = fields.AwareDateTime(required=True, allow_none=True)
    enrol_until = fields.AwareDateTime(required=True, allow_none=True)
    zone = fields.String(required=True)
    capacity = fields.Integer(required=True, allow_none=True)
    places_left = fields.Integer(required=True, allow_none=True)
    meetings = fields.List(fields.Nested(MeetingSchema), required=True)


class PartnerSchema(Schema):
    """What one institution says of an offer that several have: where it is, and when."""

    slug = fields.String(required=True)
    institution = fields.String(required=True)
    provider = fields.String(required=True)
    address = fields.String(required=True, allow_none=True)
    runs = fields.List(fields.Nested(RunSchema), required=True)


class OfferSchema(Schema):
    """An offer, whole."""

    slug = fields.String(required=True)
    url = fields.Url(required=True, require_tld=False)
    kind = fields.String(required=True)
    institution = fields.String(required=True)
    provider = fields.String(required=True)
    language = fields.String(required=True)
    texts = fields.Dict(keys=fields.String(), values=fields.Nested(TextSchema), required=True)
    languages = fields.List(fields.Nested(LanguageSchema), required=True)
    issues = fields.List(fields.String(), required=True)
    suggested_issues = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Named by its own words; not confirmed, and counted nowhere."},
    )
    methodologies = fields.List(fields.String(), required=True)
    audiences = fields.List(fields.String(), required=True)
    address = fields.String(required=True, allow_none=True)
    delivery = fields.String(required=True, allow_none=True)
    pace = fields.String(required=True, allow_none=True)
    level = fields.String(required=True, allow_none=True)
    cost = fields.String(required=True, allow_none=True)
    certificate = fields.String(required=True, allow_none=True)
    contact = fields.String(required=True)
    audience = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "For whom it is in the institution's own words, by language."},
    )
    licence = fields.String(required=True, allow_none=True)
    workload_minutes = fields.Integer(required=True, allow_none=True)
    data_mb = fields.Integer(required=True, allow_none=True)
    data_mb_light = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Without video."}
    )
    runs = fields.List(fields.Nested(RunSchema), required=True)
    canonical = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The slug of the offer that this one was merged into."},
    )
    offered_by = fields.List(
        fields.Nested(PartnerSchema),
        required=True,
        metadata={"description": "Who offers it: itself, and what was merged into it."},
    )
    review_count = fields.Integer(required=True)
    colleague_share = fields.Integer(required=True, allow_none=True)
    sample = fields.Boolean(required=True)
    changed = fields.AwareDateTime(required=True)


class OfferListSchema(Schema):
    """One page of offers, with the counts of every facet value."""

    total = fields.Integer(required=True)
    outcome = fields.String(
        required=True,
        validate=validate.OneOf([outcome.value for outcome in Outcome]),
        metadata={
            "description": "What became of the words: none were typed (everything), every offer has"
            " all of them (all-words), those with all come first and others have some of them"
            " (some-words), or no offer answers them (nothing)."
        },
    )
    with_all_words = fields.Integer(
        required=True,
        metadata={"description": "How many of the offers have all the words; without words, all."},
    )
    shortened = fields.Boolean(required=True, metadata={"description": "Not all of it was read."})
    unknown_words = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Words of the question that no offer has in any form."},
    )
    corrected = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The question as it was probably meant, where a word is unknown."},
    )
    near = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "Slugs of offers close in meaning that do not have the words; they are"
            " counted nowhere. Empty where the academy does not search by meaning."
        },
    )
    page = fields.Integer(required=True)
    page_size = fields.Integer(required=True)
    away = fields.Boolean(
        required=True, metadata={"description": "The index was away: the database answered."}
    )
    facets = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        required=True,
    )
    offers = fields.List(fields.Nested(OfferSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class EnrolmentSchema(Schema):
    """Taking part in a run."""

    reference = fields.String(required=True)
    run = fields.String(required=True)
    offer = fields.String(required=True)
    standing = fields.String(
        required=True, metadata={"description": "enrolled, waiting, withdrawn, completed, absent."}
    )
    progress = fields.String(required=True, allow_none=True)
    enrolled = fields.AwareDateTime(required=True)
    waiting_since = fields.AwareDateTime(required=True, allow_none=True)


class ReviewBody(Schema):
    """How it was: four answers and a text."""

    class Meta:
        """Unknown names are left out."""

        unknown = EXCLUDE

    colleague = fields.Boolean(required=True, metadata={"description": "Would send a colleague."})
    city = fields.Boolean(required=True, metadata={"description": "Fits a city like theirs."})
    length = fields.Boolean(required=True, metadata={"description": "The length was right."})
    connection = fields.Boolean(required=True, metadata={"description": "It worked on the line."})
    text = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_TEXT, error=_l("Use at most 4,000 characters.")),
    )
    language = fields.String(
        load_default="en", validate=validate.Regexp(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")
    )
    role = fields.Enum(WorkRole, by_value=True, load_default=None)
    city_size = fields.Enum(CitySize, by_value=True, load_default=None)

    @post_load
    def make(self, told: dict[str, Any], **_options: object) -> Answers:
        """Make the answers."""
        return Answers(**told)


class ReviewSchema(Schema):
    """What was said, and whether all may read it yet."""

    colleague = fields.Boolean(required=True)
    city = fields.Boolean(required=True)
    length = fields.Boolean(required=True)
    connection = fields.Boolean(required=True)
    text = fields.String(required=True)
    language = fields.String(required=True)
    role = fields.String(required=True, allow_none=True)
    city_size = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, metadata={"description": "held, shown or hidden."})


class DraftQuery(Schema):
    """Whether to publish at once."""

    class Meta:
        """Unknown names are left out."""

        unknown = EXCLUDE

    draft = fields.Boolean(
        load_default=False, metadata={"description": "Keep it beside the live page for now."}
    )
