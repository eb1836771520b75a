"""What can be asked of the list of offers, as the API describes it."""

from __future__ import annotations

from enum import StrEnum

from marshmallow import EXCLUDE, Schema, fields

from courses.catalogue.models import Certificate, Cost, Level


def _one_of(choices: type[StrEnum]) -> str:
    *others, last = (choice.value for choice in choices)
    return f"{', '.join(others)} or {last}."


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
    when = fields.List(
        fields.String(),
        metadata={
            "description": "upcoming, running, anytime, recorded or past; what is over is left out"
            " unless past is asked for."
        },
    )
    region = fields.List(
        fields.String(), metadata={"description": "UN M49 codes, or ISO 3166-1 of a country."}
    )
    section = fields.List(fields.String())
    institution = fields.List(fields.String())
    audience = fields.List(fields.String(), metadata={"description": "Codes of who it is for."})
    level = fields.List(fields.String(), metadata={"description": _one_of(Level)})
    cost = fields.List(fields.String(), metadata={"description": _one_of(Cost)})
    certificate = fields.List(fields.String(), metadata={"description": _one_of(Certificate)})
    data = fields.List(
        fields.String(),
        metadata={"description": "small (up to 20 MB), medium (up to 100 MB) or large."},
    )
    sort = fields.String(metadata={"description": "relevance, soonest, newest or reviewed."})
    page = fields.String(metadata={"description": "From 1; twenty offers a page."})
