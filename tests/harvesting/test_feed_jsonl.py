"""What becomes of the lines of our exchange format."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.texts import LanguageOrigin, LanguageRole
from courses.harvesting.adapters import jsonl
from courses.harvesting.draft import Draft, Feed
from tests.harvesting.harvested import drafts, lines, record, rejections

KNOWN = (
    *("source", "source_id", "title", "url", "language", "languages", "subjects", "kind", "runs"),
    *("texts", "terms", "start", "end", "zone", "lang_src", "provider", "cost", "workload"),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(("starts", "ends", "meetings", "capacity", "title", "fr", "issue", "")),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def only(told: dict[str, Any], **feed: Any) -> Draft:
    [draft] = drafts(list(jsonl.read(Feed(lines(told), **feed))))
    return draft


def codes(draft: Draft) -> list[str]:
    return [f"{found.field}:{found.code}" for found in draft.findings]


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"source": "school", "source_id": "w"}, "school:w"),
        ({"source": "school", "source_id": 12}, "school:12"),
        ({"source": "", "source_id": "w"}, "w"),
        ({"source": "school", "source_id": ""}, ""),
        ({"source": "school", "source_id": None}, ""),
        ({"source": "school", "source_id": ["w"]}, ""),
        ({"source": "school", "source_id": True}, ""),
    ],
)
def test_source_and_its_id_name_the_record(told: dict[str, Any], name: str) -> None:
    assert only(record(**told)).external_id == name


@pytest.mark.parametrize(
    ("said_by", "origin"),
    [
        (None, LanguageOrigin.DECLARED),
        ("declared", LanguageOrigin.DECLARED),
        ("file", LanguageOrigin.SOURCE),
        ("script", LanguageOrigin.GUESSED),
        ("detected", LanguageOrigin.GUESSED),
        ("detected-lowconf", LanguageOrigin.GUESSED),
        ("assumed", LanguageOrigin.GUESSED),
        (["declared"], LanguageOrigin.DECLARED),
    ],
)
def test_who_said_the_language_is_kept(said_by: object, origin: LanguageOrigin) -> None:
    [language] = only(record(lang_src=said_by)).languages
    assert (language.code, language.origin) == ("en", origin)


def test_further_languages_subtitles_and_materials() -> None:
    draft = only(
        record(languages=["fr", "en", "eng"], subtitles=["es", "??"], materials="ar; Français")
    )
    assert [(one.code, one.role) for one in draft.languages] == [
        *[("en", LanguageRole.TAUGHT), ("fr", LanguageRole.TAUGHT)],
        *[("es", LanguageRole.SUBTITLES), ("ar", LanguageRole.MATERIALS)],
        ("fr", LanguageRole.MATERIALS),
    ]
    assert codes(draft) == ["subtitles:unknown-language"]


def test_a_default_fills_what_a_record_leaves_open() -> None:
    feed = {"defaults": {"language": "fr", "provider": "City of Rivers"}}
    [language] = only(record(language=None), **feed).languages
    assert (language.code, language.origin) == ("fr", LanguageOrigin.SOURCE)
    assert only(record(language=""), **feed).texts[0].language == "fr"
    assert only(record(), **feed).texts[0].language == "en"
    assert only(record(), **feed).provider == "City of Rivers"
    assert only(record(language=None), **feed).payload == record(language=None)


def test_texts_in_other_languages() -> None:
    draft = only(
        record(
            texts={
                "fr": {"title": "L'eau", "summary": "Bref", "description": "Longuement"},
                "en": {"title": "never"},
                "es": {"description": "sin título"},
                "??": {"title": "?"},
                "ar": "المياه",
            }
        )
    )
    assert [(text.language, text.title, text.summary) for text in draft.texts] == [
        *[("en", "About water", None), ("fr", "L'eau", "Bref")]
    ]
    assert codes(draft) == ["texts:unusable-text"] * 3


@pytest.mark.parametrize("listed", [True, False])
def test_an_abbreviated_zone_is_read_once_its_source_said_which(listed: bool) -> None:
    begins, ends = "2026-07-03 10:00", "2026-07-03 11:00"
    told: dict[str, Any] = {"start": begins, "end": ends, "zone": "CEST"}
    if listed:
        told = {"runs": [{"starts": begins, "ends": ends, "zone": "CEST"}]}
    asked = only(record(**told))
    assert (set(codes(asked)), asked.runs[0].starts_at) == ({"zone:ambiguous-zone"}, None)
    [run] = only(record(**told), defaults={"zone:CEST": "Europe/Paris"}).runs
    assert (run.starts_at, run.zone) == (at(2026, 7, 3, 8), "Europe/Paris")


def test_runs_with_their_meetings() -> None:
    hour = {"starts": "2026-03-01T10:00Z", "ends": "2026-03-01T11:00Z"}
    later = {"starts": "2026-03-02T10:00Z", "ends": "2026-03-02T11:00Z"}
    run = {"starts": "2026-03-01", "ends": "2026-03-31", "zone": "Africa/Nairobi", "capacity": 40}
    run |= {"enrol_until": "2026-02-20", "meetings": [later, hour | {"title": {"en": "<b>Hi</b>"}}]}
    draft = only(record(runs=[run]))
    [found] = draft.runs
    assert (found.starts_at, found.ends_at) == (at(2026, 2, 28, 21), at(2026, 3, 31, 20, 59, 59))
    assert (found.enrol_until, found.capacity) == (at(2026, 2, 20, 20, 59, 59), 40)
    assert [(one.starts_at.day, one.title) for one in found.meetings] == [
        (1, {"en": "Hi"}),
        (2, {}),
    ]
    assert codes(draft) == []


@pytest.mark.parametrize(
    "hour",
    [
        {},
        {"starts": "2026-03-01T10:00Z"},
        {"starts": "2026-03-01T10:00Z", "ends": "2026-03-01T10:00Z"},
        {"starts": "soon", "ends": "2026-03-01T10:00Z"},
    ],
)
def test_a_meeting_without_both_ends_is_left_out_and_noted(hour: dict[str, str]) -> None:
    draft = only(record(runs=[{"starts": "2026-03-01", "meetings": [hour]}]))
    assert draft.runs[0].meetings == []
    assert codes(draft)[-1] == "meetings:unusable-meeting"


@pytest.mark.parametrize("capacity", [-1, "40", 1.5, True, None, [], 10**30])
def test_a_capacity_that_is_no_count_says_nothing(capacity: object) -> None:
    assert (
        only(record(runs=[{"starts": "2026-03-01", "capacity": capacity}])).runs[0].capacity is None
    )


def test_start_and_end_of_the_record_are_its_run() -> None:
    draft = only(record(start="2026-03-01 - 2026-03-02"))
    [run] = draft.runs
    assert (run.starts_at, run.ends_at) == (at(2026, 3, 1), at(2026, 3, 2, 23, 59, 59))


def test_our_terms_come_by_vocabulary() -> None:
    draft = only(record(terms={"issue": ["water"], "methodology": "webinar; mooc", "section": 3}))
    assert draft.codes == {"issue": ["water"], "methodology": ["webinar", "mooc"], "section": []}


def test_subjects_may_be_a_list_or_a_text() -> None:
    assert only(record(subjects=["a", 5, None, {"b": 1}, " c "])).words == ["a", "5", "c"]
    assert only(record(subjects="a; b", kind="talk")).words == ["a", "b", "talk"]


def test_what_is_not_a_number_says_nothing() -> None:
    content = b'{"source_id": "w", "title": "Water", "description": NaN, "workload": Infinity}\n'
    [draft] = drafts(list(jsonl.read(Feed(content))))
    assert (draft.texts[0].description, draft.workload) == ("", None)


def test_half_a_character_becomes_a_question_mark() -> None:
    content = b'{"source_id": "w", "title": "Water \\ud83d", "provider": "\\ud83c\\udf0a"}\n'
    [draft] = drafts(list(jsonl.read(Feed(content))))
    assert (draft.texts[0].title, draft.provider) == ("Water ?", "\N{WATER WAVE}")
    assert json.dumps(draft.payload, ensure_ascii=False).encode()


def test_a_line_that_is_not_utf_8_costs_itself_alone() -> None:
    bad = json.dumps(record("déchets"), ensure_ascii=False).encode("cp1252") + b"\n"
    items = list(jsonl.read(Feed(lines(record("water")) + bad + lines(record("heat")))))
    assert len(drafts(items)) == 2
    assert [(found.line, found.code) for found in rejections(items)] == [(2, "not-json")]


@pytest.mark.parametrize("line", ["[1]", '"text"', "5", "null", "{", "{}}", "title: Water"])
def test_a_line_that_is_no_object_is_rejected(line: str) -> None:
    content = lines(record("water")) + line.encode() + b"\n" + lines(record("heat"))
    items = list(jsonl.read(Feed(content)))
    assert [(found.line, found.code) for found in rejections(items)] == [(2, "not-json")]


@given(told=st.dictionaries(st.sampled_from(KNOWN), ANYTHING, max_size=8))
@settings(max_examples=400, deadline=None, database=None)
def test_values_of_any_type_make_a_draft(told: dict[str, Any]) -> None:
    content = json.dumps(told).encode() + b"\n"
    [draft] = drafts(list(jsonl.read(Feed(content))))
    assert all(isinstance(code, str) for codes in draft.codes.values() for code in codes)
    assert all(
        run.ends_at is None or run.starts_at is None or run.starts_at <= run.ends_at
        for run in draft.runs
    )
