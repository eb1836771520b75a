"""The reason of an act: asked where an act weighs on somebody, and kept in the log."""

from __future__ import annotations

from marshmallow import Schema, fields

from academy.errors import Invalid
from academy.secretariat.rules import GIVE_A_REASON
from academy.text import clean_line
from academy.web.forms import Form

LONGEST = 500


class ReasonSchema(Schema):
    """What an act takes that weighs on somebody."""

    reason = fields.String(required=True, error_messages={"required": GIVE_A_REASON})


def reason_in(form: Form) -> str:
    """Read the reason.

    Raises Invalid when nothing of it can be read.
    """
    reason = clean_line(form.cleaned["reason"], limit=LONGEST)
    if not reason:
        raise Invalid({"reason": GIVE_A_REASON})
    return reason
