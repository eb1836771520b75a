"""Who takes part in what the institution offers, in numbers, and who left for its site."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import g, render_template
from flask_babel import lazy_gettext as _l

from academy.access import for_roles
from academy.i18n import current_language, number, own_text
from academy.institutions.rules import EVERYBODY, FACILITATORS
from academy.web.moments import month_of
from academy.web.paging import SIZE, Page
from courses.catalogue.queries import offers_by_id
from courses.catalogue.runs import Run
from courses.enrolment import figures
from courses.enrolment.figures import RunFigures
from courses.web import phrases
from courses.web.cards import when_of
from courses.web.desk.frame import Desk, Room, add_room, bp, desk_of

ROOM = "desk.participants"
COUNTED = {
    "enrolled": _l("Registered"),
    "waiting": _l("On the waiting list"),
    "withdrawn": _l("Withdrew"),
    "joined": _l("Joined a meeting"),
    "left": _l("Left for your site"),
}
add_room(Room(_l("Participants"), ROOM, EVERYBODY, order=40))


@bp.get("/participants")
@for_roles(EVERYBODY)
def participants(institution: str) -> str:
    """List the runs with how many take part, wait, withdrew, joined and left; nobody by name."""
    desk, page = desk_of(institution), Page.asked()
    runs = figures.runs_of(desk.institution, now=desk.now, limit=SIZE, offset=page.offset)
    counted = figures.figures_of(runs)
    return render_template(
        "desk/participants.html",
        columns=list(COUNTED.values()),
        rows=[
            {**run_told(run, desk), "numbers": numbers(counted[run.id]), "url": run_url(run, desk)}
            for run in runs
        ],
        pages=page.ways(figures.run_count(desk.institution)),
        departures_url=desk.url("desk.departures"),
    )


@bp.get("/departures")
@for_roles(EVERYBODY)
def departures(institution: str) -> str:
    """Count who left for the institution's own site, per offer and month."""
    g.desk_room = ROOM
    desk, page, reader = desk_of(institution), Page.asked(), current_language()
    counted = figures.departures_of(desk.institution)
    shown = page.of(counted)
    offers = offers_by_id({one.offer_id for one in shown})
    rows = [
        {
            "title": own_text(offers[one.offer_id].titles, reader),
            "month": month_of(datetime(one.year, one.month, 15, tzinfo=UTC), with_year=True),
            "count": number(one.count),
        }
        for one in shown
    ]
    return render_template("desk/departures.html", rows=rows, pages=page.ways(len(counted)))


def run_told(run: Run, desk: Desk) -> dict[str, Any]:
    """Say which run it is: the title of its offer, what it is, and when."""
    return {
        "title": own_text(run.offer.titles, current_language()),
        "kind": phrases.KINDS[run.offer.kind],
        "when": when_of(run.offer, run, desk.now),
    }


def run_url(run: Run, desk: Desk) -> str | None:
    """Address the page with the names; None for whom it is not."""
    may_read = desk.is_for(FACILITATORS)
    return desk.url("desk.run", reference=run.reference) if may_read else None


def numbers(counted: RunFigures) -> list[dict[str, Any]]:
    """Give the numbers of a run, each with what it counts."""
    return [
        {"label": label, "count": number(getattr(counted, name))} for name, label in COUNTED.items()
    ]
