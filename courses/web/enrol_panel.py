"""What a person can do with an offer here and now: the panel beside its facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for

from academy.accounts.models import Person
from academy.i18n import Words, ngettext
from academy.i18n import gettext as _
from academy.web.moments import day_of, moment
from courses.catalogue.models import Offer
from courses.catalogue.rules import is_over, takes_enrolments
from courses.catalogue.runs import Run
from courses.enrolment import queries as enrolment
from courses.enrolment.models import Enrolment, Progress
from courses.enrolment.rules import takes_part

Panel = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seat:
    """A run as one person sees it: their enrolment, and whether there is room."""

    run: Run
    enrolment: Enrolment | None
    state: str

    @property
    def mine(self) -> bool:
        """Whether the person takes part."""
        return self.state == "mine"


def panel(offer: Offer, teacher: Words, person: Person | None, *, now: datetime) -> Panel:
    """Decide what the panel offers. States are those of the template."""
    mine = enrolment.enrolments_in(person, offer) if person else {}
    seats = [_seat(run, offer, mine.get(run.id), now) for run in offer.runs]
    leave_url = url_for("courses.leaving", slug=offer.slug) if offer.address else None
    base = {"leave_url": leave_url, "hint": None}
    if any(seat.mine for seat in seats):
        return base | _taking_part(offer, next(seat for seat in seats if seat.mine))
    open_seats = [seat for seat in seats if seat.state == "open"]
    if not open_seats:
        return base | _nothing_open(seats)
    if person is None:
        back = url_for("accounts.sign_up", next=request.path)
        label = _("Make an account to enrol")
        hint = _("It takes a name, a mail address and a password.")
        return base | {"state": "sign-in", "label": label, "sign_in_url": back, "hint": hint}
    shown = [seat for seat in seats if seat.state != "over"]
    if len(shown) > 1:
        runs = [_choice(seat) for seat in shown]
        return base | {"state": "choose", "label": _("Choose your dates"), "runs": runs}
    return base | _one_run(offer, teacher, open_seats[0].run)


def run_dates(run: Run) -> str:
    """Say when a run takes place."""
    if run.starts_at is None:
        return _("Start any time")
    if run.meetings:
        return moment(run.starts_at).text
    if run.ends_at is None:
        return _("From %(day)s", day=day_of(run.starts_at).text)
    first, last = day_of(run.starts_at).text, day_of(run.ends_at).text
    return _("%(first)s to %(last)s", first=first, last=last)


def places(run: Run) -> str | None:
    """Say how many places are left, where they are counted."""
    if run.capacity is None:
        return None
    left = run.capacity - run.taken
    if not left:
        return _("No place left")
    return str(ngettext("%(num)s place left", "%(num)s places left", left))


def _seat(run: Run, offer: Offer, mine: Enrolment | None, now: datetime) -> Seat:
    if takes_part(mine):
        return Seat(run, mine, "mine")
    if is_over(run, offer.kind, now):
        return Seat(run, mine, "over")
    if not takes_enrolments(run, offer.kind, now):
        return Seat(run, mine, "closed")
    full = run.capacity is not None and run.taken >= run.capacity
    return Seat(run, mine, "full" if full else "open")


def _one_run(offer: Offer, teacher: Words, run: Run) -> Panel:
    if offer.address:
        return {
            "state": "open",
            "label": _("Enrol at %(institution)s", institution=teacher.text),
            "action": url_for("courses.leave", reference=run.reference),
            "hint": _(
                "You will leave the Urban Academy. We keep this offer in My learning, so that "
                "you can come back and say how it went."
            ),
        }
    return {
        "state": "open",
        "label": _("Enrol"),
        "action": url_for("courses.enrol", reference=run.reference),
        "hint": places(run),
    }


def _choice(seat: Seat) -> dict[str, Any]:
    labels = {
        "open": _("Enrol"),
        "full": _("All places are taken"),
        "closed": _("Enrolment is closed"),
    }
    action = url_for("courses.enrol", reference=seat.run.reference)
    return {
        "label": run_dates(seat.run),
        "places": places(seat.run),
        "action": action if seat.state == "open" else None,
        "state": seat.state,
        "state_label": labels[seat.state],
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


def _taking_part(offer: Offer, seat: Seat) -> Panel:
    run, mine = seat.run, seat.enrolment
    leave = url_for("courses.leave", reference=run.reference) if offer.address else None
    over = mine is not None and mine.progress in {Progress.FINISHED, Progress.STOPPED}
    return {
        "state": "mine",
        "label": _("You are enrolled: %(dates)s.", dates=run_dates(run)),
        "continue_action": leave,
        "withdraw_action": (None if over else url_for("courses.withdraw", reference=run.reference)),
        "progress": progress_actions(mine) if mine else [],
    }


def progress_actions(enrolment: Enrolment) -> list[dict[str, Any]]:
    """Give the buttons with which a learner says how far they got."""
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
