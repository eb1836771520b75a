"""Harvests that are held: what they would unlist, and whether they may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from academy.access import current_person, section_steward
from academy.audit import latest
from academy.db import unit_of_work, utcnow
from academy.i18n import current_language, ngettext, number, own_text, text_in
from academy.i18n import gettext as _
from academy.institutions.queries import kept_by
from academy.web.moments import moment
from academy.web.paging import SIZE, Page
from courses.catalogue.models import Offer
from courses.harvesting.harvests import queue, watching
from courses.harvesting.harvests.holding import leave, take_rest
from courses.harvesting.models import Harvest
from courses.sources.models import Source
from courses.web.blueprint import bp
from courses.web.harvest_rows import harvest_row

DECISIONS = {
    "harvest-allowed": _l("It was let: the source is read again, and may unlist what is missing."),
    "harvest-rest-taken": _l("The rest was taken: what came is written, and nothing is unlisted."),
    "harvest-left": _l("Everything was left as it is."),
}


@bp.get("/secretariat/harvests/<reference>")
@section_steward
def held_harvest(reference: str) -> str:
    """Show what a held reading would unlist; once that is decided, who decided what."""
    page, reader = Page.asked(), current_language()
    harvest, source = watching.harvest_once_held(reference, kept=kept_by(current_person()))
    if not watching.waits_still(harvest):
        return _decided(harvest, source)
    place = source.institution
    count = watching.would_unlist_count(harvest)
    offers = watching.would_unlist(harvest, limit=SIZE, offset=page.offset)
    return render_template(
        "courses/secretariat/held.html",
        source=source.name,
        source_url=url_for("desk.source", institution=place.slug, source=source.reference),
        institution=text_in(place.name, reader),
        row=harvest_row(harvest),
        told=ngettext(
            "It would unlist %(count)s offer:",
            "It would unlist %(count)s offers:",
            count,
            count=number(count),
        ),
        offers=[_offer(offer, reader) for offer in offers],
        pages=page.ways(count),
        allow_url=url_for("courses.allow_harvest", reference=reference),
        rest_url=url_for("courses.take_rest_of_harvest", reference=reference),
        leave_url=url_for("courses.leave_harvest", reference=reference),
    )


@bp.post("/secretariat/harvests/<reference>/allow")
@section_steward
def allow_harvest(reference: str) -> Response:
    """Let a held reading do what it would."""
    _decide(reference, queue.allow)
    flash(_("The source is read again, and may unlist what is no longer there."), "ok")
    return redirect(url_for("courses.all_sources", state="held"), 303)


@bp.post("/secretariat/harvests/<reference>/take-rest")
@section_steward
def take_rest_of_harvest(reference: str) -> Response:
    """Let a held reading write what came, and unlist nothing."""
    _decide(reference, take_rest)
    flash(_("The source is read again. What is missing from it stays listed."), "ok")
    return redirect(url_for("courses.all_sources", state="held"), 303)


@bp.post("/secretariat/harvests/<reference>/leave")
@section_steward
def leave_harvest(reference: str) -> Response:
    """Let nothing come of a held reading."""
    _decide(reference, leave)
    flash(_("Nothing was unlisted. The next reading looks anew."), "ok")
    return redirect(url_for("courses.all_sources", state="held"), 303)


def _decided(harvest: Harvest, source: Source) -> str:
    """Say what was decided about a reading that was held; its link in mails stays good."""
    thing = f"harvest:{harvest.reference}"
    entry = next((one for one in latest(limit=9, thing=thing) if one.act in DECISIONS), None)
    here: dict[str, Any] = {"institution": source.institution.slug, "source": source.reference}
    return render_template(
        "courses/secretariat/decided.html",
        source=source.name,
        source_url=url_for("desk.source", **here),
        report_url=url_for("desk.harvest", harvest=harvest.reference, **here),
        decision=DECISIONS[entry.act] if entry else None,
        person=entry.person.name if entry and entry.person else None,
        when=moment(entry.at) if entry else None,
    )


def _decide(reference: str, act: Callable[..., object]) -> None:
    """Find the held reading among those this steward keeps, and do with it what was chosen."""
    with unit_of_work():
        by = current_person()
        harvest, _source = watching.held_harvest(reference, kept=kept_by(by))
        act(harvest, person=by, now=utcnow())


def _offer(offer: Offer, reader: str) -> dict[str, Any]:
    return {
        "title": own_text(offer.titles, reader),
        "url": url_for("courses.offer", slug=offer.slug),
    }
