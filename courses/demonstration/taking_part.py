"""The people of the demonstration network take part, moderate, and say how it was."""

from __future__ import annotations

from datetime import datetime, timedelta

from academy.accounts.models import Person
from academy.db import db
from academy.institutions.models import Institution
from courses.catalogue.models import Offer
from courses.catalogue.rules import has_begun
from courses.catalogue.runs import Run
from courses.demonstration.content import Entry
from courses.enrolment import operations as enrolment
from courses.enrolment.models import Progress
from courses.feedback import operations as feedback
from courses.feedback.models import ReviewState
from courses.feedback.operations import Answers
from courses.webinars.models import Facilitation
from courses.webinars.moderating import webinars_without_facilitator

MODERATED = 2
"""How many webinars the facilitator moderates."""


def take_part(offer: Offer, entry: Entry, people: dict[str, Person], *, now: datetime) -> None:
    """Enrol those the entry names and write their reviews, at plausible moments in the past."""
    for key in entry.get("enrolled", ()):
        run = offer.runs[-1]
        enrolment.enrol(people[key], run, now=_before(run, now))
    for position, answers in enumerate(entry.get("reviews", ())):
        run = next(run for run in offer.runs if has_begun(run, now))
        person = people[answers["person"]]
        taken = enrolment.enrol(person, run, now=_before(run, now))
        enrolment.declare(taken, Progress.FINISHED, now=now)
        written = min(now, _after(run, now) + timedelta(hours=5 * position))
        _review(person, run, offer, answers, written)


def moderate(person: Person, place: Institution, *, now: datetime) -> None:
    """Let somebody moderate the next webinars of a place."""
    for run in webinars_without_facilitator(place, now=now, limit=MODERATED):
        db.session.add(Facilitation(run_id=run.id, person_id=person.id, since=now))
    db.session.flush()


def _before(run: Run, now: datetime) -> datetime:
    """Give a moment at which the run still took people."""
    limits = [moment for moment in (run.starts_at, run.enrol_until) if moment is not None]
    return min([now, *(moment - timedelta(hours=1) for moment in limits)])


def _after(run: Run, now: datetime) -> datetime:
    ended = run.ends_at or run.starts_at or now - timedelta(days=20)
    return min(ended + timedelta(days=1), now)


def _review(person: Person, run: Run, offer: Offer, answers: Entry, written: datetime) -> None:
    review = feedback.review(
        person,
        run,
        Answers(
            colleague=answers["colleague"],
            city=answers["city"],
            length=answers["length"],
            connection=answers["connection"],
            text=answers["text"],
            language=answers["language"],
        ),
        now=written,
    )
    feedback.decide(review, ReviewState.SHOWN, offer, by=None, now=written)
    db.session.flush()
