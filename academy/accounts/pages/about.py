"""What people tell of themselves: name, work, city, languages, time zone."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from academy.access import current_person, signed_in
from academy.accounts.models import CitySize, Person, WorkRole
from academy.accounts.operations import revise
from academy.accounts.pages.blueprint import bp, next_page, text_field
from academy.accounts.phrases import ROLES, SIZES
from academy.db import unit_of_work
from academy.errors import Invalid
from academy.i18n import PUBLISHED, autonym
from academy.i18n import gettext as _
from academy.text import clean_line
from academy.web.forms import REQUIRED, Form
from academy.web.pages import site
from academy.zones import is_zone, zones


class AboutSchema(Schema):
    """What people tell of themselves; only the name has to be told."""

    name = text_field()
    city = fields.String(load_default="")
    role = fields.Enum(WorkRole, by_value=True, load_default=None)
    city_size = fields.Enum(CitySize, by_value=True, load_default=None)
    section = fields.String(load_default=None)
    language = fields.String(required=True, validate=validate.OneOf(PUBLISHED))
    zone = fields.String(
        required=True,
        error_messages=REQUIRED,
        validate=validate.Predicate("__len__", error=_l("Choose one of the list.")),
    )


@bp.get("/my/profile")
@signed_in
def about() -> str:
    """Show what the person told."""
    person = current_person()
    values = {
        "name": person.name,
        "city": person.city,
        "role": person.role or "",
        "city_size": person.city_size or "",
        "section": person.section or "",
        "language": person.language,
        "zone": person.zone,
    }
    return _page(Form(action=request.full_path.rstrip("?"), values=values), person)


@bp.post("/my/profile")
@signed_in
def about_post() -> Response | tuple[str, int]:
    """Keep what the person tells."""
    form = Form.read(AboutSchema())
    with form.refusals_shown():
        if form.sound:
            told = _told(form)
            with unit_of_work():
                revise(current_person(), **told)
            flash(_("It is kept."), "ok")
            return redirect(next_page() or url_for("accounts.profile"), 303)
    return _page(form, current_person()), 422


def _told(form: Form) -> dict[str, Any]:
    told: dict[str, Any] = dict(form.cleaned)
    told["name"] = clean_line(told["name"], limit=120)
    told["city"] = clean_line(told["city"], limit=120)
    told["languages"] = [code for code in request.form.getlist("languages") if _is_code(code)]
    wrong: dict[str, Any] = {}
    if not told["name"]:
        wrong["name"] = REQUIRED["required"]
    if not is_zone(told["zone"]):
        wrong["zone"] = _l("Choose one of the list.")
    if told["section"] and told["section"] not in dict(site().sections()):
        wrong["section"] = _l("Choose one of the list.")
    if wrong:
        raise Invalid(wrong)
    return told


def _is_code(code: str) -> bool:
    return code in dict(site().languages())


def _page(form: Form, person: Person) -> str:
    near, further = _languages(person)
    return render_template(
        "accounts/about.html",
        form=form,
        roles=[{"code": code.value, "label": label} for code, label in ROLES.items()],
        sizes=[{"code": code.value, "label": label} for code, label in SIZES.items()],
        sections=[{"code": code, "label": name} for code, name in site().sections()],
        page_languages=[
            {"code": code, "label": autonym(code), "language": code} for code in PUBLISHED
        ],
        languages=near,
        further_languages=further,
        zones=[{"code": zone, "label": zone} for zone in _zones(person)],
        is_section_steward=person.is_steward and not person.is_steward_of_all,
    )


def _languages(person: Person) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """List the languages to choose: those chosen and those of the pages first, then the others."""
    sent = request.form.getlist("languages") if request.method == "POST" else person.languages
    near: list[dict[str, Any]] = []
    further: list[dict[str, Any]] = []
    for code, name in site().languages():
        chosen = code in sent
        option = {"code": code, "label": name, "language": code, "chosen": chosen}
        (near if chosen or code in PUBLISHED else further).append(option)
    return near, further


def _zones(person: Person) -> list[str]:
    return [person.zone, *(zone for zone in zones() if zone != person.zone)]
