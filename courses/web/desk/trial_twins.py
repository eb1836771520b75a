"""Offers of others that the records of a trial seem to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select

from academy.db import db
from courses.catalogue.models import Offer
from courses.catalogue.queries import visible_in_order
from courses.duplicates.finding import find_pairs
from courses.duplicates.models import Decision, DuplicatePair
from courses.duplicates.noting import note_keys


def twins_of(offer_ids: Sequence[int], *, now: datetime) -> dict[int, list[Offer]]:
    """Find the twins of offers as they are found every day, by the keys of these offers.

    What is found is written: call it in a transaction that is undone. What is given outlasts that.
    """
    ids = set(offer_ids)
    note_keys(offer_ids, now=now)
    find_pairs(offer_ids, now=now)
    first, second = DuplicatePair.first_id, DuplicatePair.second_id
    concerned = select(first, second).where(DuplicatePair.decision != Decision.DIFFERENT)
    rows = db.session.execute(concerned.where(or_(first.in_(ids), second.in_(ids)))).all()
    pairs = [(one, other) for a, b in rows for one, other in ((a, b), (b, a)) if one in ids]
    twins = {offer.id: offer for offer in visible_in_order([other for _one, other in pairs])}
    found: dict[int, list[Offer]] = defaultdict(list)
    for one, other in pairs:
        if other in twins:
            found[one].append(twins[other])
    _take_along(twins.values())
    return found


def _take_along(twins: Iterable[Offer]) -> None:
    """Let go of offers, so that they say what they say when the transaction is undone."""
    for twin in twins:
        for one in (twin.institution, twin):
            if one in db.session:
                db.session.expunge(one)
