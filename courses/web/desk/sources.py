"""Sources at the desk: where the institution's offers are read, and one of them."""

from __future__ import annotations

from flask import current_app, flash, g, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from academy.access import for_roles, fresh
from academy.config import Settings
from academy.db import unit_of_work
from academy.i18n import gettext as _
from academy.institutions.rules import EDITORS
from academy.security import session_limit
from academy.web.paging import Page
from courses.harvesting.harvests import queue, watching
from courses.sources import operations, queries
from courses.sources.credentials import new_push_secret, sealed
from courses.web import source_phrases as phrases
from courses.web.desk import source_shown as shown
from courses.web.desk.frame import Desk, Room, add_room, bp, desk_of
from courses.web.harvest_rows import harvest_row

HARVESTS = 10
"""Readings on the page of a source."""

ROOM = "desk.sources"


def waiting(desk: Desk) -> int:
    """Count the sources of which the last reading failed or is held."""
    last = watching.last_harvests([one.id for one in queries.sources_of(desk.institution)])
    return sum(harvest.state in phrases.WEIGHS for harvest in last.values())


add_room(Room(_l("Sources"), ROOM, EDITORS, order=35, waiting=waiting))


@bp.get("/sources")
@for_roles(EDITORS)
def sources(institution: str) -> str:
    """List the sources, each with its last reading and its next one."""
    desk = desk_of(institution)
    found = queries.sources_of(desk.institution)
    last = watching.last_harvests([one.id for one in found])
    rows = [shown.source_row(desk, one, last.get(one.id)) for one in found]
    return render_template("desk/sources.html", rows=rows, add_url=desk.url("desk.source_new"))


@bp.get("/sources/<source>")
@for_roles(EDITORS)
def source(institution: str, source: str) -> str:
    """Show one source: how it stands, what happens next, its last readings."""
    return _page(desk_of(institution), source)


@bp.post("/sources/<source>/read")
@for_roles(EDITORS)
def source_read(institution: str, source: str) -> Response:
    """Put a reading of the source into the line."""
    with unit_of_work():
        desk = desk_of(institution)
        found = queries.source_at(desk.institution, source)
        queue.ask(found, person=desk.person, now=desk.now)
    flash(_("The source is read as soon as it is its turn."), "ok")
    return redirect(desk_of(institution).url("desk.source", source=source), 303)


@bp.post("/sources/<source>/stop")
@for_roles(EDITORS)
def source_stop(institution: str, source: str) -> Response:
    """Stop the reading that runs or waits; what was read so far stays."""
    with unit_of_work():
        desk = desk_of(institution)
        found = queries.source_at(desk.institution, source)
        harvest = watching.harvest_at_work(found)
        if harvest is not None:
            queue.ask_to_stop(harvest, person=desk.person, now=desk.now)
    flash(_("The reading stops. What was read so far stays."), "ok")
    return redirect(desk_of(institution).url("desk.source", source=source), 303)


@bp.post("/sources/<source>/pause")
@for_roles(EDITORS)
def source_pause(institution: str, source: str) -> Response:
    """Read the source no more for now."""
    with unit_of_work():
        desk = desk_of(institution)
        found = queries.source_at(desk.institution, source)
        operations.pause(found, note="", by=desk.person, now=desk.now)
    flash(_("The source is paused. Its offers stay as they are."), "ok")
    return redirect(desk_of(institution).url("desk.source", source=source), 303)


@bp.post("/sources/<source>/resume")
@for_roles(EDITORS)
def source_resume(institution: str, source: str) -> Response:
    """Ask the stewards that a paused source is read again."""
    with unit_of_work():
        desk = desk_of(institution)
        found = queries.source_at(desk.institution, source)
        place, person = desk.institution, desk.person
        operations.resume(found, institution=place, person=person, now=desk.now)
    flash(_("The stewards are asked. The source is read again once they approve it."), "ok")
    return redirect(desk_of(institution).url("desk.source", source=source), 303)


@bp.post("/sources/<source>/push-secret")
@for_roles(EDITORS)
@fresh
@session_limit
def source_push_secret(institution: str, source: str) -> str:
    """Make the secret with which the source signs its messages; it is shown in this answer only."""
    settings: Settings = current_app.config["SETTINGS"]
    made = new_push_secret()
    with unit_of_work():
        desk = desk_of(institution)
        found = queries.source_at(desk.institution, source)
        kept = sealed(made, settings)
        operations.keep_push_secret(found, kept, person=desk.person, now=desk.now)
    return _page(desk_of(institution), source, made=made)


def _page(desk: Desk, reference: str, *, made: str | None = None) -> str:
    g.desk_room, page = ROOM, Page.asked(HARVESTS)
    found = queries.source_at(desk.institution, reference)
    last = watching.last_harvests([found.id]).get(found.id)
    at_work = watching.harvest_at_work(found)
    harvests = watching.harvests_of(found, limit=HARVESTS, offset=page.offset)
    return render_template(
        "desk/source.html",
        row=shown.source_row(desk, found, last),
        at_work=harvest_row(at_work) if at_work else None,
        stopping=bool(at_work and at_work.stop_asked),
        harvests=[shown.harvest_told(desk, found, one) for one in harvests],
        pages=page.ways(watching.harvest_count(found)),
        acts=shown.acts(desk, found, at_work),
        facts=shown.facts(found),
        ways=shown.ways_to_tell(found, desk.institution),
        has_push_secret=found.push_secret is not None,
        made=made,
        here_url=request.path if request.method == "GET" else None,
    )
