"""Sources at the desk: where the institution's offers are read, and one of them."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from academy.access import for_roles, fresh
from academy.config import Settings
from academy.db import unit_of_work
from academy.i18n import gettext as _
from academy.institutions.rules import EDITORS
from academy.security import session_limit
from academy.web.moments import moment
from academy.web.paging import Page
from courses.harvesting.harvests import queue, watching
from courses.harvesting.models import Harvest, HarvestState
from courses.sources import operations, queries
from courses.sources.addresses import shown_address
from courses.sources.credentials import new_push_secret, sealed
from courses.sources.models import Source, SourceState
from courses.web import source_phrases as phrases
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
    rows = [_row(desk, one, last.get(one.id)) for one in found]
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
        row=_row(desk, found, last),
        at_work=phrases.HARVESTS[at_work.state] if at_work else None,
        stopping=bool(at_work and at_work.stop_asked),
        harvests=[_harvest(desk, found, one) for one in harvests],
        pages=page.ways(watching.harvest_count(found)),
        acts=acts(desk, found, at_work),
        facts=facts(found),
        has_push_secret=found.push_secret is not None,
        made=made,
        here_url=request.path if request.method == "GET" else None,
    )


def _row(desk: Desk, found: Source, last: Harvest | None) -> dict[str, Any]:
    return {
        "name": found.name,
        "format": phrases.format_of(found.adapter),
        "address": shown_address(found.address),
        "state": phrases.STATES[found.state],
        "approved": found.state is SourceState.APPROVED,
        "note": found.note,
        "next": next_told(found),
        "due": moment(found.due_at) if found.due_at else None,
        "last": harvest_row(last) if last else None,
        "last_url": _harvest_url(desk, found, last) if last else None,
        "url": desk.url("desk.source", source=found.reference),
    }


def _harvest(desk: Desk, found: Source, harvest: Harvest) -> dict[str, Any]:
    return {
        **harvest_row(harvest),
        "record": harvest.record,
        "url": _harvest_url(desk, found, harvest),
    }


def _harvest_url(desk: Desk, found: Source, harvest: Harvest) -> str:
    return desk.url("desk.harvest", source=found.reference, harvest=harvest.reference)


def next_told(found: Source) -> str:
    """Say what happens next with a source, unless it has an hour at which it is read."""
    match found.state:
        case SourceState.REQUESTED:
            return _("A steward looks at it. Nothing is read before they approve it.")
        case SourceState.PAUSED:
            return _("It is not read. What was read before stays as it is.")
    if not found.address:
        return _("Nothing is fetched: your system tells us of its records.")
    return "" if found.due_at else _("It is read when somebody asks for it.")


def facts(found: Source) -> list[dict[str, str]]:
    """Tell how a source is read; of its credentials only that there are some."""
    told = {
        _("Format"): phrases.format_of(found.adapter),
        _("How often"): str(phrases.SCHEDULES[found.schedule]),
        _("Time zone of hours that name none"): found.zone,
        _("Language of records that name none"): found.default_language,
        _("Licence of records that name none"): found.default_licence,
        _("Credentials"): _("Some are kept.") if found.secret else "",
    }
    return [{"label": label, "value": value} for label, value in told.items() if value]


def acts(desk: Desk, found: Source, at_work: Harvest | None) -> dict[str, str | None]:
    """Give the addresses of what can be done with a source now."""
    runs = at_work is not None and at_work.state is HarvestState.RUNNING
    readable = found.state is SourceState.APPROVED and bool(found.address)
    paused = found.state is SourceState.PAUSED
    known = current_app.view_functions
    offered = {
        "read": ("desk.source_read", readable and not runs),
        "stop": ("desk.source_stop", at_work is not None),
        "try": ("desk.source_trial", bool(found.address)),
        "words": ("desk.source_words", "desk.source_words" in known),
        "edit": ("desk.source_edit", True),
        "remove": ("desk.source_remove", True),
        "pause": ("desk.source_pause", not paused),
        "resume": ("desk.source_resume", paused),
        "push": ("desk.source_push_secret", True),
    }
    return {
        name: desk.url(endpoint, source=found.reference) if there else None
        for name, (endpoint, there) in offered.items()
    }
