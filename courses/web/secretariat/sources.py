"""All sources for those who keep order: approved or paused here, with how their reading stands."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response

from academy.access import current_person, section_steward
from academy.db import unit_of_work, utcnow
from academy.i18n import current_language, ngettext, text_in
from academy.i18n import gettext as _
from academy.institutions.queries import kept_by
from academy.secretariat.pages.reasons import ReasonSchema, reason_in
from academy.text import apart
from academy.web.forms import Form
from academy.web.moments import day_of, moment
from academy.web.paging import SIZE, Page
from courses.harvesting.harvests import watching
from courses.harvesting.harvests.removing import with_offers
from courses.harvesting.models import Harvest, HarvestState
from courses.harvesting.words.mapping import coverage
from courses.sources import operations, queries, rules
from courses.sources.addresses import shown_address
from courses.sources.models import Source, SourceState
from courses.web import source_phrases as phrases
from courses.web.blueprint import bp
from courses.web.harvest_rows import harvest_row

TABS: dict[str, list[ColumnElement[bool]]] = {
    "": [],
    "requested": [Source.state == SourceState.REQUESTED],
    "held": [watching.last_in(HarvestState.HELD)],
    "failed": [watching.last_in(HarvestState.FAILED)],
    "paused": [Source.state == SourceState.PAUSED],
}
"""Which sources each tab lists."""


def waiting_count() -> int:
    """Count the sources that wait for the present steward: to be approved, or held."""
    return watching.waiting_sources([kept_by(current_person())])


def waiting_told(number: int) -> str:
    """Say how many sources wait."""
    return ngettext(
        "%(num)d source waits to be approved, or is held",
        "%(num)d sources wait to be approved, or are held",
        number,
    )


@bp.get("/secretariat/sources")
@section_steward
def all_sources() -> str:
    """List the sources, those that wait for approval first."""
    kept, page, tab = kept_by(current_person()), Page.asked(), _tab_asked()
    found = queries.sources_kept(kept, TABS[tab], limit=SIZE, offset=page.offset)
    keys = [one.id for one in found]
    last, share, stay = watching.last_harvests(keys), coverage(found), with_offers(keys)
    return render_template(
        "courses/secretariat/sources.html",
        tabs=[_tab(one, tab) for one in TABS],
        rows=[
            {
                **_row(one, last.get(one.id), share.get(one.id)),
                **_acts(one, last.get(one.id), stays=one.id in stay),
            }
            for one in found
        ],
        pages=page.ways(queries.source_count_kept(kept, TABS[tab])),
    )


@bp.post("/secretariat/sources/<reference>/approve")
@section_steward
def approve_source(reference: str) -> Response:
    """Let a source be read as it was seen."""
    with unit_of_work():
        by = current_person()
        source = queries.source_kept(reference, kept=kept_by(by))
        seen, place = request.form.get("seen", ""), source.institution
        operations.approve(source, seen=seen, institution=place, by=by, now=utcnow())
    flash(_("The source is approved. Who asked for it hears of it by mail."), "ok")
    return redirect(url_for("courses.all_sources", state=_tab_asked() or None), 303)


@bp.get("/secretariat/sources/<reference>/pause")
@section_steward
def pause_source(reference: str) -> str:
    """Ask why a source is to be read no more, or why it is not approved."""
    return _pausing(Form(action=""), reference)


@bp.post("/secretariat/sources/<reference>/pause")
@section_steward
def pause_source_post(reference: str) -> Response | tuple[str, int]:
    """Read a source no more, or refuse what was asked for; who asked hears why."""
    form = Form.read(ReasonSchema())
    with form.refusals_shown():
        if form.sound:
            note = reason_in(form)
            with unit_of_work():
                by = current_person()
                source = queries.source_kept(reference, kept=kept_by(by))
                refused = source.state is SourceState.REQUESTED
                act = operations.refuse if refused else operations.pause
                act(source, note=note, by=by, now=utcnow())
            paused = _("The source is paused. Who asked for it hears why by mail.")
            told = _("The source is not approved. Who asked for it hears why by mail.")
            flash(told if refused else paused, "ok")
            return redirect(url_for("courses.all_sources", state=_tab_asked() or None), 303)
    return _pausing(form, reference), 422


def _pausing(form: Form, reference: str) -> str:
    source = queries.source_kept(reference, kept=kept_by(current_person()))
    state = _tab_asked() or None
    return render_template(
        "courses/secretariat/pause.html",
        form=form,
        name=apart(source.name),
        asked_for=source.state is SourceState.REQUESTED,
        institution=text_in(source.institution.name, current_language()),
        pause_url=url_for("courses.pause_source_post", reference=reference, state=state),
        back_url=url_for("courses.all_sources", state=state),
    )


def _tab_asked() -> str:
    asked = request.args.get("state", "")
    return asked if asked in TABS else ""


def _tab(one: str, chosen: str) -> dict[str, Any]:
    labels = {
        "": _("All"),
        "requested": _("Wait for a steward"),
        "held": _("On hold"),
        "failed": _("Failed"),
        "paused": _("Paused"),
    }
    url = url_for("courses.all_sources", state=one or None)
    return {"label": labels[one], "url": url, "current": one == chosen}


def _row(source: Source, last: Harvest | None, share: int | None) -> dict[str, Any]:
    place = source.institution
    return {
        "name": source.name,
        "url": url_for("desk.source", institution=place.slug, source=source.reference),
        "institution": text_in(place.name, current_language()),
        "format": phrases.format_of(source.adapter),
        "address": shown_address(source.address),
        "state": phrases.STATES[source.state],
        "approved": source.state is SourceState.APPROVED,
        "asked_for": source.state is SourceState.REQUESTED,
        "asked_by": source.asked_by.name if source.asked_by else None,
        "asked": day_of(source.changed_at),
        "secret": source.secret is not None,
        "note": source.note,
        "due": moment(source.due_at) if source.due_at and source.due_at > utcnow() else None,
        "last": harvest_row(last) if last else None,
        "covered": share,
        "seen": [{"name": "seen", "value": rules.mark_of(source)}],
    }


def _acts(source: Source, last: Harvest | None, *, stays: bool) -> dict[str, str | None]:
    """Give the addresses of what a steward can do with a source as it stands."""
    here: dict[str, Any] = {"reference": source.reference, "state": _tab_asked() or None}
    approve = url_for("courses.approve_source", **here)
    pause = url_for("courses.pause_source", **here)
    held = last if last and last.state is HarvestState.HELD else None
    remove = url_for("courses.remove_source", reference=source.reference)
    return {
        "remove_url": None if stays else remove,
        "approve_url": None if source.state is SourceState.APPROVED else approve,
        "pause_url": None if source.state is SourceState.PAUSED else pause,
        "held_url": url_for("courses.held_harvest", reference=held.reference) if held else None,
    }
