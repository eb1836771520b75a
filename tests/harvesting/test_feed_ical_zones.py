"""When the events of calendars are: zones by many names, floating hours, whole days, other eras."""

from __future__ import annotations

import pytest

from courses.catalogue.models import Kind
from tests.harvesting.calendars_written import at, calendar, codes, event, only, starts


@pytest.mark.parametrize(
    ("zone", "begins", "known"),
    [
        ("W. Europe Standard Time", "09:00", "Europe/Berlin"),
        ("SE Asia Standard Time", "03:00", "Asia/Bangkok"),
        ("/school.example/20260101_1/Europe/Madrid", "09:00", "Europe/Madrid"),
        ('"(UTC+01:00) Amsterdam, Berlin, Bern"', "09:00", "Europe/Amsterdam"),
        ("UTC", "10:00", "Africa/Nairobi"),
    ],
)
def test_zones_go_by_many_names(zone: str, begins: str, known: str) -> None:
    told = event("DURATION:PT1H", start=f";TZID={zone}:20260303T100000")
    draft = only(calendar(told), zone="Africa/Nairobi")
    assert (starts(draft)[0][11:], draft.runs[0].zone, codes(draft)) == (begins, known, [])


@pytest.mark.parametrize("start", [";TZID=CEST:20260303T100000", "20260303T100000 IST"])
def test_an_abbreviated_zone_is_asked_about_and_no_hour_guessed(start: str) -> None:
    draft = only(calendar(event("DURATION:PT1H", start=start)))
    assert ([run.starts_at for run in draft.runs], codes(draft)) == (
        [None],
        ["zone:ambiguous-zone"],
    )


def test_an_abbreviated_zone_is_read_once_its_source_said_which() -> None:
    told = calendar(event("DURATION:PT1H", start=";TZID=CEST:20260703T100000"))
    draft = only(told, defaults={"zone:CEST": "Europe/Paris"})
    assert (starts(draft), draft.runs[0].zone) == (["2026-07-03 08:00"], "Europe/Paris")


def zone_definition(name: str, winter: str, summer: str = "") -> str:
    parts = [("STANDARD", winter), ("DAYLIGHT", summer)]
    blocks = (
        f"BEGIN:{kind}\r\nDTSTART:20070101T020000\r\nTZOFFSETTO:{offset}\r\nEND:{kind}\r\n"
        for kind, offset in parts
        if offset
    )
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{''.join(blocks)}END:VTIMEZONE\r\n"


@pytest.mark.parametrize(
    ("defined", "begins"),
    [
        (zone_definition("Here", "+0100", "+0200"), "2026-03-03 09:00"),
        (zone_definition("Here", "+0530"), "2026-03-03 04:30"),
        (zone_definition("Here", "-0330"), None),
        (zone_definition("Here", "+0700"), "2026-03-03 03:00"),
        (zone_definition("Here", "-0500", "-0400"), None),
    ],
)
def test_a_zone_the_file_defines_is_known_when_its_hours_are(
    defined: str, begins: str | None
) -> None:
    told = event("DURATION:PT1H", start=";TZID=Here:20260303T100000")
    draft = only(calendar(defined, told), zone="Europe/Paris")
    assert codes(draft) == ([] if begins else ["zone:unknown-zone"])
    assert [run.starts_at and f"{run.starts_at:%Y-%m-%d %H:%M}" for run in draft.runs] == [begins]


@pytest.mark.parametrize("name", ["GMT+2", "UTC+02:00"])
def test_a_distance_from_utc_is_read_with_its_sign_unless_the_file_defines_another(
    name: str,
) -> None:
    told = event("DURATION:PT1H", start=f';TZID="{name}":20260703T100000')
    floating = event("DURATION:PT1H", start="20260703T100000")
    same, turned = zone_definition(name, "+0200"), zone_definition(name, "-0200")
    changing = zone_definition(name, "-0500", "-0400")
    for head in ("", same):
        assert starts(only(calendar(head, told))) == ["2026-07-03 08:00"]
    assert starts(only(calendar(floating, head=f"X-WR-TIMEZONE:{name}\r\n"))) == [
        "2026-07-03 08:00"
    ]
    assert starts(only(calendar(turned, told))) == ["2026-07-03 12:00"]
    assert codes(only(calendar(changing, told))) == ["zone:unknown-zone"]


def test_an_hour_in_a_zone_we_do_not_know_is_asked_about_and_not_read() -> None:
    told = calendar(event("DURATION:PT1H", start=";TZID=Our Campus:20260703T100000"))
    asked = only(told, zone="Asia/Bangkok")
    assert ([run.starts_at for run in asked.runs], codes(asked)) == ([None], ["zone:unknown-zone"])
    assert starts(only(told, defaults={"zone:Our Campus": "Europe/Paris"})) == ["2026-07-03 08:00"]


def test_floating_hours_are_those_of_the_source_and_noted() -> None:
    told = event("DTEND:20260303T113000", start="20260303T100000")
    draft = only(calendar(told), zone="Asia/Bangkok")
    assert (starts(draft), codes(draft)) == (["2026-03-03 03:00"], ["zone:no-zone"])
    named = only(calendar(told, head="X-WR-TIMEZONE:America/Bogota\r\n"), zone="Asia/Bangkok")
    assert (starts(named), codes(named)) == (["2026-03-03 15:00"], [])


def test_whole_days_end_with_their_last_second_in_the_zone_of_the_source() -> None:
    told = event("DTEND;VALUE=DATE:20260305", start=";VALUE=DATE:20260303")
    draft = only(calendar(told), zone="Asia/Bangkok")
    [run] = draft.runs
    assert (run.starts_at, run.ends_at) == (at(2026, 3, 2, 17), at(2026, 3, 4, 16, 59, 59))
    assert (draft.kind, run.meetings) == (Kind.COURSE, ())


def test_years_of_the_buddhist_era_are_turned_into_ours() -> None:
    draft = only(calendar(event("DTEND:25690303T113000Z", start="25690303T100000Z")))
    assert (starts(draft), codes(draft)) == (["2026-03-03 10:00"], ["start:buddhist-era"])
