"""The outside view: what the API takes and gives."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields


class OfferQuery(Schema):
    """The same question the catalogue page takes; facets may be repeated."""

    class Meta:
        """Unknown names are left out; unknown values are not."""

        unknown = EXCLUDE

    q = fields.String(metadata={"description": "Words, in any language."})
    language = fields.List(fields.String(), metadata={"description": "BCP 47; the base counts."})
    issue = fields.List(fields.String(), metadata={"description": "Codes; narrower ones included."})
    methodology = fields.List(fields.String())
    kind = fields.List(fields.String(), metadata={"description": "course or webinar."})
    section = fields.List(fields.String())
    institution = fields.List(fields.String())
    sort = fields.String(metadata={"description": "relevance, soonest, newest or reviewed."})
    page = fields.String(metadata={"description": "From 1; twenty offers a page."})


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
    methodologies = fields.List(fields.String(), required=True)
    address = fields.String(required=True, allow_none=True)
    delivery = fields.String(required=True, allow_none=True)
    pace = fields.String(required=True, allow_none=True)
    level = fields.String(required=True, allow_none=True)
    cost = fields.String(required=True, allow_none=True)
    certificate = fields.String(required=True, allow_none=True)
    contact = fields.String(required=True)
    audience = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    workload_minutes = fields.Integer(required=True, allow_none=True)
    data_mb = fields.Integer(required=True, allow_none=True)
    data_mb_light = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Without video."}
    )
    runs = fields.List(fields.Nested(RunSchema), required=True)
    review_count = fields.Integer(required=True)
    colleague_share = fields.Integer(required=True, allow_none=True)
    sample = fields.Boolean(required=True)
    changed = fields.AwareDateTime(required=True)


class OfferListSchema(Schema):
    """One page of offers, with the counts of every facet value."""

    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    page_size = fields.Integer(required=True)
    by_filters_only = fields.Boolean(
        required=True, metadata={"description": "The index was away: words were not looked at."}
    )
    facets = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        required=True,
    )
    offers = fields.List(fields.Nested(OfferSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class TermSchema(Schema):
    """A term of a vocabulary."""

    code = fields.String(required=True)
    labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    alternatives = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), required=True
    )
    broader = fields.String(required=True, allow_none=True)
    details = fields.Dict(keys=fields.String(), required=True)


class VocabularySchema(Schema):
    """A vocabulary and its terms, in their order."""

    vocabulary = fields.String(required=True)
    terms = fields.List(fields.Nested(TermSchema), required=True)
