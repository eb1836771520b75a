"""Harvests that are held: what they would unlist is named, and a steward may leave it all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, literal, select

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from courses.harvesting.draft import Weight
from courses.harvesting.models import Harvest, HarvestState, RecordedFinding, SourceRecord

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


def leave(harvest: Harvest, *, person: Person, now: datetime) -> None:
    """Let nothing come of a held harvest; the next reading looks anew. Twice is once."""
    if harvest.state is not HarvestState.HELD:
        return
    harvest.state = HarvestState.ABORTED
    db.session.flush()
    audit.note("harvest-left", f"harvest:{harvest.reference}", by=person, now=now)
