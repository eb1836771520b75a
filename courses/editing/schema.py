"""What an offer's form may say: one schema for the web form and the API, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate
from marshmallow import validates_schema as checks_all

from academy.text import is_web_address
from courses.catalogue.models import Certificate, Cost, Delivery, Kind, Level, Pace
from courses.catalogue.texts import LanguageRole, TextOrigin
from courses.editing.form import (
    LISTS,
    LONGEST_DESCRIPTION,
)
from courses.editing.timetable import read_run
from courses.vocabularies.licences import LONGEST
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import Vocabularies

MOST_ISSUES = 3
LONGEST_SUMMARY = 240


def _words(longest: int) -> fields.String:
    error = _l("Use at most %(number)s characters.", number=longest)
    return fields.String(validate=validate.Length(max=longest, error=error))


def _number(least: int, most: int) -> fields.Integer:
    error = _l("Choose a number from %(least)s to %(most)s.", least=least, most=most)
    whole = {"invalid": _l("Write a whole number."), "too_large": error}
    return fields.Integer(validate=validate.Range(least, most, error=error), error_messages=whole)


def _one_of(kind: type[StrEnum]) -> fields.Enum[StrEnum]:
    return fields.Enum(kind, by_value=True, error_messages={"unknown": _l("Choose one of these.")})


def _web_address() -> fields.String:
    return fields.String(validate=_check_web_address)


def _check_web_address(text: str) -> None:
    if len(text) > 2_000 or not is_web_address(text):
        # In a list: a lazy sentence that stands bare would be taken for a list of its letters.
        raise ValidationError(
            [_l("Write a whole web address, such as https://example.org/course.")]
        )


class Part(Schema):
    """A part of a form: what is left empty says nothing, what is unknown is left out."""

    class Meta:
        """Unknown names are left out."""

        unknown = EXCLUDE

    @pre_load
    def leave_out_what_is_empty(self, told: Any, **_options: object) -> Any:
        """Treat "" as not said."""
        if not isinstance(told, Mapping):
            return told
        return {name: value for name, value in told.items() if value not in ("", None)}


class TextPart(Part):
    """What the offer says of itself in one language."""

    title = _words(500)
    summary = _words(LONGEST_SUMMARY)
    description = _words(LONGEST_DESCRIPTION)
    origin = _one_of(TextOrigin)


class MeetingPart(Part):
    """A live hour, in the zone of its run."""

    uid = fields.String()
    date = fields.String()
    starts = fields.String()
    ends = fields.String()
    title = fields.Dict(keys=fields.String(), values=_words(300))
    join_link = _web_address()
    recording = _web_address()
    cancelled = fields.Boolean()


class RunPart(Part):
    """One edition."""

    reference = fields.String()
    zone = fields.String()
    starts_at = fields.String()
    ends_at = fields.String()
    enrol_until = fields.String()
    capacity = _number(1, 1_000_000)
    meetings = fields.List(fields.Nested(MeetingPart))

    @checks_all(skip_on_field_errors=False)
    def check_hours(self, told: dict[str, Any], **_options: object) -> None:
        """Refuse hours that do not exist, and an end before its beginning."""
        wrong = read_run(told)[1]
        if wrong:
            raise ValidationError(wrong)


class OfferForm(Part):
    """An offer as it is handed in. What is missing is another question: see `completeness`."""

    kind = _one_of(Kind)
    language = fields.String()
    texts = fields.Dict(keys=fields.String(), values=fields.Nested(TextPart))
    audience = fields.Dict(keys=fields.String(), values=_words(500))
    issues = fields.List(
        fields.String(),
        validate=validate.Length(max=MOST_ISSUES, error=_l("Choose at most three issues.")),
    )
    methodologies = fields.List(fields.String())
    audiences = fields.List(fields.String())
    languages = fields.Dict(
        keys=fields.String(validate=validate.OneOf([role.value for role in LanguageRole])),
        values=fields.List(fields.String()),
    )
    provider = _words(300)
    address = _web_address()
    contact = _words(254)
    cost = _one_of(Cost)
    certificate = _one_of(Certificate)
    level = _one_of(Level)
    pace = _one_of(Pace)
    delivery = _one_of(Delivery)
    workload_minutes = _number(1, 1_000_000)
    workload = _words(120)
    licence = _words(LONGEST)
    data_mb = _number(0, 1_000_000)
    data_mb_light = _number(0, 1_000_000)
    runs = fields.List(fields.Nested(RunPart))

    def __init__(self, vocabulary: Vocabularies) -> None:
        super().__init__()
        self.vocabulary = vocabulary

    @checks_all(skip_on_field_errors=False)
    def check_codes(self, told: dict[str, Any], **_options: object) -> None:
        """Refuse terms and languages that no vocabulary has."""
        wrong: dict[str, Any] = {
            name: [_l("Choose from the list.")]
            for name, vocabulary in LISTS.items()
            if not self._knows(vocabulary, told.get(name, ()))
        }
        for role, codes in told.get("languages", {}).items():
            if not self._knows(Vocabulary.LANGUAGE, [code.split("-")[0] for code in codes]):
                wrong.setdefault("languages", {})[role] = [_l("Choose from the list.")]
        if wrong:
            raise ValidationError(wrong)

    def _knows(self, vocabulary: Vocabulary, codes: Any) -> bool:
        return all((vocabulary, code) in self.vocabulary.by_code for code in codes)
