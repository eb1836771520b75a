"""The form of what stewards keep of an institution: read, checked, filled."""

from __future__ import annotations

import re
from typing import Any

from babel import Locale
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields
from sqlalchemy import select

from academy.accounts.models import Person, Steward
from academy.db import db
from academy.errors import Invalid
from academy.i18n import PUBLISHED, Texts, autonym, current_language, language_name
from academy.i18n import gettext as _
from academy.institutions.models import Institution, InstitutionKind
from academy.institutions.operations import Entry
from academy.institutions.phrases import name_of
from academy.institutions.queries import IN_THE_ACADEMY
from academy.text import clean_line
from academy.web.forms import REQUIRED, Form
from academy.web.pages import site

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
COUNTRY = re.compile(r"[A-Z]{2}")
LONGEST_NAME, LONGEST_CITY = 300, 120
MOST_OFFERED = 200
"""How many institutions are offered as the one that another is part of; any can be written."""


def _is_language(code: str) -> bool:
    if code in dict(site().languages()):
        return True
    unknown = language_name(code, "en").lower() == code.lower()
    return not unknown and LANGUAGE.fullmatch(code) is not None


def _check_language(code: str) -> None:
    if not _is_language(code):
        raise ValidationError(str(_l("Choose one of the list.")))


def _check_country(code: str) -> None:
    if code not in _territories("en"):
        raise ValidationError(str(REQUIRED["required"]))


class EntrySchema(Schema):
    """What stewards keep of an institution."""

    name = fields.String(required=True, error_messages=REQUIRED)
    name_language = fields.String(load_default="en", validate=_check_language)
    name_en = fields.String(load_default="")
    name_fr = fields.String(load_default="")
    name_es = fields.String(load_default="")
    kind = fields.Enum(InstitutionKind, by_value=True, required=True, error_messages=REQUIRED)
    section = fields.String(load_default=None)
    country = fields.String(load_default=None, validate=_check_country)
    city = fields.String(load_default="")
    parent = fields.String(load_default=None)


def entry_in(form: Form, by: Person, institution: Institution | None = None) -> Entry:
    """Make an entry of the form; a steward of a section leaves institutions in that section.

    Raises Invalid for a name that cannot be read, or a section that there is not.
    """
    sent = form.cleaned
    return Entry(
        name=_names(sent, institution),
        kind=sent["kind"],
        section=_section(sent["section"], by),
        country=sent["country"],
        city=clean_line(sent["city"], limit=LONGEST_CITY),
        parent=(sent["parent"] or "").strip() or None,
    )


def usual_values(by: Person) -> dict[str, str]:
    """Fill the form for a new institution."""
    return {"name_language": current_language(), "section": by.section or ""}


def values_of(institution: Institution) -> dict[str, str]:
    """Fill the form with what is kept of an institution."""
    own, name = next(iter(institution.name.items()), ("en", ""))
    parent = db.session.get(Institution, institution.parent_id) if institution.parent_id else None
    further = {code: institution.name.get(code, "") for code in PUBLISHED if code != own}
    return {
        "name": name,
        "name_language": own,
        **{f"name_{code}": text for code, text in further.items()},
        "kind": institution.kind.value,
        "section": institution.section or "",
        "country": institution.country or "",
        "city": institution.city,
        "parent": parent.slug if parent else "",
    }


def name_fields() -> list[dict[str, str]]:
    """List the fields of names in the languages of the academy."""
    reader = current_language()
    return [
        {
            "name": f"name_{code}",
            "label": _("Name in this language: %(language)s", language=language_name(code, reader)),
        }
        for code in PUBLISHED
    ]


def sections_for(steward: Person) -> list[dict[str, str]]:
    """List the sections into which a steward may put an institution."""
    known = site().sections()
    if steward.steward is Steward.SECTION:
        known = [(code, name) for code, name in known if code == steward.section]
    return [{"code": code, "label": name} for code, name in known]


def languages(chosen: str) -> list[dict[str, str]]:
    """List the languages a name may be in, each by its own name; the chosen one is among them."""
    known = dict(site().languages()) or {code: autonym(code) for code in PUBLISHED}
    if _is_language(chosen):
        known.setdefault(chosen, autonym(chosen))
    return [{"code": code, "label": name, "language": code} for code, name in known.items()]


def other_institutions(institution: Institution | None = None) -> list[dict[str, str]]:
    """List institutions that another may be part of: the address of each with its name."""
    among = select(Institution).where(IN_THE_ACADEMY).order_by(Institution.slug)
    found = db.session.scalars(among.limit(MOST_OFFERED))
    return [{"code": one.slug, "label": name_of(one)} for one in found if one is not institution]


def countries() -> list[dict[str, str]]:
    """List the countries by their names in the reader's language."""
    named = sorted(_territories(current_language()).items(), key=lambda one: one[1])
    return [{"code": code, "label": name} for code, name in named]


def _territories(language: str) -> dict[str, str]:
    territories = Locale.parse(language).territories
    left_out = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    return {
        code: name
        for code, name in territories.items()
        if COUNTRY.fullmatch(code) and code not in left_out
    }


def _names(sent: dict[str, Any], institution: Institution | None) -> Texts:
    """Put the names together: its own first, then those of the academy's languages, then others."""
    own = sent["name_language"]
    names: Texts = {own: sent["name"]}
    names |= {code: sent[f"name_{code}"] for code in PUBLISHED if code != own}
    kept = institution.name if institution else {}
    names |= {code: text for code, text in kept.items() if code not in (own, *PUBLISHED)}
    cleaned = {code: clean_line(text, limit=LONGEST_NAME) for code, text in names.items()}
    if not cleaned[own]:
        raise Invalid({"name": REQUIRED["required"]})
    return {code: text for code, text in cleaned.items() if text}


def _section(wanted: str | None, by: Person) -> str | None:
    if by.steward is Steward.SECTION:
        return by.section
    if not wanted:
        return None
    if wanted not in dict(site().sections()):
        raise Invalid({"section": REQUIRED["required"]})
    return wanted
