"""What becomes of the programme of a conference."""

from __future__ import annotations

import pytest

from courses.catalogue.models import Kind
from courses.harvesting.adapters import schedule
from courses.harvesting.draft import Draft, Feed, Finding, NotAFeed
from courses.harvesting.sentences import FINDINGS, REASONS

TALK = {
    "date": "2026-03-01T10:00:00+01:00",
    "start": "10:00",
    "duration": "00:45",
    "title": "Water for all",
    "subtitle": "In short",
    "track": "Cities; Water",
    "type": "lecture",
    "language": "fr",
    "abstract": "Tout.",
    "description": "Et plus encore.",
    "url": "https://conference.example/1",
}


def event(**changes: str) -> str:
    told = TALK | changes
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in told.items())
    return (
        f"\n<event guid='a-1' id='1'>{inside}<persons><person>Somebody</person></persons></event>"
    )


def programme(*events: str, zone: str = "") -> bytes:
    head = f"<title>City Days</title><time_zone_name>{zone}</time_zone_name>"
    inside = "".join(f"<day><room name='A'>{one}</room></day>" for one in events)
    return f"<schedule><conference>{head}</conference>{inside}</schedule>".encode()


def only(zone: str = "", **changes: str) -> Draft:
    [draft] = schedule.read(Feed(programme(event(**changes), zone=zone)))
    assert isinstance(draft, Draft)
    assert {found.code for found in draft.findings} <= FINDINGS.keys()
    return draft


def span(draft: Draft) -> tuple[str, str, str]:
    [run] = draft.runs
    return str(run.starts_at), str(run.ends_at), run.zone


def test_a_talk_is_read_in_all_its_parts() -> None:
    draft = only()
    [text] = draft.texts
    assert (text.language, text.title, text.summary) == ("fr", "Water for all", "In short")
    assert text.description == "Tout.\n\nEt plus encore."
    assert (draft.external_id, draft.line, draft.kind) == ("a-1", 2, Kind.WEBINAR)
    assert (draft.provider, draft.address) == ("City Days", "https://conference.example/1")
    assert draft.words == ["Cities", "Water", "lecture"]
    assert span(draft) == ("2026-03-01 09:00:00+00:00", "2026-03-01 09:45:00+00:00", "UTC")
    assert draft.findings == []


def test_hours_without_a_zone_are_those_of_the_conference() -> None:
    draft = only("Europe/Paris", date="2026-03-01T10:00:00")
    assert span(draft)[::2] == ("2026-03-01 09:00:00+00:00", "Europe/Paris")
    assert draft.findings == []
    asked = only("Our Campus", date="2026-03-01T10:00:00")
    assert (asked.runs[0].starts_at, [found.code for found in asked.findings]) == (
        None,
        ["unknown-zone", "unknown-zone"],
    )


@pytest.mark.parametrize(
    ("duration", "ends"),
    [
        ("1:00:00", "2026-03-02 09:00:00+00:00"),
        ("00:00", "None"),
        ("99:00", "None"),
        ("soon", "None"),
        ("", "None"),
    ],
)
def test_a_duration_beyond_all_reason_gives_no_end(duration: str, ends: str) -> None:
    assert span(only(duration=duration))[1] == ends


def test_a_date_that_is_none_is_noted() -> None:
    draft = only(date="soon")
    assert span(draft)[:2] == ("None", "None")
    assert [found.code for found in draft.findings] == ["unreadable-date"]


def test_a_talk_that_is_too_large_costs_itself_alone() -> None:
    large, good = event(persons="<person/>" * 3_000), event(title="Heat")
    items = list(schedule.read(Feed(programme(large, good))))
    assert [one.code for one in items if isinstance(one, Finding)] == ["overfull"]
    assert [one.texts[0].title for one in items if isinstance(one, Draft)] == ["Heat"]


def test_a_programme_without_talks_is_whole_and_nothing_leads_on_from_it() -> None:
    address = "https://conference.example/schedule.xml"
    assert list(schedule.read(Feed(programme()))) == []
    assert schedule.following(Feed(programme()), address) == []
    assert schedule.begin(address, since=None) == address


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<rss/>", "not-a-schedule"),
        (programme(event())[:-20], "breaks-off"),
        (b"<!DOCTYPE schedule [<!ENTITY a 'b'>]>" + programme(event(title="&a;")), "entities"),
    ],
)
def test_what_is_no_programme_is_refused_with_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        list(schedule.read(Feed(content)))
    assert refused.value.code == code
    assert str(REASONS[code] % refused.value.details)
