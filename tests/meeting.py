"""Webinars with meetings, for tests: made, moved and cancelled as institutions do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar
from sqlalchemy import select

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from courses.catalogue import operations as catalogue
from courses.catalogue.content import MeetingContent, RunContent
from courses.catalogue.models import Kind, Offer
from courses.catalogue.queries import offers_by_id, run_by_reference
from courses.catalogue.runs import Meeting, Run
from tests.making import content, make_offer

HOUR = timedelta(hours=1)
LINK = "https://meet.example/j/7f3a-secret"


def meeting(start: datetime, **more: Any) -> MeetingContent:
    """Make an hour that is held behind LINK, unless told."""
    return MeetingContent(start, start + HOUR, **({"join_link": LINK} | more))


def webinar(*starts: datetime, title: str = "Water live", **more: Any) -> str:
    """Make a webinar with a meeting at each of these instants; give the run's reference."""
    zone = more.pop("zone", "Europe/Madrid")
    hours = more.pop("meetings", [meeting(start) for start in starts])
    run = RunContent(hours[0].starts_at, hours[-1].ends_at, meetings=hours, zone=zone)
    run = replace(run, capacity=more.pop("capacity", None))
    made = make_offer(title, kind=Kind.WEBINAR, runs=[run], **more)
    reference = db.session.scalar(select(Run.reference).where(Run.offer_id == made.id))
    assert reference is not None
    return reference


def rewrite(reference: str, *hours: MeetingContent, now: datetime) -> None:
    """Let the institution say anew when the meetings of a run are."""
    with unit_of_work():
        offer = _offer(reference)
        run = RunContent(
            hours[0].starts_at, hours[-1].ends_at, meetings=hours, zone="Europe/Madrid"
        )
        said = content(offer.titles["en"], kind=Kind.WEBINAR, runs=[run])
        catalogue.revise(offer, said, now=now)


def withdraw_offer(reference: str, *, now: datetime) -> None:
    """Let the institution withdraw the offer of a run."""
    with unit_of_work():
        catalogue.withdraw(_offer(reference), now=now)


def events_of(file: bytes | str) -> list[Any]:
    """Read the events of a calendar file."""
    return list(Calendar.from_ical(file).events)


def meetings_of(reference: str) -> list[Meeting]:
    """Load the meetings of a run, soonest first."""
    db.session.rollback()
    found = select(Meeting).join(Run).where(Run.reference == reference)
    return list(db.session.scalars(found.order_by(Meeting.starts_at)))


def set_zone(person: Person, zone: str, language: str = "en") -> None:
    """Let a person choose their time zone and language."""
    with unit_of_work():
        mine = db.session.get_one(Person, person.id)
        mine.zone, mine.language = zone, language


def _offer(reference: str) -> Offer:
    offer_id = run_by_reference(reference).offer_id
    return offers_by_id([offer_id])[offer_id]
