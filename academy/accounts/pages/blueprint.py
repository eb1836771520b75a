"""The blueprint of accounts, and what its pages share."""

from __future__ import annotations

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields

from academy.accounts import rules
from academy.security import safe_next
from academy.web.forms import REQUIRED

bp = Blueprint("accounts", __name__, url_prefix="/<language:lang>")


def next_page() -> str | None:
    """Give the path of ours that the visitor was on the way to, if there is one."""
    return safe_next(request.args.get("next"))


def _check_email(text: str) -> None:
    if not rules.is_email(text.strip()):
        raise ValidationError(str(_l("Write the address as in name@example.org.")))


def email_field() -> fields.String:
    """Make a field that takes an e-mail address."""
    return fields.String(required=True, error_messages=REQUIRED, validate=_check_email)


def text_field() -> fields.String:
    """Make a field that has to be answered."""
    return fields.String(required=True, error_messages=REQUIRED)
