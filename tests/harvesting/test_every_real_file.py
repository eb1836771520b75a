"""Every real file beside the checkout, fetched from a server and harvested as its partner's."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.db import db
from courses.harvesting.draft import Weight
from courses.harvesting.models import Harvest, HarvestState, RecordedFinding, SourceRecord
from courses.harvesting.sentences import FINDINGS, REASONS
from tests.harvesting.feeds_known import FILES
from tests.harvesting.partner import approved, partner_serving, read, sums

pytestmark = [pytest.mark.sample, pytest.mark.slow, pytest.mark.usefixtures("unmeasured")]

BY_FOLDER = {
    "csv": "csv",
    "html_jsonld": "schemaorg",
    "ics": "ical",
    "json": "objects",
    "jsonld": "schemaorg",
    "md": "csv",
    "oai_pmh": "oai",
    "rss": "feed",
    "xlsx": "sheet",
    "xml": "schedule",
}
HEAD = f"{'file':<44} {'adapter':<10} {'state':<7} {'read':>6} {'added':>6} {'rejec.':>6}"
NO_RECORDS = {
    "error_badResumptionToken.xml": "token-expired",
    "listsets.xml": "not-oai",
    "mit_sloan_runs.json": "no-title-column",
}
"""Files that are none of the formats we read, or hold no courses; and the lists in Markdown."""


@dataclass(frozen=True)
class Line:
    """What became of a file."""

    name: str
    adapter: str
    counts: tuple[int, int, int, int, int]
    state: HarvestState
    reasons: str

    def __str__(self) -> str:
        read, added, _updated, _unchanged, rejected = self.counts
        told = f"{read:>6,} {added:>6,} {rejected:>6,}"
        return f"{self.name:<44} {self.adapter:<10} {self.state:<7} {told}  {self.reasons}"


def files(sample: Path) -> list[Path]:
    return sorted(path for path in (sample / "feeds").rglob("*") if path.is_file())


def adapter_of(path: Path, sample: Path) -> str:
    return BY_FOLDER[path.relative_to(sample / "feeds").parts[0]]


def harvested(app: Flask, path: Path, adapter: str) -> Line:
    known = FILES.get(path.name)
    columns = {name: list(headers) for name, headers in known.columns.items()} if known else {}
    with partner_serving() as partner:
        address = partner.say(f"/{path.name}", path.read_bytes())
        name = f"{path.parent.name} {path.name}"[:80]
        source = approved(address, adapter, name=name, columns=columns, zone="UTC")
        harvest = read(app, source, partner)
    check_accounted_for(harvest, source)
    reasons = ", ".join(f"{n} {code}" for code, n in found_in(harvest).most_common(4))
    return Line(path.name, adapter, sums(harvest), harvest.state, harvest.code or reasons)


def found_in(harvest: Harvest) -> Counter[str]:
    rows = select(RecordedFinding.code, func.count()).where(
        RecordedFinding.harvest_id == harvest.id
    )
    found = Counter({code: n for code, n in db.session.execute(rows.group_by("code"))})
    assert found.keys() <= FINDINGS.keys()
    return found


def check_accounted_for(harvest: Harvest, source: int) -> None:
    """Each record that was read is in the database, or refused with a reason."""
    assert harvest.state in {HarvestState.DONE, HarvestState.FAILED}
    if harvest.state is HarvestState.FAILED:
        assert harvest.code in REASONS
        return
    db.session.rollback()
    there = select(func.count()).where(SourceRecord.source_id == source)
    refused = select(func.count()).where(
        RecordedFinding.harvest_id == harvest.id, RecordedFinding.weight == Weight.REJECTED
    )
    assert db.session.scalar(there) == harvest.added
    assert db.session.scalar(refused) == harvest.rejected


def test_every_real_file_is_read_or_refused_with_a_reason(
    app: Flask, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = [harvested(app, path, adapter_of(path, sample)) for path in files(sample)]
    with capsys.disabled():
        sys.stdout.write("\n".join(["", HEAD, *map(str, table), ""]))
    failed = {line.name: line.reasons for line in table if line.state is HarvestState.FAILED}
    lists = {name for name in failed if name.endswith(".md")}
    assert {name: failed[name] for name in failed.keys() - lists} == NO_RECORDS
    assert len(lists) == 24
    assert len(table) == 138
    assert sum(line.counts[1] for line in table) > 10_000
