"""What becomes of the runs an Open edX platform lists."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.models import Cost, Delivery, Kind, Pace
from courses.catalogue.texts import LanguageOrigin
from courses.harvesting.adapters import openedx
from courses.harvesting.draft import Draft, Feed, Finding, NotAFeed
from courses.harvesting.sentences import FINDINGS, REASONS
from tests.harvesting.harvested import drafts, rejections
from tests.harvesting.runs_written import HOST, SITE, run


def answer(*records: Any, **pages: Any) -> bytes:
    pagination = {"next": None, "previous": None, "count": len(records), "num_pages": 1, **pages}
    return json.dumps({"results": records, "pagination": pagination}).encode()


def read(content: bytes, **feed: Any) -> list[Draft | Finding]:
    return list(openedx.read(Feed(content, **feed)))


def only(*records: dict[str, Any], **feed: Any) -> Draft:
    [draft] = drafts(read(answer(*records), **feed))
    return draft


def codes(draft: Draft) -> list[str]:
    return [f"{found.field}:{found.code}" for found in draft.findings]


def refused(content: bytes) -> str:
    with pytest.raises(NotAFeed) as why:
        read(content)
    assert str(REASONS[why.value.code] % why.value.details)
    return why.value.code


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_a_run_says_everything_it_can() -> None:
    draft = only(run())
    assert (draft.external_id, draft.kind, draft.provider) == (
        *("RiverX+WATER1", Kind.COURSE, "RiverX"),
    )
    assert draft.address == f"{HOST}/courses/course-v1:RiverX+WATER1+2026_T1/about"
    [text] = draft.texts
    assert (text.title, text.summary, text.description) == (
        *("Water &amp; waste", None, "From the river to the tap."),
    )
    [told] = draft.runs
    assert (told.starts_at, told.ends_at, told.enrol_until) == (
        *(at(2026, 3, 1, 9), at(2026, 5, 1), at(2026, 4, 1, 12)),
    )
    assert (draft.pace, draft.delivery, draft.workload) == (
        *(Pace.INSTRUCTOR, Delivery.ONLINE, "3-5 hours/week"),
    )
    assert (draft.languages, draft.findings) == ([], [])


def test_the_runs_of_a_course_are_one_record_and_the_newest_speaks() -> None:
    older = run("2025_T1", name="Water", start="2025-03-01T09:00:00Z", end="2025-05-01T00:00:00Z")
    other = run(course="RiverX+HEAT1", name="Heat")
    first, second = drafts(read(answer(older, other, run())))
    assert (first.external_id, first.line, first.texts[0].title) == (
        *("RiverX+WATER1", 1, "Water &amp; waste"),
    )
    assert [told.starts_at for told in first.runs] == [at(2025, 3, 1, 9), at(2026, 3, 1, 9)]
    assert first.address == f"{HOST}/courses/course-v1:RiverX+WATER1+2026_T1/about"
    assert (second.external_id, second.line) == ("RiverX+HEAT1", 2)
    assert [told["id"] for told in first.payload["runs"]] == [older["id"], run()["id"]]


@pytest.mark.parametrize(
    ("told", "start"),
    [
        ({"start_type": "empty"}, None),
        ({"start_type": "empty", "start": "2030-01-01T00:00:00Z"}, None),
        ({"start_type": "string", "start_display": "Next year"}, at(2026, 3, 1, 9)),
        ({"start_type": "string", "start": "2030-01-01T00:00:00Z"}, None),
        ({"start": None}, None),
        ({"start": "2030-01-02T00:00:00Z", "end": None}, at(2030, 1, 2)),
    ],
)
def test_a_start_that_is_none_is_not_taken_for_one(
    told: dict[str, Any], start: datetime | None
) -> None:
    assert only(run(**told)).runs[0].starts_at == start


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("course-v1:RiverX+WATER1+2026_T1", "RiverX+WATER1"),
        ("RiverX/WATER1/2026_T1", "RiverX+WATER1"),
        ("something else", "something else"),
        ("", ""),
    ],
)
def test_a_course_is_named_by_organisation_and_number(key: str, name: str) -> None:
    assert only(run(id=key, course_id="")).external_id == name


def test_the_page_about_a_run_stands_beside_the_interface() -> None:
    assert only(run(blocks_url="")).address is None
    assert only(run(blocks_url="", course_about_url=f"{HOST}/about/1")).address == f"{HOST}/about/1"
    assert only(run(blocks_url="http://[::1")).address is None
    bad = only(run(blocks_url="javascript://lms.example/x"))
    assert (bad.address, codes(bad)) == (None, ["url:unusable-address"])


@pytest.mark.parametrize(
    ("effort", "workload"),
    [
        ("04:00", "4 h/week"),
        ("04:30", "4 h 30 min/week"),
        ("5", "5 h/week"),
        ("about an hour", "about an hour"),
        ("", None),
        (None, None),
    ],
)
def test_hours_of_effort_are_hours_a_week(effort: str | None, workload: str | None) -> None:
    assert only(run(effort=effort)).workload == workload


def test_a_long_description_is_kept_where_there_is_one() -> None:
    [text] = only(run(overview="<h2>About</h2>")).texts
    assert (text.summary, text.description) == ("From the river to the tap.", "<h2>About</h2>")


def test_hidden_runs_are_passed_over_and_those_by_invitation_are_noted() -> None:
    assert read(answer(run(hidden=True))) == []
    draft = only(run(hidden=True), run("2026_T2", invitation_only=True))
    assert (len(draft.runs), codes(draft)) == (1, ["invitation_only:invitation-only"])


def test_a_default_fills_what_the_platform_never_says() -> None:
    defaults = {"language": "ar", "cost": "free", "provider": "River School", "mode": "blended"}
    draft = only(run(org=None), defaults=defaults)
    assert [(one.code, one.origin) for one in draft.languages] == [("ar", LanguageOrigin.SOURCE)]
    assert (draft.texts[0].language, draft.cost, draft.provider, draft.delivery) == (
        *("ar", Cost.FREE, "River School", Delivery.HYBRID),
    )
    assert only(run(), defaults=defaults).provider == "RiverX"


@pytest.mark.parametrize(
    ("address", "first"),
    [
        (HOST, SITE),
        (f"{HOST}/", SITE),
        (f"{HOST}/api/courses/v1/courses/", SITE),
        (
            f"{HOST}/api/courses/v1/courses/?org=RiverX&page_size=20",
            f"{HOST}/api/courses/v1/courses/?page_size=20&org=RiverX",
        ),
    ],
)
def test_a_reading_begins_with_a_page_of_100(address: str, first: str) -> None:
    assert openedx.begin(address, since=at(2026, 1, 1)) == first
    assert openedx.COMPLETE is True


def test_a_page_leads_to_the_next_one_where_we_asked() -> None:
    following = f"{HOST}/api/courses/v1/courses/?page=2&page_size=100"
    inside = following.replace(HOST, "http://lms.local:8000")
    assert openedx.following(Feed(answer(run(), next=following)), SITE) == [following]
    assert openedx.following(Feed(answer(run(), next=inside)), SITE) == [following]
    assert openedx.following(Feed(answer(run())), SITE) == []
    assert openedx.following(Feed(answer(next=following)), SITE) == []
    assert openedx.following(Feed(b"[]"), SITE) == []


def test_the_same_runs_mean_the_same() -> None:
    again = json.dumps(json.loads(answer(run())), indent=1, sort_keys=True).encode()
    assert drafts(read(again))[0].fingerprint() == only(run()).fingerprint()
    assert only(run(name="Heat")).fingerprint() != only(run()).fingerprint()


def test_a_bad_record_costs_itself_alone() -> None:
    items = read(answer(run(), ["nonsense"], None, run(course="RiverX+HEAT1"), {"hidden": 7}))
    assert [draft.external_id for draft in drafts(items)] == ["RiverX+WATER1", "RiverX+HEAT1", ""]
    assert [(bad.line, bad.code) for bad in rejections(items)] == [
        *((2, "not-an-object"), (3, "not-an-object"))
    ]


def test_dirt_is_left_out_and_noted() -> None:
    draft = only(run(start="03/01/26", end="2025-01-01", enrollment_end="soon", pacing="slow"))
    assert codes(draft) == ["start:unreadable-date", "enrollment_end:unreadable-date"]
    assert (draft.pace, draft.runs[0].starts_at) == (None, None)


def test_other_answers_are_refused() -> None:
    assert refused(b" ") == "empty"
    assert refused(b"<html><title>Sign in</title></html>") == "html"
    assert refused(b'{"detail": "Authentication credentials were not provided."}') == "lacks-part"
    assert refused(b'{"results": [{"key": "a+b", "title": "Water"}]}') == "lacks-part"
    assert refused(b'"results"') == "lacks-part"
    assert refused(answer(run())[:-30]) == "breaks-off"
    assert refused(b'{"results": [' * 50_000) == "overfull"
    assert refused(b'{"results": [' + b"{}," * 300_000 + b"{}]}") == "overfull"


def test_thousands_of_runs_of_one_course_are_not_all_kept() -> None:
    draft = only(*(run(f"T{number}") for number in range(1_000)))
    assert len(draft.runs) == openedx.MOST_RUNS


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@given(told=st.dictionaries(st.sampled_from(sorted(run())), ANYTHING), pages=ANYTHING)
@settings(max_examples=200, deadline=None, database=None)
def test_any_values_at_all_are_read(told: dict[str, Any], pages: object) -> None:
    content = json.dumps({"results": [{"name": "x", **told}, run()], "pagination": pages}).encode()
    for item in read(content):
        assert {note.code for note in getattr(item, "findings", [item])} <= FINDINGS.keys()
    openedx.following(Feed(content), SITE)
