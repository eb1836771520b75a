"""Dates, hours and zones as partners write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.harvesting.draft import Notes
from courses.harvesting.reading.dates import clock, instant, run_between
from courses.harvesting.reading.zones import zone_or_none

NAIROBI = "Africa/Nairobi"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def read(
    start: str, end: str = "", zone: str = "", *, feed_zone: str = "UTC"
) -> tuple[object, ...]:
    """Give start, end, zone and the codes of what was noted."""
    notes = Notes(1)
    run = run_between(start, end, clock(zone, feed_zone, notes))
    codes = [f"{found.field}:{found.code}" for found in notes.found]
    return run.starts_at, run.ends_at, run.zone, codes


FIRST_OF_MARCH = [
    *("1 March 2026", "March 1, 2026", "1st of March, 2026", "1er mars 2026", "1. März 2026"),
    *("1 de marzo de 2026", "1º de março de 2026", "1 de març de 2026", "1 marca 2026"),
    *("1 марта 2026", "1 tháng 3, 2026", "2026年3月1日", "2026년 3월 1일", "1 Mart 2026"),
    *("٢٠٢٦-٠٣-٠١", "١ مارس ٢٠٢٦", "1 آذار 2026", "२०२६-०३-०१", "๑ มีนาคม ๒๕๖๙", "1 มี.ค. 2569"),
    *("2026/3/1", "2026-3-1", "2026.03.01", "2569-03-01", "1 Maret 2026", "1 Machi 2026"),
]


@pytest.mark.parametrize(
    ("text", "moment", "zone_said", "hour_said"),
    [
        ("2026-03-01T10:30:00Z", at(2026, 3, 1, 10, 30), True, True),
        ("2026-03-01T10:30:00+03:00", at(2026, 3, 1, 7, 30), True, True),
        ("2026-03-01T10:30", at(2026, 3, 1, 7, 30), False, True),
        ("2026-03-01 10:30:15.250", at(2026, 3, 1, 7, 30, 15, 250_000), False, True),
        ("20260301T103000Z", at(2026, 3, 1, 10, 30), True, True),
        ("20260301T1030", at(2026, 3, 1, 7, 30), False, True),
        ("20260301", at(2026, 2, 28, 21), False, False),
        ("2026-03-01", at(2026, 2, 28, 21), False, False),
        ("Sun, 01 Mar 2026 10:30:00 +0100", at(2026, 3, 1, 9, 30), True, True),
        ("Sun, 1 Mar 2026 10:30 GMT", at(2026, 3, 1, 10, 30), True, True),
        ("1 Mar 2026 10:30:00 -0000", at(2026, 3, 1, 7, 30), False, True),
        ("Sun, 1 Mar 2026", at(2026, 2, 28, 21), False, False),
        ("Sun, 1 Mar 2026 10:30 EST", at(2026, 3, 1, 15, 30), True, True),
        ("Sunday, 1 March 2026 10:30", at(2026, 3, 1, 7, 30), False, True),
        ("Mar 1 2026 10:30 PM", at(2026, 3, 1, 19, 30), False, True),
        ("2026/03/01 10:30 UTC", at(2026, 3, 1, 10, 30), True, True),
        ("2026-03-01 10:30 GMT", at(2026, 3, 1, 10, 30), True, True),
        ("2026-03-01 10:30 GMT+2", at(2026, 3, 1, 8, 30), True, True),
        ("1 March 2026 10:30 (UTC -5:30)", at(2026, 3, 1, 16), True, True),
        ("dimanche 1er mars 2026 à 10h30", at(2026, 3, 1, 7, 30), False, True),
        *((text, at(2026, 2, 28, 21), False, False) for text in FIRST_OF_MARCH),
    ],
)
def test_a_moment_is_read(text: str, moment: datetime, zone_said: bool, hour_said: bool) -> None:
    found = instant(text, NAIROBI)
    assert found is not None
    assert (found.at, found.zone_said, found.hour_said) == (moment, zone_said, hour_said)


@pytest.mark.parametrize(
    "text",
    [
        *("2026", "2026-03", "March", "soon", "TBA", "-", "2026-13-01", "2026-02-30", "20261301"),
        *("01/02/2026", "1.2.2026", "2026-W10", "2026-03-01T25:00", "1640995200000", "12026-01-01"),
        *("0001-01-01", "9999-12-31T23:59:59-12:00", "1989-12-31", "2101-01-01"),
        *("Sun, 41 Mar 2026 10:30:00 +0100", "Sun, 01 Mar 2026 10:30:00 +9999", "Sun, "),
        *("Sun, 01 Mar 2026 10:30:00 +999999999999999999999999", "1 March 2026 10:30 +9999"),
    ],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert instant(text, NAIROBI) is None


@given(text=st.text(max_size=40) | st.from_regex(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4}.*"))
@settings(max_examples=300, deadline=None, database=None)
def test_any_text_is_a_moment_or_none(text: str) -> None:
    found = instant(text, NAIROBI)
    assert found is None or found.at.tzinfo is UTC


def test_a_start_and_an_end() -> None:
    told = read("2026-03-01T10:00Z", "2026-03-01T11:00Z")
    assert told == (at(2026, 3, 1, 10), at(2026, 3, 1, 11), "UTC", [])


def test_nothing_said_is_an_open_run() -> None:
    assert read("") == (None, None, "UTC", [])


def test_mere_days_are_whole_days_of_the_source() -> None:
    told = read("2026-03-01", "2026-03-02", feed_zone=NAIROBI)
    assert told == (at(2026, 2, 28, 21), at(2026, 3, 2, 20, 59, 59), NAIROBI, [])


@pytest.mark.parametrize("dash", [" - ", " – ", "  —  "])
def test_start_and_end_in_one_cell(dash: str) -> None:
    text = f"2026-03-01T10:00Z{dash}2026-03-01T11:00Z"
    assert read(text) == (at(2026, 3, 1, 10), at(2026, 3, 1, 11), "UTC", [])
    assert read(text, text) == read(text)


def test_an_end_of_its_own_wins_over_the_one_in_the_cell_of_the_start() -> None:
    told = read("2026-03-01 - 2026-03-02", "2026-03-03")
    assert told == (at(2026, 3, 1), at(2026, 3, 3, 23, 59, 59), "UTC", [])


def test_a_naive_hour_is_in_the_zone_of_the_source_and_noted() -> None:
    told = read("2026-03-01T10:00", feed_zone=NAIROBI)
    assert told == (at(2026, 3, 1, 7), None, NAIROBI, ["start:no-zone"])


def test_a_record_may_name_its_zone() -> None:
    told = read("2026-03-01T10:00", zone="America/Bogota", feed_zone=NAIROBI)
    assert told == (at(2026, 3, 1, 15), None, "America/Bogota", [])


def test_in_a_zone_we_do_not_know_no_hour_is_read_but_asked_about() -> None:
    told = read("2026-03-01T10:00", zone="Atlantis", feed_zone=NAIROBI)
    assert told == (None, None, NAIROBI, ["zone:unknown-zone"])
    assert read("2026-03-01T10:00Z", zone="Atlantis") == (at(2026, 3, 1, 10), None, "UTC", [])
    notes = Notes(1)
    answered = clock("Atlantis", "UTC", notes, {"zone:Atlantis": NAIROBI})
    assert answered.span("2026-03-01T10:00", "") == (at(2026, 3, 1, 7), None)
    assert notes.found == []


@pytest.mark.parametrize(
    ("name", "moment", "zone"),
    [
        *((name, at(2026, 3, 1, 8), "Etc/GMT-2") for name in ("GMT+2", "UTC+2", "+02:00")),
        *((name, at(2026, 3, 1, 8), "Etc/GMT-2") for name in ("GMT+02:00", "UTC +0200", "gmt+2")),
        ("GMT-5", at(2026, 3, 1, 15), "Etc/GMT+5"),
        ("UTC\u22125", at(2026, 3, 1, 15), "Etc/GMT+5"),
        ("GMT+5:30", at(2026, 3, 1, 4, 30), "Asia/Kolkata"),
        ("UTC+0", at(2026, 3, 1, 10), "UTC"),
        ("Etc/GMT+2", at(2026, 3, 1, 12), "Etc/GMT+2"),
        ("Eastern Time (US & Canada)", at(2026, 3, 1, 15), "America/New_York"),
        ("W. Europe Standard Time", at(2026, 3, 1, 9), "Europe/Berlin"),
    ],
)
def test_a_distance_from_utc_is_a_zone_ahead_of_it_with_plus(
    name: str, moment: datetime, zone: str
) -> None:
    assert read("2026-03-01T10:00", zone=name, feed_zone=NAIROBI) == (moment, None, zone, [])


@pytest.mark.parametrize("name", ["UTC+15", "GMT-3:30", "UTC+5:99", "GMT+20"])
def test_a_distance_that_no_zone_keeps_is_asked_about(name: str) -> None:
    assert read("2026-03-01T10:00", zone=name) == (None, None, "UTC", ["zone:unknown-zone"])


def test_an_end_before_the_start_is_left_out() -> None:
    told = read("2026-03-02T10:00Z", "2026-03-01T10:00Z")
    assert told == (at(2026, 3, 2, 10), None, "UTC", ["end:ends-before-start"])


def test_the_same_day_as_start_and_end_is_one_day() -> None:
    assert read("2026-03-01", "2026-03-01") == (
        at(2026, 3, 1),
        at(2026, 3, 1, 23, 59, 59),
        "UTC",
        [],
    )


@pytest.mark.parametrize("text", ["01/02/2026", "1.2.2026", "1 listopada 2026"])
def test_what_could_be_two_days_is_asked_about(text: str) -> None:
    assert read(text) == (None, None, "UTC", ["start:twofold-date"])


@pytest.mark.parametrize(("text", "day"), [("25/12/2026", 25), ("12/25/2026", 25), ("3.3.2026", 3)])
def test_numbers_that_can_be_one_day_only_are_that_day(text: str, day: int) -> None:
    starts, _ends, _zone, codes = read(text)
    assert isinstance(starts, datetime)
    assert (starts.day, codes) == (day, [])


@pytest.mark.parametrize(
    "text",
    ["2026-03-01 10:00 IST", "1 March 2026 14:00 (CEST)", "Sun, 1 Mar 2026 10:30 CEST"],
)
def test_an_hour_in_a_zone_of_several_is_asked_about_and_not_read(text: str) -> None:
    assert read(text) == (None, None, "UTC", ["zone:ambiguous-zone"])
    assert read("2026-03-01 10:00", zone="IST")[3] == ["zone:ambiguous-zone"]
    assert read("2026-03-01", zone="IST")[:1] == (at(2026, 3, 1),)


def test_a_zone_of_several_is_read_once_the_source_said_which() -> None:
    notes = Notes(1)
    told = clock("", "UTC", notes, {"zone:IST": "Asia/Kolkata"})
    assert told.span("2026-03-01 10:00 IST", "")[0] == at(2026, 3, 1, 4, 30)
    assert notes.found == []


def test_years_of_the_buddhist_era_are_turned_into_ours_and_noted() -> None:
    assert read("1 มีนาคม 2569") == (at(2026, 3, 1), None, "UTC", ["start:buddhist-era"])


def test_an_unreadable_date_is_noted_and_opens_the_run() -> None:
    assert read("in spring", "2026") == (
        *(None, None, "UTC"),
        ["start:unreadable-date", "end:unreadable-date"],
    )


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"),
        ("europe/paris", "Europe/Paris"),
        ("Melbourne", "Australia/Melbourne"),
        ("New York", "America/New_York"),
        ("UTC", "UTC"),
        ("Louisville", None),
        ("gmt+2", "Etc/GMT-2"),
        ("local time", None),
        ("", None),
        ("../../etc/passwd", None),
    ],
)
def test_zones_go_by_their_name_or_their_city(name: str, zone: str | None) -> None:
    assert zone_or_none(name) == zone
