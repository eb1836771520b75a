"""Harvests that are held: what a steward leaves as it is."""

from __future__ import annotations

from datetime import datetime

from academy import audit
from academy.accounts.models import Person
from academy.db import db
from courses.harvesting.models import Harvest, HarvestState


def leave(harvest: Harvest, *, person: Person, now: datetime) -> None:
    """Let nothing come of a held harvest; the next reading looks anew. Twice is once."""
    if harvest.state is not HarvestState.HELD:
        return
    harvest.state = HarvestState.ABORTED
    db.session.flush()
    audit.note("harvest-left", f"harvest:{harvest.reference}", by=person, now=now)
