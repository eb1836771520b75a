"""The page of one's own enrolment: what was kept, when it is, and what happens next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, url_for

from academy.access import current_person, signed_in
from academy.accounts.models import Person
from academy.db import utcnow
from academy.i18n import current_language, own_text, text_in
from academy.i18n import gettext as _
from academy.web.moments import day_of
from courses.catalogue.rules import is_over, is_visible
from courses.catalogue.runs import Meeting
from courses.enrolment import queries, rules
from courses.enrolment.models import Enrolment, Standing
from courses.web.blueprint import bp
from courses.web.dates import run_dates
from courses.web.enrol_panel import progress_actions
from courses.web.hours import told_hour
from courses.web.joining import recordings
from courses.web.next_steps import steps
from courses.webinars.rules import is_held


@bp.get("/my/enrolments/<reference>")
@signed_in
def enrolment(reference: str) -> str:
    """Show how the person's taking part stands, and what happens next."""
    person, now = current_person(), utcnow()
    mine = queries.enrolment_by_reference(reference, person)
    takes_part = rules.takes_part(mine)
    meetings = mine.run.meetings
    return render_template(
        "courses/enrolment.html",
        heading=_heading(mine, now),
        status=_status(mine),
        offer=_offer(mine),
        dates=run_dates(mine.run),
        hours=[_hour(one, person, now) for one in meetings],
        facts=_facts(mine),
        steps=steps(mine, now=now) if takes_part or rules.waits(mine) else [],
        recordings=recordings(mine.run) if takes_part else [],
        calendar_url=_to(mine, "enrolment_calendar") if takes_part and meetings else None,
        actions=_actions(mine, now),
        joins=takes_part and any(is_held(one) and one.ends_at >= now for one in meetings),
        join_url=_to(mine, "join"),
        withdrawal=_withdrawal(mine, now),
    )


def _to(mine: Enrolment, page: str) -> str:
    return url_for(f"courses.{page}", reference=mine.reference)


def _heading(mine: Enrolment, now: datetime) -> str:
    over = is_over(mine.run, mine.run.offer.kind, now)
    if rules.waits(mine):
        return _("The waiting list had no place for you") if over else _("You are waiting")
    if rules.takes_part(mine):
        return _("You took part") if over else _("You are enrolled")
    if mine.standing is Standing.WITHDRAWN:
        return _("You have withdrawn")
    return _("Your enrolment")


def _status(mine: Enrolment) -> str | None:
    """Say in a sentence what stands in the way of taking part, if anything does."""
    if not is_visible(mine.run.offer):
        return _("The institution no longer offers this.")
    if rules.waits(mine):
        place = queries.place_in_queue(mine)
        return _(
            "All places are taken. You are number %(place)s of those who wait; the next place "
            "that becomes free goes to number 1.",
            place=place,
        )
    if mine.standing is Standing.WITHDRAWN:
        return _(
            "Your place is free for somebody else. On the page of the offer you can come back."
        )
    return None


def _offer(mine: Enrolment) -> dict[str, Any]:
    offer, reader = mine.run.offer, current_language()
    url = url_for("courses.offer", slug=offer.slug) if is_visible(offer) else None
    return {"title": own_text(offer.titles, reader), "url": url}


def _hour(meeting: Meeting, person: Person, now: datetime) -> dict[str, Any]:
    return {
        "told": told_hour(meeting.starts_at, person, now),
        "title": text_in(meeting.title, current_language()),
        "cancelled": not is_held(meeting),
    }


def _facts(mine: Enrolment) -> list[dict[str, Any]]:
    """List what is kept of the person's taking part."""
    since = _("Waiting since") if mine.waiting_since else _("Enrolled on")
    kept: list[tuple[str, datetime | None]] = [
        (since, mine.waiting_since or mine.enrolled_at),
        (_("Left for the institution on"), mine.left_at),
        (_("Joined a meeting on"), mine.joined_at),
    ]
    return [{"label": label, "day": day_of(when)} for label, when in kept if when]


def _actions(mine: Enrolment, now: datetime) -> list[dict[str, Any]]:
    """Give the buttons of who takes part: on to the partner, and how far one got."""
    offer, run = mine.run.offer, mine.run
    if not rules.takes_part(mine):
        return []
    actions = progress_actions(mine, offer, run, now=now)
    if offer.address and is_visible(offer) and not is_over(run, offer.kind, now):
        leave = url_for("courses.leave", reference=run.reference)
        label = _("Go to the institution’s site")
        actions.insert(0, {"label": label, "action": leave, "fields": [], "style": "btn"})
    return actions


def _withdrawal(mine: Enrolment, now: datetime) -> dict[str, str] | None:
    """Give the button with which one leaves, and what it says."""
    over = is_over(mine.run, mine.run.offer.kind, now)
    if over or mine.standing not in rules.MAY_WITHDRAW or mine.progress in rules.SETTLED:
        return None
    label = _("Leave the waiting list") if rules.waits(mine) else _("Withdraw")
    return {"label": label, "action": url_for("courses.withdraw", reference=mine.run.reference)}
