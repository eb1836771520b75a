"""Feeds made of records, harvested; and what the database and the reports hold afterwards."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.catalogue.queries import whole
from courses.harvesting import operations, pipeline
from courses.harvesting.draft import Draft, Feed, Finding, Gone
from courses.harvesting.models import RecordedFinding, SourceRecord
from courses.harvesting.pipeline import Reading, Report
from courses.harvesting.running import Outcome, run_harvest
from courses.sources.models import Source
from tests.making import NOW, make_institution

CATALOGUE = (
    *("offers", "offer_texts", "offer_terms", "offer_languages", "runs", "meetings"),
    *("source_records", "stale_offers"),
)
"""The tables an unchanged feed must not touch."""

Item = Draft | Finding | Gone


def record(name: str = "water", **more: Any) -> dict[str, Any]:
    """Make a record of our exchange format with all that listing needs."""
    return {
        "source": "school",
        "source_id": name,
        "title": f"About {name}",
        "description": f"Everything a city needs to know about {name}.",
        "language": "en",
        "url": f"https://school.example/{name}",
        **more,
    }


def lines(*records: Mapping[str, Any]) -> bytes:
    """Write records as JSON Lines."""
    written = (json.dumps(one, ensure_ascii=False) for one in records)
    return "".join(f"{line}\n" for line in written).encode()


def table(*rows: Mapping[str, str], delimiter: str = ",") -> bytes:
    """Write rows as CSV, as a spreadsheet does; the first says which columns there are."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def source(adapter: str = "jsonl", *, institution: str = "river-school", zone: str = "UTC") -> int:
    """Find or make a source, which is named after its adapter."""
    place = make_institution(institution).slug
    with unit_of_work():
        found = make_institution(place)
        made = operations.ensure_source(found, adapter, adapter=adapter, zone=zone, now=NOW)
        return made.id


def harvest(content: bytes, adapter: str = "jsonl", **feed: Any) -> Outcome:
    """Harvest a file as the command does; keywords are those of a feed."""
    zone = feed.get("zone", "UTC")
    made = Feed(content, **feed)
    return run_harvest(source(adapter, zone=zone), made, adapter, progress=lambda _report: None)


def harvest_at(now: datetime, *records: Mapping[str, Any]) -> Report:
    """Harvest records as if it were another time; nothing is kept of the harvest itself."""
    source_id, report = source(), Report()
    with unit_of_work():
        harvest_id = operations.begin_harvest(db.session.get_one(Source, source_id), now=now).id
    reading = Reading(harvest_id, source_id, "jsonl")
    pipeline.harvest(reading, Feed(lines(*records)), report, now=now, progress=lambda _report: None)
    return report


def counts(report: Report) -> tuple[int, int, int, int, int]:
    """Give what became of the records: read, added, updated, unchanged, rejected."""
    made = report
    return made.read, made.added, made.updated, made.unchanged, made.rejected


def offers() -> dict[str, Offer]:
    """Load every harvested offer, whole, by the identifier of its record."""
    db.session.rollback()
    db.session.expunge_all()
    rows = db.session.execute(
        select(SourceRecord.external_id, Offer)
        .join(Offer, Offer.id == SourceRecord.offer_id)
        .options(*whole())
        .order_by(SourceRecord.id)
    )
    return {external_id: offer for external_id, offer in rows}


def offer(name: str = "water") -> Offer:
    """Load the offer of a record made by `record`."""
    return offers()[f"school:{name}"]


def noted(outcome: Outcome) -> list[tuple[int, str, str, str]]:
    """List the findings of a harvest: line, field, code and weight."""
    db.session.rollback()
    rows = db.session.scalars(
        select(RecordedFinding)
        .where(RecordedFinding.harvest_id == outcome.harvest_id)
        .order_by(RecordedFinding.line, RecordedFinding.id)
    )
    return [(row.line, row.field, row.code, row.weight.value) for row in rows]


def prints(tables: Iterable[str] = CATALOGUE) -> dict[str, str]:
    """Tell the content of each table, shortly: equal tables, equal prints."""
    db.session.rollback()
    found = {}
    for name in tables:
        rows = db.session.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2"))
        content = repr([tuple(row) for row in rows])
        found[name] = hashlib.sha256(content.encode()).hexdigest()
    return found


def drafts(items: Sequence[Item]) -> list[Draft]:
    """Keep the drafts of what an adapter gave."""
    return [item for item in items if isinstance(item, Draft)]


def rejections(items: Sequence[Item]) -> list[Finding]:
    """Keep the records an adapter could make nothing of."""
    return [item for item in items if isinstance(item, Finding)]
