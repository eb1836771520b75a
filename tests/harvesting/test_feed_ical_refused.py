"""Calendars that are none, hostile ones, and real ones: each is accounted for, in bounded time."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.models import Kind
from courses.harvesting.draft import Draft, Finding, Gone, NotAFeed
from courses.harvesting.sentences import FINDINGS, REASONS
from tests.harvesting.calendars_written import calendar, event, read


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "html"),
        (b"Title,Link\nWater,https://school.example/\n", "not-a-calendar"),
        (calendar(event())[:-40], "breaks-off"),
        (b"\x00\x01\x02BEGIN:VCALENDAR", "binary"),
        (calendar(event() * 20_001), "overfull"),
    ],
    ids=["empty", "page", "table", "half", "binary", "too many"],
)
def test_what_is_no_calendar_is_refused_with_a_reason(content: bytes, code: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        read(content)
    assert refused.value.code == code
    assert str(REASONS[code] % refused.value.details)


def test_an_empty_calendar_is_a_calendar() -> None:
    assert read(calendar()) == []


def test_calendars_one_after_the_other_are_each_read_by_their_own_zone() -> None:
    told = event("DURATION:PT1H", uid="", start="20260303T100000")
    zones = ("X-WR-TIMEZONE:Asia/Bangkok\r\n", "X-WR-TIMEZONE:America/Bogota\r\n")
    found = read(b"".join(calendar(told, head=zone) for zone in zones))
    begun = [one.runs[0].starts_at for one in found if isinstance(one, Draft)]
    assert [moment.hour for moment in begun if moment] == [3, 15]


def many(line: str, count: int) -> str:
    return event(*([line] * count))


@pytest.mark.parametrize(
    "events",
    [
        event("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5", uid="") * 500,
        event("RRULE:FREQ=DAILY", start="19900101T100000Z", uid="") * 500,
        event("RRULE:FREQ=YEARLY;BYMONTHDAY=31;BYDAY=MO,TU,WE", uid="", start="19900101") * 200,
        many("EXDATE:" + "20260303T100000Z," * 1_000, 200),
        many("RRULE:FREQ=DAILY", 20_000),
        many("not a property", 200_000),
        event("DESCRIPTION:" + "https://a.a.a." * 200_000),
        event(start=";X=" * 300_000 + ":20260303"),
        event("RECURRENCE-ID:20260303T100000Z") * 10_000,
        "BEGIN:VALARM\r\n" * 200_000,
        f"BEGIN:VTIMEZONE\r\nTZID:A\r\n{'BEGIN:STANDARD' * 500}\r\nEND:VTIMEZONE\r\n" * 300,
    ],
    ids=lambda events: events[40:70],
)
def test_hostile_events_end_soon(events: str) -> None:
    begun = time.monotonic()
    found = read(calendar(events))
    assert all(len(one.runs) <= 200 for one in found if isinstance(one, Draft))
    assert time.monotonic() - begun < 10


LINES = st.sampled_from(
    (
        *("RRULE:FREQ=WEEKLY", "RRULE:FREQ=MONTHLY;BYDAY=5FR", "EXDATE:20260310T100000Z"),
        *("RECURRENCE-ID:20260310T100000Z", "RDATE;VALUE=DATE:20260311", "STATUS:CANCELLED"),
        *("DTEND;VALUE=DATE:20260304", "DTEND;TZID=CEST:20260303T120000", "DURATION:P1D"),
        *("RDATE;VALUE=PERIOD:20260304T100000Z/PT1H", "SEQUENCE:-1", "EXDATE:20260310"),
        *("DTSTART:20260303", "RRULE:FREQ=DAILY;UNTIL=20260401", "BEGIN:VALARM", "END:VEVENT"),
    )
)


@given(
    told=st.lists(st.lists(LINES | st.text(max_size=20), max_size=5), min_size=1, max_size=3),
    floating=st.booleans(),
)
@settings(max_examples=200, deadline=None, database=None)
def test_any_lines_at_all_are_read_or_refused(told: list[list[str]], floating: bool) -> None:
    start = "20260303T100000" + ("" if floating else "Z")
    content = calendar(*(event(*lines, start=start) for lines in told))
    found: list[Draft | Finding | Gone] = []
    refusal = None
    try:
        found = read(content.decode(errors="replace").encode(errors="replace"))
    except NotAFeed as refused:
        refusal = refused
    assert refusal is None or str(REASONS[refusal.code] % refusal.details)
    noted = [note for one in found for note in getattr(one, "findings", [])]
    assert {one.code for one in noted} <= FINDINGS.keys()


@pytest.mark.sample
def test_every_event_of_the_real_calendars_is_accounted_for(sample: Path) -> None:
    files = sorted((sample / "feeds" / "ics").rglob("*.ics"))
    read_of, kinds, dated = Counter[str](), Counter[Kind](), 0
    for file in files:
        content = file.read_bytes()
        drafts = [one for one in read(content, zone="Europe/Amsterdam") if isinstance(one, Draft)]
        assert len(drafts) == content.count(b"BEGIN:VEVENT")
        assert len({one.external_id for one in drafts}) == len(drafts)
        assert [note for one in drafts for note in one.findings] == []
        read_of[file.parent.name] += len(drafts)
        kinds.update(one.kind for one in drafts)
        dated += sum(one.runs[0].starts_at is not None for one in drafts)
    assert (len(files), read_of) == (57, {"ics": 81, "utrecht": 54})
    # Nine are whole days, or last longer than one.
    assert (kinds, dated) == ({Kind.WEBINAR: 126, Kind.COURSE: 9}, 135)
