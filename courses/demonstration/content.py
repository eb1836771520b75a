"""From the files of the demonstration network to what the catalogue takes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from courses.catalogue.content import (
    LanguageContent,
    MeetingContent,
    OfferContent,
    RunContent,
    TextContent,
)
from courses.catalogue.models import Certificate, Cost, Delivery, Kind, Level, Pace
from courses.catalogue.texts import LanguageRole
from courses.editing.form import LISTS
from courses.vocabularies.files import DATA
from courses.vocabularies.queries import Vocabularies

FOLDER = DATA / "demonstration"
Entry = dict[str, Any]


@cache
def entries(name: str) -> tuple[Entry, ...]:
    """Load one of the lists: institutions, people, or offers (from all their files)."""
    files = sorted(FOLDER.glob(f"{name}*.toml"))
    loaded = (tomllib.loads(file.read_text(encoding="utf-8")) for file in files)
    return tuple(entry for content in loaded for entry in content[name])


def offer_content(entry: Entry, vocabulary: Vocabularies, *, now: datetime) -> OfferContent:
    """Make the content of an offer; its days are counted from `now`."""
    return OfferContent(
        kind=Kind(entry["kind"]),
        language=entry["language"],
        texts=[
            TextContent(language, text["title"], text.get("summary"), text.get("description"))
            for language, text in entry["texts"].items()
        ],
        languages=list(_languages(entry)),
        term_ids=list(_term_ids(entry, vocabulary)),
        address=entry.get("address", ""),
        contact=entry["contact"],
        audience=entry.get("audience", {}),
        delivery=Delivery(entry["delivery"]),
        pace=Pace(entry["pace"]),
        level=Level(entry["level"]),
        cost=Cost(entry["cost"]),
        certificate=Certificate(entry["certificate"]),
        workload_minutes=entry["workload_minutes"],
        data_mb=entry.get("data_mb"),
        data_mb_light=entry.get("data_mb_light"),
        runs=[_run(run, now) for run in entry["runs"]],
    )


def _languages(entry: Entry) -> Iterator[LanguageContent]:
    for role in (LanguageRole.TAUGHT, LanguageRole.SUBTITLES, LanguageRole.MATERIALS):
        for code in entry.get(role.value, ()):
            yield LanguageContent(code, role)


def _term_ids(entry: Entry, vocabulary: Vocabularies) -> Iterator[int]:
    for key, name in LISTS.items():
        for code in entry.get(key, ()):
            yield vocabulary.by_code[name, code].id


def _run(run: Entry, now: datetime) -> RunContent:
    zone = ZoneInfo(run["zone"])
    meetings = [_meeting(meeting, zone, now) for meeting in run.get("meetings", ())]
    starts = _day(run["starts"], zone, now) if "starts" in run else None
    ends = _day(run["ends"], zone, now, end=True) if "ends" in run else None
    closes = _day(run["closes"], zone, now, end=True) if "closes" in run else None
    if meetings and starts is not None:
        starts = meetings[0].starts_at
        if ends is None or run["ends"] <= run["meetings"][-1]["day"]:
            # The last day ends with its meeting.
            ends = meetings[-1].ends_at
    return RunContent(
        starts_at=starts,
        ends_at=ends,
        enrol_until=min(closes, ends) if closes and ends else closes,
        zone=run["zone"],
        capacity=run.get("capacity"),
        meetings=meetings,
    )


def _meeting(meeting: Entry, zone: ZoneInfo, now: datetime) -> MeetingContent:
    hour, minute = (int(part) for part in meeting["at"].split(":"))
    starts = _day(meeting["day"], zone, now) + timedelta(hours=hour, minutes=minute)
    # The wall clock of the place decides: midnight plus hours would slip on days the clocks change.
    local = starts.astimezone(zone).replace(hour=hour, minute=minute)
    starts = local.astimezone(UTC)
    return MeetingContent(
        starts, starts + timedelta(minutes=meeting["minutes"]), meeting.get("title", {})
    )


def _day(offset: int, zone: ZoneInfo, now: datetime, *, end: bool = False) -> datetime:
    day = now.astimezone(zone).date() + timedelta(days=offset)
    hour = time(23, 59) if end else time(0, 0)
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
