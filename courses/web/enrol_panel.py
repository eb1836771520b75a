"""What a person can do with an offer here and now: the panel beside its facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request, url_for

from academy.accounts.models import Person
from academy.i18n import Words, ngettext
from academy.i18n import gettext as _
from academy.web.moments import day_of, moment
from courses.catalogue.models import Kind, Offer
from courses.catalogue.rules import is_over, takes_enrolments
from courses.catalogue.runs import Run
from courses.enrolment import queries as enrolment
from courses.enrolment.models import Enrolment, Progress
from courses.enrolment.rules import takes_part, took_part

Panel = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seat:
    """A run as one person sees it: their enrolment, whether it is over, whether there is room."""

    run: Run
    enrolment: Enrolment | None
    over: bool
    state: str


def panel(offer: Offer, teacher: Words, person: Person | None, *, now: datetime) -> Panel:
    """Decide what the panel offers. States are those of the template."""
    mine = enrolment.enrolments_in(person, offer) if person else {}
    seats = [_seat(run, offer, mine.get(run.id), now) for run in offer.runs]
    leave_url = url_for("courses.leaving", slug=offer.slug) if offer.address else None
    base: Panel = {"leave_url": leave_url, "hint": None, "runs": []}
    is_open = any(seat.state == "open" for seat in seats)
    taken = _taken(seats, past=not is_open)
    if taken is not None:
        return base | _taking_part(offer, taken, now)
    if not is_open:
        return base | _nothing_open(seats)
    shown = [seat for seat in seats if not seat.over]
    runs = [_choice(seat, offer, person) for seat in shown] if len(shown) > 1 else []
    if person is None:
        return base | _sign_up_first() | {"runs": runs}
    if runs:
        hint = _leaving_hint() if offer.address else None
        return base | {
            "state": "choose",
            "label": _("Choose your dates"),
            "runs": runs,
            "hint": hint,
        }
    return base | _one_run(offer, teacher, shown[0].run)


def run_dates(run: Run) -> str:
    """Say when a run takes place: its hour, where it is one of an hour, else its days."""
    if run.starts_at is None:
        return _("Start any time")
    if is_of_one_hour(run):
        return moment(run.starts_at).text
    first = day_of(run.starts_at, run.zone).text
    if run.ends_at is None:
        return _("From %(day)s", day=first)
    last = day_of(run.ends_at, run.zone).text
    return first if first == last else _("%(first)s to %(last)s", first=first, last=last)


def is_of_one_hour(run: Run) -> bool:
    """Tell whether the hour of its one meeting says when the run takes place."""
    if run.starts_at is None or len(run.meetings) != 1:
        return False
    return run.ends_at is None or run.ends_at - run.starts_at < timedelta(days=1)


def places(run: Run) -> str | None:
    """Say how many places are left, where they are counted."""
    if run.capacity is None:
        return None
    left = run.capacity - run.taken
    if not left:
        return _("No place left")
    return str(ngettext("%(num)s place left", "%(num)s places left", left))


def progress_actions(enrolment: Enrolment, offer: Offer, run: Run, *, now: datetime) -> list[Panel]:
    """Give the buttons with which a learner says how far they got in a course that has begun."""
    if offer.kind is Kind.WEBINAR or not took_part(enrolment, run, now):
        return []
    if enrolment.progress is Progress.FINISHED:
        return []
    action = url_for("courses.declare", reference=enrolment.reference)
    labels = {Progress.FINISHED: _("I finished"), Progress.STOPPED: _("I stopped")}
    return [
        {
            "label": label,
            "action": action,
            "fields": [{"name": "progress", "value": progress.value}],
            "style": "line",
        }
        for progress, label in labels.items()
        if enrolment.progress is not progress
    ]


def _seat(run: Run, offer: Offer, mine: Enrolment | None, now: datetime) -> Seat:
    over = is_over(run, offer.kind, now)
    if takes_part(mine):
        state = "mine"
    elif over:
        state = "over"
    elif not takes_enrolments(run, offer.kind, now):
        state = "closed"
    else:
        full = run.capacity is not None and run.taken >= run.capacity
        state = "full" if full else "open"
    return Seat(run, mine, over, state)


def _taken(seats: Sequence[Seat], *, past: bool) -> Seat | None:
    """Find the run the person takes part in; one that is over only where it is all there is."""
    mine = [seat for seat in seats if seat.state == "mine"]
    going = [seat for seat in mine if not seat.over]
    chosen = going or (mine if past else [])
    return chosen[-1] if chosen else None


def _sign_up_first() -> Panel:
    return {
        "state": "sign-in",
        "label": _("Make an account to enrol"),
        "sign_in_url": url_for("accounts.sign_up", next=request.path),
        "hint": _("It takes a name, a mail address and a password."),
    }


def _one_run(offer: Offer, teacher: Words, run: Run) -> Panel:
    partner = _("Enrol at %(institution)s", institution=teacher.text)
    return {
        "state": "open",
        "label": partner if offer.address else _("Enrol"),
        "action": _door(offer, run),
        "hint": _leaving_hint() if offer.address else places(run),
    }


def _leaving_hint() -> str:
    return _(
        "You will leave the Urban Academy. We keep this offer in My learning, so that "
        "you can come back and say how it went."
    )


def _door(offer: Offer, run: Run) -> str:
    return url_for("courses.leave" if offer.address else "courses.enrol", reference=run.reference)


def _choice(seat: Seat, offer: Offer, person: Person | None) -> Panel:
    labels = {"full": _("All places are taken"), "closed": _("Enrolment is closed")}
    is_open = seat.state == "open"
    return {
        "label": run_dates(seat.run),
        "open": is_open,
        "places": places(seat.run) if is_open else None,
        "action": _door(offer, seat.run) if is_open and person else None,
        "state_label": _("Enrol") if is_open else labels[seat.state],
    }


def _nothing_open(seats: list[Seat]) -> Panel:
    if not seats:
        return {"state": "none", "hint": _("The institution names no dates yet.")}
    states = {seat.state for seat in seats}
    if "full" in states:
        return {"state": "closed", "hint": _("All places are taken.")}
    if "closed" in states:
        return {"state": "closed", "hint": _("Enrolment is closed.")}
    return {"state": "closed", "hint": _("This is over. The institution may offer it again.")}


def _taking_part(offer: Offer, seat: Seat, now: datetime) -> Panel:
    run, mine = seat.run, seat.enrolment
    assert mine is not None
    dates = run_dates(run)
    past = _("You took part: %(dates)s.", dates=dates)
    present = _("You are enrolled: %(dates)s.", dates=dates)
    declared = mine.progress in {Progress.FINISHED, Progress.STOPPED}
    withdrawal = url_for("courses.withdraw", reference=run.reference)
    return {
        "state": "mine",
        "label": past if seat.over else present,
        "continue_action": _door(offer, run) if offer.address else None,
        "withdraw_action": None if seat.over or declared else withdrawal,
        "progress": progress_actions(mine, offer, run, now=now),
    }
