"""When an offer is held, as records of our exchange format tell it: runs and their meetings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from academy.i18n import Texts
from academy.text import clean_line
from courses.catalogue.content import MeetingContent, RunContent
from courses.harvesting.draft import Weight
from courses.harvesting.formats.room import LEFT_OUT, MOST_EACH, rows_of
from courses.harvesting.formats.told import Record
from courses.harvesting.reading import dates
from courses.harvesting.reading import values as reading
from courses.harvesting.reading.languages import language

LARGEST_CAPACITY = 1_000_000
MOST_RUNS, MOST_MEETINGS = 300, 100
"""More than people write by hand, or any other format gives."""

LONGEST_TITLE = 300

Hour = tuple[datetime, datetime, tuple[tuple[str, str], ...]]


def runs_of(record: Record, zone: str, answers: Mapping[str, str]) -> list[RunContent]:
    """Give the runs of a record: those it lists, be it none, or the one of its start and end.

    The answers say which zone an abbreviation means, such as "zone:CEST".
    """
    if isinstance(record.told.get("runs"), list):
        return _listed(record, zone, answers)
    read_by = dates.clock(record.words("zone"), zone, record.notes, answers)
    return [dates.run_between(record.words("start"), record.words("end"), read_by)]


def _listed(record: Record, zone: str, answers: Mapping[str, str]) -> list[RunContent]:
    """Give the runs that a record lists, with their meetings as far as there is room."""
    told, room = record.objects("runs"), MOST_EACH
    runs = list[RunContent]()
    for run in told:
        if room <= 0 or len(runs) == MOST_RUNS:
            break
        runs.append(_run(run, zone, answers, room - 1))
        room -= rows_of(runs[-1:])
    if len(runs) < len(told) or room <= 0:
        record.notes.add("runs", LEFT_OUT, str(len(told)), Weight.REPAIRED)
    return runs


def _run(run: Record, zone: str, answers: Mapping[str, str], most: int) -> RunContent:
    read_by = dates.clock(run.words("zone"), zone, run.notes, answers)
    closes = read_by.read("enrol_until", run.words("enrol_until"))
    return replace(
        dates.run_between(run.words("starts"), run.words("ends"), read_by),
        enrol_until=closes.end if closes else None,
        capacity=_capacity(run.told.get("capacity")),
        meetings=_meetings(run, read_by, most),
    )


def _capacity(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= LARGEST_CAPACITY else None


def _meetings(run: Record, read_by: dates.Clock, most: int) -> list[MeetingContent]:
    """Give the meetings in their order; what is told twice is told once."""
    meetings: dict[Hour, MeetingContent] = {}
    for hour in run.objects("meetings")[: min(most, MOST_MEETINGS)]:
        starts, ends = read_by.span(hour.words("starts"), hour.words("ends"))
        if starts is None or ends is None or starts >= ends:
            run.notes.add("meetings", "unusable-meeting", hour.words("starts"))
        else:
            one = _meeting(hour, starts, ends)
            meetings[starts, ends, tuple(one.title.items())] = one
    return [meetings[hour] for hour in sorted(meetings)]


def _meeting(hour: Record, starts: datetime, ends: datetime) -> MeetingContent:
    cancelled = hour.told.get("cancelled")
    return MeetingContent(
        starts,
        ends,
        _titles(hour),
        recording=reading.address(hour.words("recording"), hour.notes) or "",
        cancelled=cancelled if isinstance(cancelled, bool) else None,
    )


def _titles(hour: Record) -> Texts:
    titles = hour.object("title")
    read = {language(code): titles.words(code) for code in titles.told}
    return {code: clean_line(text, limit=LONGEST_TITLE) for code, text in read.items() if code}
