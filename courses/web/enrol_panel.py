"""What a person can do with an offer here and now: the panel beside its facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for

from academy.accounts.models import Person
from academy.i18n import Words
from academy.i18n import gettext as _
from courses.catalogue.models import Kind, Offer
from courses.catalogue.rules import has_gone, is_over, takes_enrolments
from courses.catalogue.runs import Run
from courses.enrolment import queries as enrolment
from courses.enrolment.models import Enrolment, Progress
from courses.enrolment.rules import SETTLED, takes_part, took_part, waits
from courses.web.dates import places, run_dates

Panel = dict[str, Any]
ACTIONABLE = frozenset(("open", "full"))
"""What one can still get into: at once, or by the waiting list."""


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
    leads = offer.address and offer.broken_at is None
    leave_url = url_for("courses.leaving", slug=offer.slug) if leads else None
    base: Panel = {"leave_url": leave_url, "hint": None, "runs": []}
    is_open = any(seat.state in ACTIONABLE for seat in seats)
    taken = _taken(seats, past=not is_open)
    if taken is not None:
        return base | _taking_part(offer, taken, now)
    if not is_open:
        return base | _nothing_open(seats)
    shown = [seat for seat in seats if not seat.over]
    runs = [_choice(seat, offer, person) for seat in shown] if len(shown) > 1 else []
    if person is None:
        return base | _sign_up_first(seats) | {"runs": runs}
    if runs:
        hint = _leaving_hint() if offer.address else None
        return base | {
            "state": "choose",
            "label": _("Choose your dates"),
            "runs": runs,
            "hint": hint,
        }
    return base | _one_run(offer, teacher, shown[0])


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
    if takes_part(mine) or (waits(mine) and not over):
        state = "mine"
    elif over:
        state = "over"
    elif has_gone(offer) or not takes_enrolments(run, offer.kind, now):
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


def _sign_up_first(seats: Sequence[Seat]) -> Panel:
    full = not any(seat.state == "open" for seat in seats)
    return {
        "state": "sign-in",
        "label": _("Make an account to wait for a place")
        if full
        else _("Make an account to enrol"),
        "sign_in_url": url_for("accounts.sign_up", next=request.path),
        "hint": _all_taken() if full else _("It takes a name, a mail address and a password."),
    }


def _one_run(offer: Offer, teacher: Words, seat: Seat) -> Panel:
    if seat.state == "full":
        return {
            "state": "open",
            "label": _("Join the waiting list"),
            "action": _door(offer, seat),
            "hint": _all_taken(),
        }
    partner = _("Enrol at %(institution)s", institution=teacher.text)
    return {
        "state": "open",
        "label": partner if offer.address else _("Enrol"),
        "action": _door(offer, seat),
        "hint": _leaving_hint() if offer.address else places(seat.run),
    }


def _all_taken() -> str:
    return _("All places are taken. Who waits gets the next one that becomes free, and a mail.")


def _leaving_hint() -> str:
    return _(
        "You will leave the Urban Academy. We keep this offer in My learning, so that "
        "you can come back and say how it went."
    )


def _door(offer: Offer, seat: Seat) -> str:
    """Give where the button leads: who would only wait does not leave for the partner yet."""
    leaves = offer.address and seat.state != "full"
    return url_for("courses.leave" if leaves else "courses.enrol", reference=seat.run.reference)


def _choice(seat: Seat, offer: Offer, person: Person | None) -> Panel:
    labels = {"full": _("Join the waiting list"), "open": _("Enrol")}
    can_act = seat.state in ACTIONABLE
    return {
        "label": run_dates(seat.run),
        "open": can_act,
        "places": places(seat.run) if can_act else None,
        "action": _door(offer, seat) if can_act and person else None,
        "state_label": labels.get(seat.state) or _("Enrolment is closed"),
    }


def _nothing_open(seats: list[Seat]) -> Panel:
    if not seats:
        return {"state": "none", "hint": _("The institution names no dates yet.")}
    if any(seat.state == "closed" for seat in seats):
        return {"state": "closed", "hint": _("Enrolment is closed.")}
    return {"state": "closed", "hint": _("This is over. The institution may offer it again.")}


def _taking_part(offer: Offer, seat: Seat, now: datetime) -> Panel:
    run, mine = seat.run, seat.enrolment
    assert mine is not None
    withdrawal = url_for("courses.withdraw", reference=run.reference)
    goes_on = offer.address and takes_part(mine)
    return {
        "state": "mine",
        "label": _present(seat, mine),
        "waits": waits(mine),
        "details_url": url_for("courses.enrolment", reference=mine.reference),
        "continue_action": url_for("courses.leave", reference=run.reference) if goes_on else None,
        "withdraw_action": None if seat.over or mine.progress in SETTLED else withdrawal,
        "withdraw_label": _("Leave the waiting list") if waits(mine) else _("Withdraw"),
        "progress": progress_actions(mine, offer, run, now=now),
    }


def _present(seat: Seat, mine: Enrolment) -> str:
    """Say how the person takes part in the run."""
    dates = run_dates(seat.run)
    if waits(mine):
        place = enrolment.place_in_queue(mine)
        return _(
            "You are number %(place)s on the waiting list: %(dates)s.", place=place, dates=dates
        )
    if seat.over:
        return _("You took part: %(dates)s.", dates=dates)
    return _("You are enrolled: %(dates)s.", dates=dates)
