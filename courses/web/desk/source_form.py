"""The form of a source: where it is read and how, what it leaves unsaid, what it asks for."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.config import Settings
from academy.db import unit_of_work
from academy.i18n import gettext as _
from academy.institutions.rules import EDITORS
from academy.web.forms import Form
from academy.web.once import is_first, once
from academy.zones import zones
from courses.harvesting.reading.columns import FIELDS
from courses.sources import operations, queries
from courses.sources.addresses import shown_address
from courses.sources.models import Schedule, Source
from courses.vocabularies.licences import SUGGESTED
from courses.web import source_phrases as phrases
from courses.web.belongings import languages
from courses.web.desk.frame import Desk, bp, desk_of
from courses.web.desk.source_details import (
    ENCODINGS,
    KEEP,
    NONE,
    SourceSchema,
    details_of,
)
from courses.web.desk.source_lists import columns_written, zone_names_written
from courses.web.desk.sources import ROOM

FIRST = {"adapter": "schemaorg", "schedule": Schedule.DAILY.value, "credentials": NONE}


@bp.get("/sources/new")
@for_roles(EDITORS)
def source_new(institution: str) -> str:
    """Show the form of a new source."""
    desk = desk_of(institution)
    return _page(desk, Form(request.path, {**FIRST, "zone": desk.person.zone}), None)


@bp.post("/sources/new")
@for_roles(EDITORS)
def source_new_post(institution: str) -> Response | tuple[str, int]:
    """Ask that a source is read."""
    form = Form.read(SourceSchema())
    with form.refusals_shown():
        if form.sound:
            return _ask_for(institution, form)
    return _page(desk_of(institution), form, None), 422


@bp.get("/sources/<source>/edit")
@for_roles(EDITORS)
def source_edit(institution: str, source: str) -> str:
    """Show the form of a source; of its credentials only that there are some."""
    desk = desk_of(institution)
    found = queries.source_at(desk.institution, source)
    return _page(desk, Form(request.path, _values(found)), found)


@bp.post("/sources/<source>/edit")
@for_roles(EDITORS)
def source_edit_post(institution: str, source: str) -> Response | tuple[str, int]:
    """Change a source; what was approved may have to be approved anew."""
    form = Form.read(SourceSchema())
    with form.refusals_shown():
        if form.sound:
            return _change(institution, source, form)
    desk = desk_of(institution)
    return _page(desk, form, queries.source_at(desk.institution, source)), 422


def _ask_for(institution: str, form: Form) -> Response:
    details = details_of(form, _settings())
    with unit_of_work():
        desk = desk_of(institution)
        place, person = desk.institution, desk.person
        if not is_first(person, request.form, now=desk.now):
            return redirect(desk.url(ROOM), 303)
        made = operations.ask_for(place, details, person=person, now=desk.now)
        where = desk.url("desk.source", source=made.reference)
    flash(_("The stewards are asked. The source is read once they approve it."), "ok")
    return redirect(where, 303)


def _change(institution: str, source: str, form: Form) -> Response:
    details = details_of(form, _settings())
    with unit_of_work():
        desk = desk_of(institution)
        found = queries.source_at(desk.institution, source)
        place, person = desk.institution, desk.person
        waits = operations.change(found, details, institution=place, person=person, now=desk.now)
        where = desk.url("desk.source", source=source)
    if waits:
        flash(_("It is kept. A steward approves it before it is read."), "ok")
    else:
        flash(_("It is kept."), "ok")
    return redirect(where, 303)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _values(found: Source) -> dict[str, str]:
    return {
        "name": found.name,
        "adapter": found.adapter,
        "address": shown_address(found.address),
        "zone": found.zone,
        "schedule": found.schedule.value,
        "default_language": found.default_language,
        "default_licence": found.default_licence,
        "encoding": found.encoding,
        "columns": columns_written(found.columns),
        "zone_names": zone_names_written(found.zone_names),
        "credentials": KEEP if found.secret else NONE,
    }


def _page(desk: Desk, form: Form, found: Source | None) -> str:
    g.desk_room = ROOM
    back = desk.url("desk.source", source=found.reference) if found else desk.url(ROOM)
    return render_template(
        "desk/source_form.html",
        form=form,
        once=None if found else once(),
        name=found.name if found else None,
        formats=_formats(),
        schedules=[{"code": one.value, "label": told} for one, told in phrases.SCHEDULES.items()],
        zones=[{"code": zone, "label": zone} for zone in _zones(found)],
        languages=_languages(found),
        licences=SUGGESTED,
        encodings=[{"code": one, "label": one} for one in ENCODINGS],
        fields=sorted(FIELDS),
        credentials=_credentials(found),
        labels=_labels(),
        back_url=back,
    )


def _formats() -> list[dict[str, Any]]:
    return [
        {"code": code, "label": one.label, "help": one.help}
        for code, one in phrases.FORMATS.items()
    ]


def _zones(found: Source | None) -> list[str]:
    kept = [found.zone] if found else []
    return [*kept, *(zone for zone in zones() if zone not in kept)]


def _languages(found: Source | None) -> list[dict[str, str]]:
    known = [{"code": code, "label": name, "language": code} for code, name in languages()]
    kept = found.default_language if found else ""
    if kept and kept not in {one["code"] for one in known}:
        known.insert(0, {"code": kept, "label": kept, "language": kept})
    return known


def _credentials(found: Source | None) -> list[dict[str, Any]]:
    """List what can be done with credentials: what is kept is never shown, only kept or not."""
    kept = bool(found and found.secret)
    first = [{"code": KEEP, "label": _("Keep those that are kept")}] if kept else []
    none = {"code": NONE, "label": _("Remove them") if kept else _("It asks for nothing")}
    kinds = [{"code": one.value, "label": told} for one, told in phrases.CREDENTIALS.items()]
    return [*first, none, *kinds]


def _labels() -> list[dict[str, str]]:
    told = {
        "name": _("Name"),
        "adapter": _("Format"),
        "address": _("Web address"),
        "schedule": _("How often"),
        "zone": _("Time zone"),
        "default_language": _("Language"),
        "default_licence": _("Licence"),
        "encoding": _("Encoding"),
        "columns": _("Columns"),
        "zone_names": _("Abbreviations of zones"),
        "credentials": _("Credentials"),
        "user": _("User name"),
        "secret": _("Token or password"),
    }
    return [{"name": name, "label": label} for name, label in told.items()]
