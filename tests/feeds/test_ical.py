"""Calendar files, as other programs read them: zones around both changes of the clock, changes."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
import vobject
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from courses.feeds.ical import Hour, calendar
from tests.meeting import events_of

START = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
HOUR = Hour(
    uid="7f3a-water",
    sequence=2,
    starts_at=START,
    ends_at=START + timedelta(minutes=90),
    zone="Europe/Madrid",
    title="Water for all",
    changed_at=datetime(2026, 11, 1, 9, 30, 15, 123456, tzinfo=UTC),
    organizer=("River School", "school@example.org"),
    description="River School\nHow to take part: https://academy.example/en/learn/water",
    url="https://academy.example/en/learn/water",
)
ZONES = (
    *("Europe/Madrid", "America/New_York", "America/Santiago", "Australia/Lord_Howe"),
    *("Asia/Kathmandu", "Africa/Casablanca", "Pacific/Chatham", "UTC", "Africa/Nairobi"),
)
CHANGES = [
    datetime(2026, 10, 25, 1, 0, tzinfo=UTC),  # Madrid, to winter
    datetime(2027, 3, 28, 1, 0, tzinfo=UTC),  # Madrid, to summer
    datetime(2026, 11, 1, 6, 0, tzinfo=UTC),  # New York, to winter
    datetime(2027, 3, 14, 7, 0, tzinfo=UTC),  # New York, to summer
]


def written(*hours: Hour) -> str:
    """Write a calendar of these hours."""
    return calendar(hours or (HOUR,), name="Water for all", language="en")


def at(start: datetime, zone: str = "Europe/Madrid") -> Hour:
    """Make an hour that begins at an instant."""
    return replace(HOUR, starts_at=start, ends_at=start + timedelta(hours=1), zone=zone)


def as_vobject(text: str) -> tuple[datetime, datetime]:
    """Read start and end with a program that knows zones from the file alone."""
    # It keeps the first rules it meets for a zone: here each file has to stand alone.
    vars(vobject.icalendar)["__tzidMap"].clear()
    event = vobject.readOne(io.StringIO(text)).vevent
    return event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC)


def as_recurring(text: str, around: datetime) -> list[tuple[datetime, datetime]]:
    """Read starts and ends of what is in a calendar around a day, as feed readers do."""
    days = timedelta(days=2)
    found = recurring_ical_events.of(Calendar.from_ical(text)).between(around - days, around + days)
    return [(one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in found]


def by_the_file(text: str, zone: str, there: datetime) -> timedelta | None:
    """Tell what the clocks of a zone are ahead of UTC, by the rules in the file."""
    begin, end = text.index("BEGIN:VTIMEZONE"), text.rindex("END:VTIMEZONE")
    rules = text[begin:end] + "END:VTIMEZONE\r\n"
    known = tzical(io.StringIO(rules.replace("\r\n", "\n"))).get(zone)
    return there.replace(tzinfo=known).utcoffset()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("minutes", [-1440, -61, -60, -1, 0, 1, 59, 60, 61, 1440])
def test_other_programs_read_the_same_instants_around_every_change_of_the_clock(
    zone: str, change: datetime, minutes: int
) -> None:
    start = change + timedelta(minutes=minutes)
    text = written(at(start, zone))
    meant = (start, start + timedelta(hours=1))
    assert (as_vobject(text), as_recurring(text, start)) == (meant, [meant])


@pytest.mark.parametrize("zone", [zone for zone in ZONES if zone != "UTC"])
@pytest.mark.parametrize("change", CHANGES)
def test_the_rules_in_the_file_are_those_of_the_zone(zone: str, change: datetime) -> None:
    days = [change + timedelta(days=count) for count in (-1, 0, 1)]
    text = written(*(replace(at(day, zone), uid=str(day)) for day in days))
    for hours in range(-24, 25, 3):
        there = (change + timedelta(hours=hours, minutes=30)).astimezone(ZoneInfo(zone))
        if not there.fold:
            meant = there.utcoffset()
            assert by_the_file(text, zone, there.replace(tzinfo=None)) == meant


def test_a_change_of_the_clock_begins_at_the_time_the_clocks_showed_before_it() -> None:
    text = written(at(CHANGES[1]))
    spring = text.partition("BEGIN:DAYLIGHT")[2].partition("END:DAYLIGHT")[0]
    assert spring.split() == [
        "DTSTART:20270328T020000",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
    ]


def test_a_time_that_clocks_show_twice_is_written_without_them() -> None:
    [first, second] = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    short = replace(at(first), ends_at=first + timedelta(minutes=20))
    assert "DTSTART;TZID=Europe/Madrid:20261025T023000\r\n" in written(short)
    assert "DTSTART:20261025T013000Z\r\n" in written(at(second))


def test_an_event_says_all_that_calendars_need() -> None:
    event = events_of(written())[0]
    assert event["uid"] == "7f3a-water"
    assert (event["sequence"], event["status"]) == (2, "CONFIRMED")
    assert event["dtstamp"].dt == datetime(2026, 11, 1, 9, 30, 15, tzinfo=UTC)
    assert event["dtstart"].params["TZID"] == "Europe/Madrid"
    assert (event["summary"], event["url"]) == ("Water for all", HOUR.url)
    assert event["description"] == HOUR.description
    assert event["organizer"] == "mailto:school@example.org"
    assert event["organizer"].params["CN"] == "River School"
    [alarm] = event.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(hours=-1)


def test_the_calendar_says_what_it_is() -> None:
    read = Calendar.from_ical(written())
    told = [read[name] for name in ("version", "prodid", "method", "calscale", "name")]
    assert told == [
        "2.0",
        "-//Urban Academy//Learning//EN",
        "PUBLISH",
        "GREGORIAN",
        "Water for all",
    ]


def test_a_cancelled_hour_says_so_and_rings_no_bell() -> None:
    event = events_of(written(replace(HOUR, cancelled=True, sequence=3)))[0]
    assert (event["status"], event["sequence"], event.walk("VALARM")) == ("CANCELLED", 3, [])


def test_the_same_values_give_the_same_text() -> None:
    assert written() == written()


def test_each_zone_is_described_once_however_many_hours_are_in_it() -> None:
    hours = [replace(HOUR, uid=str(count), zone=zone) for count, zone in enumerate(ZONES * 2)]
    text = written(*hours)
    named = [zone["tzid"] for zone in Calendar.from_ical(text).walk("VTIMEZONE")]
    assert named == sorted(zone for zone in ZONES if zone != "UTC")


def test_a_zone_nobody_knows_is_written_as_utc() -> None:
    text = written(replace(HOUR, zone="Atlantis/Capital"))
    assert ("DTSTART:20261124T140000Z\r\n" in text, "VTIMEZONE" in text) == (True, False)


HOSTILE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(",;:\\\"'\n"), max_size=300
)


@given(title=HOSTILE, description=HOSTILE)
def test_whatever_is_written_stays_inside_its_property(title: str, description: str) -> None:
    injected = f"{title}\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:other"
    organizer = (injected, "school@example.org")
    text = written(replace(HOUR, title=injected, description=description, organizer=organizer))
    assert max(len(line) for line in text.encode().split(b"\r\n")) <= 75
    [event] = events_of(text)
    assert event["uid"] == "7f3a-water"
    assert str(event["summary"]) == injected.replace("\r\n", "\n")
    [other] = vobject.readOne(io.StringIO(text)).vevent_list
    assert other.uid.value == "7f3a-water"


def test_a_day_is_the_one_of_the_zone() -> None:
    late = events_of(written(at(datetime(2026, 11, 24, 23, 30, tzinfo=UTC))))[0]
    assert late["dtstart"].dt.date() == date(2026, 11, 25)
