"""One page of this week's figures: what people did, not what they looked at."""

from __future__ import annotations

from flask import render_template
from flask_babel import lazy_gettext as _l

from academy.access import section_steward
from academy.db import utcnow
from academy.web.moments import moment
from courses.reports.queries import INTERACTIONS, WEEK, Figure, week_until
from courses.web.blueprint import bp

LABELS = {
    "accounts": _l("New accounts, address confirmed"),
    "enrolments": _l("Enrolments"),
    "departures": _l("Left for the site of a partner"),
    "waiting": _l("Put on a waiting list, and still there"),
    "withdrawals": _l("Withdrew"),
    "joined": _l("Joined a webinar"),
    "finished": _l("Say that they finished a course"),
    "reviews": _l("Said how it was"),
    "saved": _l("Offers saved"),
    "searches": _l("Searches saved"),
    "offers": _l("Offers published"),
    "concerns": _l("Told that something is wrong"),
    "mails": _l("Mails sent"),
    "parked": _l("Mails that could not be sent"),
}


@bp.get("/secretariat/figures")
@section_steward
def figures() -> str:
    """Show what happened in the seven days until now, beside the seven days before."""
    now = utcnow()
    found = week_until(now)
    return render_template(
        "courses/secretariat/figures.html",
        since=moment(now - WEEK),
        until=moment(now),
        interactions=_sum([one for one in found if one.name in INTERACTIONS]),
        rows=[
            {
                "label": LABELS[one.name],
                "this_week": one.this_week,
                "week_before": one.week_before,
                "counts": one.name in INTERACTIONS,
            }
            for one in found
        ],
    )


def _sum(found: list[Figure]) -> dict[str, int]:
    return {
        "this_week": sum(one.this_week for one in found),
        "week_before": sum(one.week_before for one in found),
    }
