"""The webinars that somebody moderates: what to do before, on the day, and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import g, render_template, url_for

from academy.access import current_person, signed_in
from academy.accounts.models import Person
from academy.db import utcnow
from academy.i18n import current_language, ngettext, number, own_text, text_in
from academy.i18n import gettext as _
from academy.institutions.models import MemberRole
from academy.institutions.rules import EDITORS, FACILITATORS
from academy.text import is_web_address
from academy.web.moments import day_of
from courses.catalogue.models import Offer
from courses.catalogue.runs import Meeting, Run
from courses.enrolment.figures import RunFigures, figures_of
from courses.web.blueprint import bp
from courses.web.hours import told_hour
from courses.webinars import moderating
from courses.webinars.rules import is_held, meeting_of_now

STILL_SHOWN = timedelta(days=14)
"""How long after its end a webinar is listed: until then its recording should be there."""

MOST = 100
BEFORE, EVE, AFTER = timedelta(days=7), timedelta(days=1), timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run, the meeting to speak of, who is in it, and in which role the reader prepares it."""

    run: Run
    meeting: Meeting
    figures: RunFigures
    role: MemberRole
    now: datetime

    @property
    def offer(self) -> Offer:
        """What is prepared."""
        return self.run.offer

    def desk(self, endpoint: str, **values: Any) -> str:
        """Address a page of the institution's desk."""
        return url_for(f"desk.{endpoint}", institution=self.offer.institution.slug, **values)


@bp.get("/my/webinars")
@signed_in
def my_webinars() -> str:
    """List the webinars the person moderates, each with what is done and what is left to do."""
    g.private = g.noindex = True
    person, now = current_person(), utcnow()
    runs = moderating.webinars_of(person, since=now - STILL_SHOWN, limit=MOST)
    counted, roles = figures_of(runs), moderating.roles_of(person)
    prepared = [
        Prepared(run, meeting, counted[run.id], roles[run.offer.institution_id], now)
        for run in runs
        if (meeting := _meeting_to_prepare(run, now)) is not None
    ]
    rows = [_row(one, person) for one in prepared]
    return render_template("courses/my_webinars.html", rows=rows)


def moderates(person: Person) -> bool:
    """Tell whether the person has any use for the page."""
    return moderating.moderates_something(person)


def _meeting_to_prepare(run: Run, now: datetime) -> Meeting | None:
    """Choose the meeting that goes on or comes next; after the last, the last that was held."""
    held = [one for one in run.meetings if is_held(one)]
    return meeting_of_now(run.meetings, now) or (held[-1] if held else None)


def _row(one: Prepared, person: Person) -> dict[str, Any]:
    reader, reference = current_language(), one.run.reference
    may_read = one.role in FACILITATORS
    return {
        "title": own_text(one.offer.titles, reader),
        "url": url_for("courses.offer", slug=one.offer.slug),
        "institution": text_in(one.offer.institution.name, reader),
        "hour": told_hour(one.meeting.starts_at, person, one.now),
        "is_over": one.meeting.ends_at < one.now,
        "steps": [_announced(one), _registered(one), _held(one), _recorded(one)],
        "join_url": _door(one) if may_read else None,
        "people_url": one.desk("run", reference=reference) if may_read else None,
        "message_url": one.desk("message", reference=reference) if may_read else None,
    }


def _announced(one: Prepared) -> dict[str, Any]:
    """A week before: the link to join, and what it is about."""
    link, text = is_web_address(one.meeting.join_link), _is_described(one.offer)
    tasks = [
        _task(link, _("The link to join is set."), _("Set the link to join."), _links_url(one)),
        _task(text, _("It says what it is about."), _("Say what it is about."), _edit_url(one)),
    ]
    return _step(_("A week before"), one.meeting.starts_at - BEFORE, one, tasks)


def _registered(one: Prepared) -> dict[str, Any]:
    """A day before: how many will come."""
    count = one.figures.enrolled
    told = ngettext(
        "%(count)s person is registered.",
        "%(count)s people are registered.",
        count,
        count=number(count),
    )
    return _step(_("A day before"), one.meeting.starts_at - EVE, one, [_task(None, told, told)])


def _held(one: Prepared) -> dict[str, Any]:
    """On the day: come early."""
    told = _("Go in 15 minutes before: then the doors open for all.")
    return _step(_("On the day"), one.meeting.starts_at, one, [_task(None, told, told)])


def _recorded(one: Prepared) -> dict[str, Any]:
    """Two days after: the recording."""
    there = is_web_address(one.meeting.recording)
    done, left = _("The recording is there."), _("Give the address of the recording.")
    tasks = [_task(there, done, left, _links_url(one))]
    return _step(_("Two days after"), one.meeting.ends_at + AFTER, one, tasks)


def _step(label: str, due: datetime, one: Prepared, tasks: list[dict[str, Any]]) -> dict[str, Any]:
    late = due <= one.now and any(task["done"] is False for task in tasks)
    return {
        "label": label,
        "day": day_of(due, one.meeting.zone),
        "late": late,
        "tasks": tasks,
    }


def _task(done: bool | None, yes: str, no: str, url: str | None = None) -> dict[str, Any]:
    """Say that something is done, or is left to do and where; None is for what is only told."""
    return {"done": done, "told": no if done is False else yes, "url": None if done else url}


def _is_described(offer: Offer) -> bool:
    return any(text.description or text.summary for text in offer.texts)


def _links_url(one: Prepared) -> str | None:
    if one.role not in FACILITATORS:
        return None
    index = [meeting.uid for meeting in one.run.meetings].index(one.meeting.uid) + 1
    return one.desk("run", reference=one.run.reference, _anchor=f"meeting-{index}")


def _edit_url(one: Prepared) -> str | None:
    return one.desk("edit", slug=one.offer.slug) if one.role in EDITORS else None


def _door(one: Prepared) -> str | None:
    link = one.meeting.join_link
    return link if is_web_address(link) and one.meeting.ends_at >= one.now else None
