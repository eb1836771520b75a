"""Harvests that are held: what they would unlist is named, and a steward decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, literal, select

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from academy.institutions.models import Institution
from academy.notices.operations import notify
from courses.harvesting.draft import Weight
from courses.harvesting.harvests.queue import ask
from courses.harvesting.models import Harvest, HarvestState, RecordedFinding, SourceRecord
from courses.sources.models import Source
from courses.sources.queries import stewards_of

WOULD_UNLIST = "would-unlist"
"""The code of a reading that is or was held."""

WOULD_VANISH = "would-vanish"
"""The finding of a held reading about each record that it would unlist."""

MOST_NAMED = 500


def name_missing(harvest: Harvest, offer_ids: Sequence[int]) -> None:
    """Keep which records a held harvest did not find, the first of very many."""
    names = ("harvest_id", "line", "external_id", "field", "code", "weight", "found")
    missing = (
        select(
            *(literal(harvest.id), literal(0), SourceRecord.external_id),
            *(literal(""), literal(WOULD_VANISH), literal(Weight.HELD), literal("")),
        )
        .where(SourceRecord.source_id == harvest.source_id)
        .where(SourceRecord.offer_id.in_(offer_ids[:MOST_NAMED]))
        .order_by(SourceRecord.id)
    )
    db.session.execute(insert(RecordedFinding).from_select(names, missing))


@dataclass(frozen=True, slots=True)
class Let:
    """What a steward let a held harvest unlist: the offers it named, and so many more."""

    offers: frozenset[int] = frozenset()
    more: int = 0


def let_by(reference: str) -> Let:
    """Give what the held harvest would have unlisted, which a steward has seen."""
    held = db.session.scalar(select(Harvest).where(Harvest.reference == reference))
    if held is None:
        return Let()
    named = (
        select(SourceRecord.offer_id)
        .join(RecordedFinding, RecordedFinding.external_id == SourceRecord.external_id)
        .where(SourceRecord.source_id == held.source_id, RecordedFinding.harvest_id == held.id)
        .where(RecordedFinding.code == WOULD_VANISH)
    )
    offers = frozenset(db.session.scalars(named))
    return Let(offers, max(0, int(held.details.get("number", "0")) - MOST_NAMED))


def tell_stewards(harvest: Harvest, *, now: datetime) -> None:
    """Tell the stewards of its institution that a harvest is held.

    They are not told again while it stays so; but of what is held although they let it, they are.
    """
    if _was_held_before(harvest) and not harvest.allowed:
        return
    source = db.session.get_one(Source, harvest.source_id)
    for steward in stewards_of(db.session.get_one(Institution, source.institution_id)):
        about = f"{harvest.reference}:{steward.reference}"
        notify("harvest-held", steward, about=about, now=now, harvest=harvest.reference)


def _was_held_before(harvest: Harvest) -> bool:
    """Tell whether the reading of its source before this one is held, and not decided on."""
    before = (
        select(Harvest.state)
        .where(Harvest.source_id == harvest.source_id, Harvest.id < harvest.id)
        .where(Harvest.record == "")
        .order_by(Harvest.id.desc())
        .limit(1)
    )
    return db.session.scalar(before) is HarvestState.HELD


def take_rest(harvest: Harvest, *, person: Person, now: datetime) -> Harvest:
    """Read the source of a held harvest again: what came is written, nothing is unlisted.

    Raises NotApproved for a source that must not be read.
    """
    source = db.session.get_one(Source, harvest.source_id)
    again = ask(source, person=person, now=now, record=harvest.record)
    again.details = {**again.details, "keep": "yes"}
    audit.note("harvest-rest-taken", f"harvest:{harvest.reference}", by=person, now=now)
    return again


def leave(harvest: Harvest, *, person: Person, now: datetime) -> None:
    """Let nothing come of a held harvest; the next reading looks anew. Twice is once."""
    if harvest.state is not HarvestState.HELD:
        return
    harvest.state = HarvestState.ABORTED
    db.session.flush()
    audit.note("harvest-left", f"harvest:{harvest.reference}", by=person, now=now)
