"""Removing a source, or refusing one that was asked for, where nothing stands on it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from academy.access import current_person, section_steward
from academy.db import unit_of_work, utcnow
from academy.i18n import gettext as _
from academy.institutions.queries import kept_by
from academy.text import apart
from courses.harvesting.harvests.removing import remove
from courses.sources import queries
from courses.web.blueprint import bp


@bp.get("/secretariat/sources/<reference>/remove")
@section_steward
def remove_source(reference: str) -> str:
    """Ask whether the source is to go."""
    source = queries.source_kept(reference, kept=kept_by(current_person()))
    return render_template(
        "courses/remove_source.html",
        layout="secretariat/layout.html",
        name=apart(source.name),
        remove_url=url_for("courses.remove_source_post", reference=reference),
        back_url=url_for("courses.all_sources"),
    )


@bp.post("/secretariat/sources/<reference>/remove")
@section_steward
def remove_source_post(reference: str) -> Response:
    """Remove the source for good."""
    with unit_of_work():
        by = current_person()
        source = queries.source_kept(reference, kept=kept_by(by))
        remove(source, by=by, now=utcnow())
    flash(_("The source is removed."), "ok")
    return redirect(url_for("courses.all_sources"), 303)
