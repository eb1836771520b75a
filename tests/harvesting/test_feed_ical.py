"""What becomes of the events of calendars: series, cancelled dates, what is left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from courses.catalogue.models import Kind
from courses.catalogue.texts import LanguageOrigin
from courses.harvesting.adapters import ical as adapter
from courses.harvesting.draft import Draft, Feed, Finding, Gone
from tests.harvesting.calendars_written import (
    NOW,
    at,
    calendar,
    codes,
    event,
    only,
    read,
    starts,
)

ROOM = "https://rooms.zoom.us/j/123?pwd=abc"
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"


def test_a_good_event_is_a_webinar_with_its_hour() -> None:
    lines = (
        *("DTEND:20260303T113000Z", "DESCRIPTION:All a city\\, any city\\nneeds to", "  know"),
        *("URL:https://school.example/water", "CATEGORIES:Water,Cities", "LOCATION:Online"),
    )
    draft = only(calendar(event(*lines)), zone="Africa/Nairobi")
    assert (draft.external_id, draft.line, draft.kind) == ("water@school.example", 4, Kind.WEBINAR)
    [text] = draft.texts
    assert (text.title, text.description) == ("About water", "All a city, any city\nneeds to know")
    assert (draft.address, draft.words) == ("https://school.example/water", ["Water", "Cities"])
    [run] = draft.runs
    assert (run.starts_at, run.ends_at) == (at(2026, 3, 3, 10), at(2026, 3, 3, 11, 30))
    [meeting] = run.meetings
    assert (meeting.starts_at, meeting.cancelled) == (run.starts_at, False)
    assert (run.zone, draft.delivery, codes(draft)) == ("Africa/Nairobi", "online", [])


def test_a_series_is_one_offer_with_a_run_for_each_date() -> None:
    draft = only(
        calendar(event("DURATION:PT1H", WEEKLY, start=";TZID=Europe/Paris:20260320T100000"))
    )
    assert starts(draft) == [
        # The clocks change on 29 March; the hour in Paris does not.
        *("2026-03-20 09:00", "2026-03-27 09:00", "2026-04-03 08:00", "2026-04-10 08:00"),
    ]
    assert {run.zone for run in draft.runs} == {"Europe/Paris"}
    assert [run.ends_at for run in draft.runs] == [
        run.starts_at + timedelta(hours=1) for run in draft.runs if run.starts_at
    ]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;INTERVAL=2;COUNT=3", ["03-03", "03-05", "03-07"]),
        ("FREQ=DAILY;UNTIL=20260305", ["03-03", "03-04", "03-05"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4", ["03-03", "03-05", "03-10", "03-12"]),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU;COUNT=3", ["03-03", "03-15", "03-17"]),
        ("FREQ=MONTHLY;BYDAY=1TU;COUNT=3", ["03-03", "04-07", "05-05"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["03-03", "03-27", "04-24"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2", ["03-03", "03-31", "05-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", ["03-03", "03-31", "04-30"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", ["03-03", "03-31", "04-30"]),
        ("FREQ=MONTHLY;COUNT=2", ["03-03", "04-03"]),
        ("FREQ=YEARLY;COUNT=2", ["03-03", "03-03"]),
        ("FREQ=YEARLY;BYMONTH=3,5;BYDAY=1TU;COUNT=3", ["03-03", "05-05", "03-02"]),
        ("FREQ=YEARLY;BYDAY=20MO;COUNT=1", ["03-03", "05-18"]),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5", ["03-03"]),
    ],
)
def test_rules_are_told_as_the_standard_says(rule: str, days: list[str]) -> None:
    draft = only(calendar(event("DURATION:PT1H", f"RRULE:{rule}")))
    assert [one[5:10] for one in starts(draft)] == days


def test_dates_left_out_and_dates_added_count() -> None:
    draft = only(
        calendar(
            event(WEEKLY, "EXDATE:20260310T100000Z", "RDATE:20260311T150000Z", "DURATION:PT1H")
        )
    )
    assert starts(draft) == [
        *("2026-03-03 10:00", "2026-03-11 15:00", "2026-03-17 10:00", "2026-03-24 10:00"),
    ]


def test_one_date_of_a_series_may_move_and_another_be_cancelled() -> None:
    own = ("DURATION:PT1H",)
    moved = event("RECURRENCE-ID:20260310T100000Z", *own, start="20260312T160000Z")
    off = event(
        *("RECURRENCE-ID:20260317T100000Z", "STATUS:CANCELLED", *own), start="20260317T100000Z"
    )
    draft = only(calendar(moved, event(WEEKLY, *own), off))
    assert starts(draft) == [
        *("2026-03-03 10:00", "2026-03-12 16:00", "-2026-03-17 10:00", "2026-03-24 10:00"),
    ]


def test_all_dates_from_one_on_may_move() -> None:
    later = event(
        *("RECURRENCE-ID;RANGE=THISANDFUTURE:20260317T100000Z", "DURATION:PT1H"),
        start="20260317T140000Z",
    )
    draft = only(calendar(event(WEEKLY, "DURATION:PT1H"), later))
    assert [one[11:] for one in starts(draft)] == ["10:00", "10:00", "14:00", "14:00"]


def test_a_series_without_end_is_told_from_a_year_back_to_two_ahead() -> None:
    draft = only(calendar(event("RRULE:FREQ=MONTHLY", "DURATION:PT1H", start="19990103T100000Z")))
    listed = starts(draft)
    assert (listed[0], listed[-1], len(listed)) == ("2025-03-03 10:00", "2028-02-03 10:00", 36)


def test_of_too_many_dates_those_to_come_are_kept() -> None:
    draft = only(calendar(event("RRULE:FREQ=DAILY", "DURATION:PT1H", start="20200101T100000Z")))
    assert (len(draft.runs), starts(draft)[0]) == (200, "2026-03-01 10:00")
    assert codes(draft) == ["start:too-many-dates"]


def test_a_series_long_over_is_told_by_its_first_date() -> None:
    draft = only(calendar(event(WEEKLY, "DURATION:PT1H", start="20180103T100000Z")))
    assert (starts(draft), codes(draft)) == (["2018-01-03 10:00"], [])


@pytest.mark.parametrize("head", ["", "METHOD:CANCEL\r\n"])
def test_a_cancelled_event_tells_so_at_its_hour(head: str) -> None:
    draft = only(calendar(event("STATUS:CANCELLED", "DURATION:PT1H"), head=head))
    assert starts(draft) == ["-2026-03-03 10:00"]


def test_a_cancelled_event_of_which_nothing_else_is_told_is_gone() -> None:
    told = "BEGIN:VEVENT\r\nUID:water@school.example\r\nSEQUENCE:2\r\nEND:VEVENT\r\n"
    content = calendar(told, head="METHOD:CANCEL\r\n")
    assert read(content) == [Gone("water@school.example", 5)]
    whole_day = event("STATUS:CANCELLED", start=";VALUE=DATE:20260303")
    assert read(calendar(whole_day)) == [Gone("water@school.example", 4)]


def test_what_was_revised_last_comes_first() -> None:
    old, new = event("SUMMARY:Old", "SEQUENCE:1"), event("SUMMARY:New", "SEQUENCE:2")
    found = [one for one in read(calendar(old, new)) if isinstance(one, Draft)]
    assert [one.texts[0].title for one in found] == ["New", "Old"]


def test_where_to_join_is_kept_out_of_the_words() -> None:
    draft = only(
        calendar(event("DURATION:PT1H", f"DESCRIPTION:Join at {ROOM} soon", f"URL:{ROOM}"))
    )
    assert (draft.texts[0].description, draft.address) == ("Join at  soon", None)
    assert [meeting.join_link for meeting in draft.runs[0].meetings] == [ROOM]


def test_the_title_may_name_its_language() -> None:
    [said] = only(calendar(event("SUMMARY;LANGUAGE=fr:L'eau"))).languages
    assert (said.code, said.origin) == ("fr", LanguageOrigin.DECLARED)
    [given] = only(calendar(event()), defaults={"language": "es"}).languages
    assert (given.code, given.origin) == ("es", LanguageOrigin.SOURCE)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("DTEND:20260303T090000Z",), "end:ends-before-start"),
        (("DTEND:tomorrow",), "dtend:unreadable-date"),
        (("RRULE:FREQ=SECONDLY",), "start:unusable-rule"),
        (("RRULE:FREQ=DAILY;INTERVAL=0",), "start:unusable-rule"),
        (("RRULE:nonsense",), "start:unusable-rule"),
    ],
)
def test_what_cannot_be_used_is_left_out_and_noted(lines: tuple[str, ...], code: str) -> None:
    draft = only(calendar(event(*lines)))
    assert (starts(draft), codes(draft)) == (["2026-03-03 10:00"], [code])


def test_an_unchanged_calendar_says_the_same_all_month() -> None:
    content = calendar(event("RRULE:FREQ=DAILY", "DURATION:PT1H"))
    days = (NOW, NOW + timedelta(days=10), datetime(2026, 4, 1, tzinfo=UTC))
    told = [one for day in days for one in adapter.read(Feed(content), now=day)]
    first, second, third = (one.fingerprint() for one in told if isinstance(one, Draft))
    assert first == second != third


def test_a_bad_event_costs_itself_alone() -> None:
    found = read(calendar("BEGIN:VEVENT\r\nUID:a\r\n", event(uid="b"), event(uid="c")))
    assert [(type(one).__name__, one.external_id) for one in found] == [
        *(("Finding", ""), ("Draft", "b"), ("Draft", "c")),
    ]
    assert isinstance(found[0], Finding)
    assert (found[0].line, found[0].code) == (4, "unfinished-event")


def test_calendars_are_one_page_and_often_published_as_webcal() -> None:
    asked = adapter.begin("webcal://school.example/a.ics", since=None)
    assert (asked, adapter.COMPLETE) == ("https://school.example/a.ics", True)
    assert adapter.following(Feed(calendar()), asked) == []


@pytest.mark.parametrize("said", ["PRIVATE", "confidential"])
def test_what_is_not_for_everybody_is_not_told(said: str) -> None:
    date = event("RECURRENCE-ID:20260310T100000Z", f"CLASS:{said}", start="20260310T100000Z")
    for content in (event(f"CLASS:{said}"), event(WEEKLY) + date):
        [gone] = read(calendar(content))
        assert isinstance(gone, Gone)
    assert [one.kind for one in read(calendar(event("CLASS:PUBLIC"))) if isinstance(one, Draft)]
