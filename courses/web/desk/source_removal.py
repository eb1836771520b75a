"""Removing a source at the desk, where nothing stands on it."""

from __future__ import annotations

from flask import flash, g, redirect, render_template
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.db import unit_of_work
from academy.i18n import gettext as _
from academy.institutions.rules import EDITORS
from academy.text import apart
from courses.harvesting.harvests.removing import remove
from courses.sources import queries
from courses.web.desk.frame import bp, desk_of
from courses.web.desk.sources import ROOM


@bp.get("/sources/<source>/remove")
@for_roles(EDITORS)
def source_remove(institution: str, source: str) -> str:
    """Ask whether the source is to go."""
    g.desk_room, desk = ROOM, desk_of(institution)
    found = queries.source_at(desk.institution, source)
    return render_template(
        "courses/remove_source.html",
        layout="desk/layout.html",
        name=apart(found.name),
        remove_url=desk.url("desk.source_remove_post", source=source),
        back_url=desk.url("desk.source", source=source),
    )


@bp.post("/sources/<source>/remove")
@for_roles(EDITORS)
def source_remove_post(institution: str, source: str) -> Response:
    """Remove the source for good."""
    with unit_of_work():
        desk = desk_of(institution)
        found = queries.source_at(desk.institution, source)
        remove(found, by=desk.person, now=desk.now)
    flash(_("The source is removed."), "ok")
    return redirect(desk_of(institution).url("desk.sources"), 303)
