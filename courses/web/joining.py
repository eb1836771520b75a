"""Joining a meeting: the page with the door, and the way through it. The link is never public."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from academy.access import current_person, signed_in
from academy.db import unit_of_work, utcnow
from academy.i18n import current_language, own_text
from academy.i18n import gettext as _
from academy.text import is_web_address
from academy.web.moments import day_of, moment
from courses.catalogue.runs import Meeting, Run
from courses.enrolment import queries
from courses.enrolment.models import Enrolment
from courses.enrolment.rules import NotEnrolled, takes_part
from courses.web.blueprint import bp
from courses.web.hours import told_hour
from courses.web.leaving import leaving_page
from courses.webinars import operations, rules


@bp.get("/my/enrolments/<reference>/join")
@signed_in
def join(reference: str) -> str:
    """Show the door of the meeting of now, when it opens, or what was recorded."""
    person, now = current_person(), utcnow()
    mine = queries.enrolment_by_reference(reference, person)
    if not takes_part(mine):
        raise NotEnrolled
    meeting = rules.meeting_of_now(mine.run.meetings, now)
    return render_template(
        "courses/join.html",
        offer=_offer(mine),
        door=_door(mine, meeting, now) if meeting else None,
        hour=told_hour(meeting.starts_at, person, now) if meeting else None,
        recordings=recordings(mine.run),
        calendar_url=url_for("courses.enrolment_calendar", reference=reference),
    )


@bp.post("/my/enrolments/<reference>/join")
@signed_in
def join_post(reference: str) -> BaseResponse:
    """Note that the person goes in, and lead to the page on which they leave for the meeting."""
    with unit_of_work():
        mine = queries.enrolment_by_reference(reference, current_person())
        _link(operations.join(mine, mine.run, now=utcnow()), mine.run)
    return redirect(url_for("courses.go_to_meeting", reference=reference), 303)


@bp.get("/my/enrolments/<reference>/meeting")
@signed_in
def go_to_meeting(reference: str) -> Response:
    """Lead to the meeting, while its doors are open."""
    mine = queries.enrolment_by_reference(reference, current_person())
    meeting = rules.check_may_join(mine, mine.run, utcnow())
    back = url_for("courses.enrolment", reference=reference)
    return leaving_page(mine.run.offer, _link(meeting, mine.run), back=back)


def recordings(run: Run) -> list[dict[str, Any]]:
    """Give the recordings of a run's meetings, latest first."""
    return [
        {
            "url": one.recording,
            "label": _("The recording of %(day)s", day=day_of(one.starts_at).text),
        }
        for one in reversed(run.meetings)
        if is_web_address(one.recording)
    ]


def _link(meeting: Meeting, run: Run) -> str:
    """Give where the meeting is held: its own link, or else the institution's page.

    Raises NoLinkYet when there is neither.
    """
    for link in (meeting.join_link, run.offer.address):
        if is_web_address(link):
            return link
    raise rules.NoLinkYet


def _door(mine: Enrolment, meeting: Meeting, now: datetime) -> dict[str, Any]:
    known = is_web_address(meeting.join_link) or is_web_address(mine.run.offer.address)
    is_open = rules.doors_are_open(meeting, now) and known
    action = url_for("courses.join_post", reference=mine.reference)
    return {
        "action": action if is_open else None,
        "opens": moment(rules.doors_open_at(meeting)) if not is_open else None,
        "late": None if known else _("The institution has not given the link yet. Come back here."),
    }


def _offer(mine: Enrolment) -> dict[str, Any]:
    title = own_text(mine.run.offer.titles, current_language())
    return {"title": title, "url": url_for("courses.enrolment", reference=mine.reference)}
