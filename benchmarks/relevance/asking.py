"""Asking an academy: queries in, identifiers of the first offers out."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from flask import Flask
from sqlalchemy import select

from academy.db import db, utcnow
from benchmarks.relevance.measures import FIRST
from courses.catalogue.models import Offer
from courses.catalogue.queries import visible
from courses.harvesting.models import SourceRecord
from courses.progress import progress
from courses.search.find import find
from courses.search.params import SearchParams, When

EVER = {"when": tuple(sorted(When))}
"""What is over too: the judges knew no dates, and a talk that is over may be the only answer."""


def answers(app: Flask, queries: Sequence[str], what: str) -> list[list[str]]:
    """Give for each query the `source:source_id` of the first offers found."""
    with app.app_context(), progress(what, len(queries)) as teller:
        names = _names()
        now, found = utcnow(), []
        for done, query in enumerate(queries, 1):
            answer = find(SearchParams(q=query, chosen=EVER), now=now)
            assert not answer.away, f"the index did not answer: {query}"
            # What is near in meaning stands below the list, where the list is short.
            shown = [*answer.numbers, *answer.near][:FIRST]
            found.append([names[number] for number in shown])
            teller.tell(done)
        db.session.rollback()
    return found


def out_of_reach(app: Flask, wanted: AbstractSet[str]) -> set[str]:
    """Give those of these names that no offer has which people can see."""
    with app.app_context():
        shown = select(SourceRecord.external_id).join(Offer, Offer.id == SourceRecord.offer_id)
        reached = set(db.session.scalars(shown.where(visible())))
        db.session.rollback()
    return set(wanted - reached)


def _names() -> dict[int, str]:
    """Name every offer as its source does."""
    rows = db.session.execute(select(SourceRecord.offer_id, SourceRecord.external_id))
    return {offer: name for offer, name in rows}
