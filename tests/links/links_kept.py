"""Offers with links, answers kept for them, and how they stand afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.catalogue.queries import offers_by_id
from courses.links.models import Answered, LinkCheck
from courses.links.operations import keep_answer
from courses.links.rules import Verdict
from tests.making import make_offer

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FINE = Verdict(Answered.FINE, "200")
GONE = Verdict(Answered.STRIKE, "404")
BUSY = Verdict(Answered.LATER, "503")


def linked(address: str = "https://school.city/water", title: str = "Water for all") -> int:
    """Publish an offer that leads to an address; gives its key."""
    return make_offer(title, address=address).id


def kept(key: int, verdict: Verdict, now: datetime, address: str = "") -> None:
    """Keep an answer as the worker does."""
    asked = address or offer(key).address
    with unit_of_work():
        keep_answer(key, asked, verdict, now=now)


def struck_out(key: int, since: datetime = MONDAY) -> datetime:
    """Let a link fail on three days; gives the last of them."""
    for day in range(3):
        kept(key, GONE, since + day * DAY)
    return since + 2 * DAY


def offer(key: int) -> Offer:
    """Load the offer as it is now."""
    db.session.rollback()
    db.session.expunge_all()
    return offers_by_id([key])[key]


def check(key: int) -> LinkCheck:
    """Load what the last look left behind."""
    db.session.rollback()
    db.session.expunge_all()
    return db.session.get_one(LinkCheck, key)
