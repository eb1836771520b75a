"""What an institution says of itself, edited by those who edit its offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import Locale
from flask import flash, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, post_load, validate
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.db import unit_of_work
from academy.i18n import PUBLISHED, Texts, country_name, current_language, language_name
from academy.i18n import gettext as _
from academy.institutions.describing import LONGEST_ABOUT, Description, describe
from academy.institutions.models import Institution
from academy.institutions.rules import EDITORS
from academy.web.forms import Form
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies
from courses.web.desk.editing_page import language_options
from courses.web.desk.frame import Desk, Room, add_room, bp, desk_of

add_room(Room(_l("Profile"), "desk.profile", EDITORS, order=70))
PARTS = ("name", "about")
NO_COUNTRIES = {"EU", "UN", "XA", "XB", "ZZ"}
COUNTRIES = (
    frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2) - NO_COUNTRIES
)


def _check_country(code: str) -> None:
    if code not in COUNTRIES:
        raise ValidationError(str(_l("Choose from the list.")))


def _line(longest: int) -> fields.String:
    error = _l("Use at most %(number)s characters.", number=longest)
    return fields.String(load_default="", validate=validate.Length(max=longest, error=error))


class ProfileSchema(Schema):
    """The profile, but for the texts in several languages."""

    homepage = _line(1_000)
    contact = _line(254)
    city = _line(120)
    country = fields.String(load_default=None, validate=_check_country)

    @post_load
    def make(self, told: dict[str, Any], **_options: object) -> Description:
        """Make the description; its texts stand in fields named by language."""
        texts = {part: _texts(request.form, part) for part in PARTS}
        return Description(name=texts["name"], about=texts["about"], **told)


def _texts(sent: Mapping[str, str], part: str) -> Texts:
    """Gather the texts of one part: those of known languages, and of the one that was added."""
    known = {term.code for term in vocabularies().of(Vocabulary.LANGUAGE)}
    found = {
        name.removeprefix(f"{part}-"): text.replace("\x00", "")[: LONGEST_ABOUT * 2]
        for name, text in sent.items()
        if name.startswith(f"{part}-")
    }
    added = found.pop("new", "")
    if added:
        found.setdefault(sent.get("new_language", ""), added)
    return {code: text for code, text in found.items() if code in known and text.strip()}


@bp.get("/profile")
@for_roles(EDITORS)
def profile(institution: str) -> str:
    """Show what the institution says of itself, to be changed."""
    desk = desk_of(institution)
    return _page(desk, Form(action=desk.url("desk.profile"), values=_values(desk.institution)))


@bp.post("/profile")
@for_roles(EDITORS)
def profile_post(institution: str) -> Response | tuple[str, int]:
    """Keep what the institution says of itself."""
    form = Form.read(ProfileSchema())
    if form.sound:
        with form.refusals_shown(), unit_of_work():
            desk, description = desk_of(institution), form.cleaned
            assert isinstance(description, Description)
            describe(desk.institution, description, by=desk.person, now=desk.now)
            where = desk.url("desk.profile")
            flash(_("Saved. Everybody can see it now."), "ok")
            return redirect(where, 303)
    return _page(desk_of(institution), form), 422


def _values(place: Institution) -> dict[str, str]:
    values = {
        f"{part}-{code}": text for part in PARTS for code, text in getattr(place, part).items()
    }
    plain = {name: getattr(place, name) for name in ("homepage", "contact", "city")}
    return values | plain | {"country": place.country or ""}


def _page(desk: Desk, form: Form) -> str:
    reader, place, vocabulary = current_language(), desk.institution, vocabularies()
    codes = dict.fromkeys((*place.name, *place.about, *PUBLISHED))
    section = place.section
    return render_template(
        "desk/profile.html",
        form=form,
        languages=[{"code": code, "label": language_name(code, reader)} for code in codes],
        more=[one for one in language_options(vocabulary) if one["code"] not in codes],
        countries=sorted(
            ({"code": code, "label": country_name(code, reader)} for code in COUNTRIES),
            key=lambda option: option["label"],
        ),
        section=vocabulary.label(Vocabulary.SECTION, section, reader) if section else None,
    )
