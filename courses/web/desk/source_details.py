"""What people type about a source, read into what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, validate

from academy.config import Settings
from academy.errors import Invalid
from academy.text import clean_line, is_web_address
from academy.web.forms import REQUIRED, Form
from academy.zones import is_zone
from courses.harvesting.adapting import ADAPTERS
from courses.sources.addresses import gives_away
from courses.sources.credentials import CredentialKind, Credentials, sealed_credentials
from courses.sources.models import Schedule
from courses.sources.operations import Details
from courses.vocabularies.licences import licence
from courses.web.belongings import languages
from courses.web.desk.source_lists import read_columns, read_zone_names

KEEP, NONE = "keep", "none"
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_SECRET = 80, 2_000, 2_000
CHOOSE = _l("Choose one of the list.")

_CALENDAR = re.compile(r"webcals?://", re.IGNORECASE)


class SourceSchema(Schema):
    """What a source takes."""

    name = fields.String(required=True, error_messages=REQUIRED)
    adapter = fields.String(
        required=True,
        error_messages=REQUIRED,
        validate=validate.OneOf(list(ADAPTERS), error=CHOOSE),
    )
    address = fields.String(load_default="")
    schedule = fields.Enum(Schedule, by_value=True, load_default=Schedule.BY_HAND)
    zone = fields.String(load_default="UTC")
    default_language = fields.String(load_default="")
    default_licence = fields.String(load_default="")
    columns = fields.String(load_default="")
    zone_names = fields.String(load_default="")
    credentials = fields.String(
        load_default=KEEP, validate=validate.OneOf([KEEP, NONE, *CredentialKind], error=CHOOSE)
    )
    user = fields.String(load_default="")
    secret = fields.String(load_default="")


def details_of(form: Form, settings: Settings) -> Details:
    """Read a sound form.

    Raises Invalid with what is wrong where.
    """
    told, wrong = form.cleaned, dict[str, str | LazyString]()
    address = _address(told, wrong)
    columns = read_columns(told["columns"], wrong)
    zone_names = read_zone_names(told["zone_names"], wrong)
    credentials = _credentials(told, wrong)
    name = clean_line(told["name"], limit=LONGEST_NAME)
    if not name:
        wrong["name"] = REQUIRED["required"]
    _check_chosen(told, wrong)
    if wrong:
        raise Invalid(wrong)
    return Details(
        name=name,
        adapter=told["adapter"],
        address=address,
        zone=told["zone"],
        schedule=told["schedule"],
        default_language=told["default_language"],
        default_licence=licence(told["default_licence"]),
        columns=columns,
        zone_names=zone_names,
        secret=sealed_credentials(credentials, settings)
        if isinstance(credentials, Credentials)
        else credentials,
    )


def _check_chosen(told: Mapping[str, Any], wrong: dict[str, str | LazyString]) -> None:
    language = told["default_language"]
    if not is_zone(told["zone"]):
        wrong["zone"] = CHOOSE
    if language and language not in dict(languages()):
        wrong["default_language"] = CHOOSE


def _address(told: Mapping[str, Any], wrong: dict[str, str | LazyString]) -> str:
    """Read the address; calendars are often told with a name of their own for https."""
    typed = _CALENDAR.sub("https://", told["address"].strip(), count=1)
    if not typed:
        if told["schedule"] is not Schedule.BY_HAND:
            wrong["address"] = _l("Say where it is read, or choose to read it by hand only.")
        return ""
    if len(typed) > LONGEST_ADDRESS or not is_web_address(typed):
        wrong["address"] = _l("Write the whole address, such as https://example.org/courses.")
    elif gives_away(typed):
        wrong["address"] = _l(
            "This address holds a token. Enter it among the credentials, where nobody sees it."
        )
    return typed


def _credentials(
    told: Mapping[str, Any], wrong: dict[str, str | LazyString]
) -> Credentials | bytes | None:
    """Read the credentials: None keeps what there is, nothing at all removes it."""
    if told["credentials"] in {KEEP, NONE}:
        return None if told["credentials"] == KEEP else b""
    kind, user, secret = CredentialKind(told["credentials"]), told["user"], told["secret"]
    if kind is CredentialKind.MOODLE and told["adapter"] != "moodle":
        wrong["credentials"] = _l("This token is for sources in the format Moodle.")
    if kind is CredentialKind.BASIC and (not user or ":" in user):
        wrong["user"] = _l("Enter the user name; it holds no colon.") if user else _answer()
    if not secret:
        wrong["secret"] = _answer()
    if not _is_sendable(secret) or not _is_sendable(user):
        wrong["secret"] = _l("Enter it in one line of at most 2,000 characters.")
    return Credentials(kind, secret, user if kind is CredentialKind.BASIC else "")


def _answer() -> LazyString:
    return REQUIRED["required"]


def _is_sendable(text: str) -> bool:
    return len(text) <= LONGEST_SECRET and text.isprintable()
