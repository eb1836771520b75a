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
from academy.text import clean_line
from academy.web.forms import REQUIRED, Form
from academy.zones import is_zone
from courses.harvesting.adapting import ADAPTERS
from courses.sources.credentials import CredentialKind, Credentials, sealed_credentials
from courses.sources.models import Schedule
from courses.sources.operations import Details
from courses.vocabularies.licences import licence
from courses.web.belongings import languages
from courses.web.desk.source_addresses import as_address, why_not
from courses.web.desk.source_lists import Wrong, read_columns, read_zone_names

KEEP, NONE = "keep", "none"
LONGEST_NAME, LONGEST_SECRET = 80, 2_000
CHOOSE = _l("Choose one of the list.")

ENCODINGS = (
    *("UTF-8", *(f"windows-125{number}" for number in range(9))),
    *(f"ISO-8859-{part}" for part in (1, 2, 5, 7, 9)),
    *("KOI8-R", "GB18030", "Big5", "Shift_JIS", "EUC-JP", "EUC-KR", "UTF-16"),
)
"""How texts are encoded that do not say it, or say it wrongly."""

AS_TOLD = ("adapter", "zone", "schedule", "default_language", "encoding")
"""What is kept as it is chosen."""

WITH_USER = (CredentialKind.BASIC, CredentialKind.ARGUMENT)

_NAME = re.compile(r"[^\s=?&;#%+]{1,80}")


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
    encoding = fields.String(
        load_default="", validate=validate.OneOf(["", *ENCODINGS], error=CHOOSE)
    )
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
    told, wrong = form.cleaned, Wrong()
    address = _address(told, settings, wrong)
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
        address=address,
        default_licence=licence(told["default_licence"]),
        columns=columns,
        zone_names=zone_names,
        secret=sealed_credentials(credentials, settings)
        if isinstance(credentials, Credentials)
        else credentials,
        **{one: told[one] for one in AS_TOLD},
    )


def _check_chosen(told: Mapping[str, Any], wrong: Wrong) -> None:
    language = told["default_language"]
    if not is_zone(told["zone"]):
        wrong["zone"] = CHOOSE
    if language and language not in dict(languages()):
        wrong["default_language"] = CHOOSE


def _address(told: Mapping[str, Any], settings: Settings, wrong: Wrong) -> str:
    address = as_address(told["address"])
    if address:
        refused = why_not(address, settings.intranet_hosts)
    elif told["schedule"] is not Schedule.BY_HAND:
        refused = _l("Say where it is read, or choose “Only when somebody asks for it”.")
    else:
        refused = None
    if refused:
        wrong["address"] = refused
    return address


def _credentials(told: Mapping[str, Any], wrong: Wrong) -> Credentials | bytes | None:
    """Read the credentials: None keeps what there is, nothing at all removes it."""
    if told["credentials"] in {KEEP, NONE}:
        if told["user"] or told["secret"]:
            wrong["credentials"] = _l("Choose of which kind it is, or empty the fields below it.")
        return None if told["credentials"] == KEEP else b""
    kind, user, secret = CredentialKind(told["credentials"]), told["user"], told["secret"]
    if kind is CredentialKind.MOODLE and told["adapter"] != "moodle":
        wrong["credentials"] = _l("This token is for sources in the format Moodle.")
    _check_user(kind, user, wrong)
    if not secret:
        wrong["secret"] = _answer()
    if not _is_sendable(secret) or not _is_sendable(user):
        wrong["secret"] = _l("Enter it in one line of at most 2,000 characters.")
    return Credentials(kind, secret, user if kind in WITH_USER else "")


def _check_user(kind: CredentialKind, user: str, wrong: Wrong) -> None:
    if kind in WITH_USER and not user:
        wrong["user"] = _answer()
    elif kind is CredentialKind.BASIC and ":" in user:
        wrong["user"] = _l("Enter the user name; it holds no colon.")
    elif kind is CredentialKind.ARGUMENT and not _NAME.fullmatch(user):
        wrong["user"] = _l("Enter the name of the argument alone, such as token.")


def _answer() -> LazyString:
    return REQUIRED["required"]


def _is_sendable(text: str) -> bool:
    return len(text) <= LONGEST_SECRET and text.isprintable()
