"""A small catalogue in several segments, some of it deleted, for what needs a hundred rounds."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select, update

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer, State
from courses.catalogue.texts import OfferText
from courses.search.backlog import mark_stale
from courses.search.params import SearchParams
from tests.making import make_offer
from tests.search.indexed import drained, indexed

OFFERS, CHANGED = 40, 4
ISSUES = ("water", "housing", "participation")


def harbours(app: Flask) -> list[int]:
    """Make offers of several issues, index them, and change some; gives the keys of all."""
    made = [make_offer(f"Harbour {turn}", issues=[ISSUES[turn % 3]]).id for turn in range(OFFERS)]
    folder = indexed(app)
    for turn in (7, 11):
        with unit_of_work():
            for offer in db.session.scalars(select(Offer).where(Offer.id % turn == 0)):
                offer.provider = f"The {turn} bridges"
                offer.state = State.ARCHIVED if offer.id % 2 else State.PUBLISHED
        drained(folder)
    return made


def turned(turn: int) -> SearchParams:
    """Ask for the very word that was written in a turn."""
    return SearchParams(f'"turned{turn}"')


def change(offers: list[int], turn: int) -> None:
    """Give some offers another title at once, and hide another one, or show it again."""
    other = offers[CHANGED + turn % (OFFERS - CHANGED)]
    with unit_of_work():
        some = OfferText.offer_id.in_(offers[:CHANGED])
        db.session.execute(update(OfferText).where(some).values(title=f"Turned{turn} harbour"))
        mark_stale(offers[:CHANGED])
        offer = db.session.get_one(Offer, other)
        offer.state = State.PUBLISHED if offer.state is State.ARCHIVED else State.ARCHIVED
