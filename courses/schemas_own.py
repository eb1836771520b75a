"""The outside view of taking part and publishing: what tokens let programs send and read."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from academy.accounts.models import CitySize, WorkRole
from courses.feedback.operations import Answers
from courses.feedback.rules import LONGEST_TEXT


class WorkSchema(Schema):
    """Working for an institution."""

    institution = fields.String(required=True)
    role = fields.String(required=True)


class MeSchema(Schema):
    """Whose token it is."""

    name = fields.String(required=True)
    language = fields.String(required=True)
    zone = fields.String(required=True)
    institutions = fields.List(fields.Nested(WorkSchema), required=True)


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
