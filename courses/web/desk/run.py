"""One run: who takes part by name, role and city; a sheet of it; who moderates; its meetings.

Addresses of mail are never shown here: the privacy notice says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g, make_response, render_template
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from academy.access import for_roles
from academy.accounts.phrases import ROLES
from academy.audit import note
from academy.db import unit_of_work
from academy.i18n import gettext as _
from academy.institutions.queries import members_of
from academy.institutions.rules import EDITORS, FACILITATORS
from academy.privacy.archive import sheet
from academy.web.forms import Form
from academy.web.moments import iso, moment
from academy.web.paging import Page
from courses.catalogue.runs import Meeting, Run
from courses.enrolment import queries as enrolment
from courses.enrolment.figures import figures_of
from courses.enrolment.models import Enrolment, Standing
from courses.web.desk.frame import Desk, bp, desk_of
from courses.web.desk.participants import ROOM, numbers, run_told
from courses.webinars import moderating, queries
from courses.webinars.rules import is_held

STANDINGS = {
    Standing.REQUESTED: _l("Requested"),
    Standing.OFFERED: _l("A place is offered"),
    Standing.ENROLLED: _l("Registered"),
    Standing.WAITING: _l("On the waiting list"),
    Standing.COMPLETED: _l("Completed"),
    Standing.ABSENT: _l("Missed"),
}
"""Who withdrew does not take part, and is counted without a name."""

HEADERS = {
    "name": _l("Name"),
    "role": _l("Role"),
    "city": _l("City"),
    "standing": _l("How it stands"),
    "since": _l("Since (UTC)"),
    "joined": _l("Joined (UTC)"),
}
MESSAGES_SHOWN = 20


@bp.get("/participants/<reference>")
@for_roles(FACILITATORS)
def run(institution: str, reference: str) -> str:
    """Show who takes part in a run, its meetings, who moderates, and what was written."""
    desk = desk_of(institution)
    return run_page(desk, queries.run_at(desk.institution, reference))


def run_page(desk: Desk, found: Run, problems: dict[str, Any] | None = None) -> str:
    """Make the page of a run; `problems` are those of a meeting's links that were refused."""
    g.desk_room, page = ROOM, Page.asked()
    people, reference = _people(found), found.reference
    return render_template(
        "desk/run.html",
        refused=_refused(found, problems or {}),
        run=run_told(found, desk),
        numbers=numbers(figures_of([found])[found.id]),
        headers=list(HEADERS.values())[:4],
        people=[_row(one) for one in page.of(people)],
        pages=page.ways(len(people)),
        meetings=[_meeting(one, found, desk, problems or {}) for one in found.meetings],
        facilitators=_facilitators(found, desk),
        messages=_messages(found),
        urls={
            "sheet": desk.url("desk.participants_sheet", reference=reference) if people else None,
            "message": desk.url("desk.message", reference=reference),
            "all": desk.url(ROOM),
        },
    )


@bp.post("/participants/<reference>/sheet")
@for_roles(FACILITATORS)
def participants_sheet(institution: str, reference: str) -> Response:
    """Hand out who takes part as a sheet, and log that it was."""
    with unit_of_work():
        desk = desk_of(institution)
        found = queries.run_at(desk.institution, reference)
        body = _sheet(_people(found))
        name = f"{found.offer.slug}-{reference}.csv"
        note("participants-downloaded", f"run:{reference}", by=desk.person, now=desk.now)
    response = make_response(body.encode())
    response.content_type = "text/csv; charset=utf-8"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _people(found: Run) -> list[Enrolment]:
    return [one for one in enrolment.participants(found) if one.standing in STANDINGS]


def _row(one: Enrolment) -> dict[str, Any]:
    return {
        "name": one.person.name,
        "role": ROLES[one.person.role] if one.person.role else "",
        "city": one.person.city,
        "standing": STANDINGS[one.standing],
        "since": moment(one.waiting_since or one.enrolled_at),
        "joined": moment(one.joined_at) if one.joined_at else None,
    }


def _sheet(people: Sequence[Enrolment]) -> str:
    rows = [
        {
            **{name: str(text) for name, text in list(_row(one).items())[:4]},
            "since": iso(one.waiting_since or one.enrolled_at),
            "joined": iso(one.joined_at) if one.joined_at else "",
        }
        for one in people
    ]
    nobody = dict.fromkeys(HEADERS, "")
    return sheet([{str(HEADERS[n]): text for n, text in row.items()} for row in rows or [nobody]])


def _refused(found: Run, problems: dict[str, Any]) -> Form | None:
    """Give what was wrong in the links of a meeting, by the fields as they stand on the page."""
    uids = [meeting.uid for meeting in found.meetings]
    if problems.get("uid") not in uids:
        return None
    index = uids.index(problems["uid"]) + 1
    return Form("", errors={f"{name}-{index}": told for name, told in problems["errors"].items()})


def _meeting(one: Meeting, found: Run, desk: Desk, problems: dict[str, Any]) -> dict[str, Any]:
    mine = problems if problems.get("uid") == one.uid else {}
    return {
        "moment": moment(one.starts_at),
        "held": is_held(one),
        "number": one.uid,
        "join_link": mine.get("join_link", one.join_link),
        "recording": mine.get("recording", one.recording),
        "errors": mine.get("errors", {}),
        "action": desk.url("desk.meeting_links", reference=found.reference, uid=one.uid),
    }


def _facilitators(found: Run, desk: Desk) -> dict[str, Any]:
    """Say who moderates; to those who decide it, who else could."""
    here, may = moderating.facilitators_of(found), desk.is_for(EDITORS)
    chosen = {person.id for person in here}
    members = members_of(desk.institution) if may else []
    reference = found.reference
    return {
        "people": [
            {
                "name": person.name,
                "remove_url": desk.url("desk.dismiss", reference=reference, person=person.reference)
                if may
                else None,
            }
            for person in here
        ],
        "options": [
            {"code": one.person.reference, "label": one.person.name}
            for one in members
            if one.person_id not in chosen
        ],
        "action": desk.url("desk.appoint", reference=reference),
    }


def _messages(found: Run) -> list[dict[str, Any]]:
    return [
        {
            "subject": one.subject,
            "text": one.text,
            "language": one.language,
            "moment": moment(one.sent_at),
            "who": (one.person and one.person.name) or _("Somebody who has left"),
            "recipients": one.recipients,
        }
        for one in queries.messages_of(found, limit=MESSAGES_SHOWN)
    ]
