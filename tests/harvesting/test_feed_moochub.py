"""What becomes of the courses of a platform that speaks MOOChub, in version 3 or 2."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.models import Certificate, Cost, Delivery, Level
from courses.catalogue.texts import LanguageOrigin
from courses.harvesting.adapters import moochub
from courses.harvesting.draft import Draft, Feed, NotAFeed
from courses.harvesting.formats.documents import MOST_RECORDS
from courses.harvesting.sentences import FINDINGS, REASONS
from tests.harvesting.courses_written import SITE, UUID, V2, V3, answer, read
from tests.harvesting.harvested import drafts, rejections


def only(course: dict[str, Any], **feed: Any) -> Draft:
    [draft] = drafts(read(answer(course), **feed))
    return draft


def refused(content: bytes) -> str:
    with pytest.raises(NotAFeed) as why:
        read(content)
    assert str(REASONS[why.value.code] % why.value.details)
    return why.value.code


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_a_course_of_version_3() -> None:
    draft = only(V3)
    assert (draft.external_id, draft.address) == (f"{UUID[:-1]}0", V3["url"])
    [text] = draft.texts
    assert (text.language, text.title, text.summary, text.description) == (
        *("de", "Water in the city", None, "<p>From the river to the tap.</p>"),
    )
    assert [(one.code, one.origin) for one in draft.languages] == [
        *[("de", LanguageOrigin.DECLARED), ("en", LanguageOrigin.DECLARED)]
    ]
    assert [(run.starts_at, run.ends_at, run.enrol_until) for run in draft.runs] == [
        (at(2026, 3, 1, 8), at(2026, 4, 1, 8), at(2026, 2, 20)),
        (at(2026, 9, 1, 8), at(2026, 10, 1, 8), at(2026, 2, 20)),
    ]
    assert draft.words == [
        *("water", "sanitation", "Environmental protection", "Planen", "online", "asynchronous")
    ]
    assert draft.codes == {"audience": ["general Public"]}
    assert (draft.provider, draft.delivery, draft.level, draft.workload) == (
        *("River School", Delivery.ONLINE, Level.INTERMEDIATE, "5 h/week"),
    )
    assert (draft.cost, draft.certificate) == (Cost.FREE, Certificate.PAID)
    assert draft.findings == []


def test_a_course_of_version_2() -> None:
    draft = only(V2)
    [text] = draft.texts
    assert (text.language, text.title, text.summary, text.description) == (
        *("de", "Hitze in der Stadt", "Was tun bei Hitze?", "Sehr viel."),
    )
    [run] = draft.runs
    assert (run.starts_at, run.ends_at) == (at(2026, 3, 1, 8), at(2026, 4, 1, 8))
    assert (draft.provider, draft.cost, draft.workload) == ("River School", Cost.FREE, "5 h/week")
    assert (draft.words, draft.certificate) == (["MOOC"], None)


@pytest.mark.parametrize(
    ("starts", "ends", "found"),
    [
        (None, None, [(None, None)]),
        ([], [], [(None, None)]),
        ([None, "2026-03-01"], [None, None], [(at(2026, 3, 1), None)]),
        (["2026-03-01", "2026-05-01"], ["2026-04-01"], [(3, 4), (5, None)]),
        ("2026-03-01", ["2026-04-01"], [(3, 4)]),
        ([{"at": 1}, 7], "soon", [(None, None)]),
    ],
)
def test_starts_and_ends_are_parallel(starts: object, ends: object, found: list[Any]) -> None:
    runs = only(V3 | {"startDate": starts, "endDate": ends}).runs
    expected = [
        (
            at(2026, start, 1) if isinstance(start, int) else start,
            at(2026, end, 1, 23, 59, 59) if isinstance(end, int) else end,
        )
        for start, end in found
    ]
    assert [(run.starts_at, run.ends_at) for run in runs] == expected


@pytest.mark.parametrize(
    ("access", "offer", "cost", "certificate"),
    [
        (["free"], [], Cost.FREE, None),
        (["paid"], [], Cost.PAID, None),
        (["student", "other"], [], None, None),
        (None, [{"price": 0, "category": "complete"}], Cost.FREE, None),
        (None, [{"price": 20, "category": "course"}], Cost.PAID, None),
        (None, [{"price": 0, "category": "certificate"}], None, Certificate.FREE),
    ],
)
def test_what_it_costs(
    access: object, offer: list[Any], cost: Cost | None, certificate: Certificate | None
) -> None:
    draft = only(V3 | {"access": access, "offer": offer})
    assert (draft.cost, draft.certificate) == (cost, certificate)


def test_a_default_fills_what_a_course_leaves_open() -> None:
    defaults = {"language": "de", "provider": "River School", "mode": "online", "cost": "free"}
    draft = only({"name": "Water", "description": ""}, defaults=defaults)
    assert [(one.code, one.origin) for one in draft.languages] == [("de", LanguageOrigin.SOURCE)]
    assert (draft.provider, draft.delivery, draft.cost) == (
        *("River School", Delivery.ONLINE, Cost.FREE),
    )
    assert (draft.address, draft.workload, draft.findings) == (None, None, [])


@pytest.mark.parametrize(
    ("link", "page"),
    [
        (f"{SITE}?page=2", [f"{SITE}?page=2"]),
        ("?page=2", [f"{SITE}?page=2"]),
        ({"href": f"{SITE}?page=2"}, [f"{SITE}?page=2"]),
        ("http://localhost:3000/bridges/moochub/courses?page=2", [f"{SITE}?page=2"]),
        ("https://elsewhere.example/steal?page=2", ["https://mooc.example/steal?page=2"]),
        (None, []),
        ("", []),
        (7, []),
        ("http://[::1", []),
    ],
)
def test_a_page_leads_to_the_next_one_where_we_asked(link: object, page: list[str]) -> None:
    assert moochub.following(Feed(answer(V3, next=link)), SITE) == page


def test_an_empty_page_is_the_last() -> None:
    assert moochub.following(Feed(answer(next=f"{SITE}?page=3")), f"{SITE}?page=2") == []
    assert read(answer()) == []
    assert moochub.following(Feed(answer(V3)), SITE) == []
    assert moochub.following(Feed(b"[]"), SITE) == []


def test_every_reading_is_a_whole_one() -> None:
    assert moochub.begin(SITE, since=at(2026, 1, 1)) == SITE
    assert moochub.COMPLETE is True


def test_the_same_course_means_the_same() -> None:
    again = json.dumps(json.loads(answer(V3)), indent=2, sort_keys=True).encode()
    assert read(again)[0].fingerprint() == only(V3).fingerprint()  # type: ignore[union-attr]
    assert only(V3 | {"name": "Heat"}).fingerprint() != only(V3).fingerprint()


def test_a_course_that_is_gone_is_not_told_of() -> None:
    assert [draft.texts[0].title for draft in drafts(read(answer(V3, V2)))] == [
        *("Water in the city", "Hitze in der Stadt")
    ]
    assert [draft.texts[0].title for draft in drafts(read(answer(V3)))] == ["Water in the city"]


def test_a_bad_record_costs_itself_alone() -> None:
    deep: dict[str, Any] = {}
    for _level in range(60):
        deep = {"in": deep}
    items = read(answer(V3, "nonsense", None, V3 | {"keywords": deep}, V2))
    assert [draft.line for draft in drafts(items)] == [1, 5]
    assert [(bad.line, bad.code) for bad in rejections(items)] == [
        *((2, "not-an-object"), (3, "not-an-object"), (4, "overfull"))
    ]


def test_dirt_is_left_out_and_noted() -> None:
    draft = only(
        V3
        | {
            "url": "javascript:alert(1)",
            "inLanguage": ["de", "xx-klingon-1"],
            "startDate": ["soon"],
            "workload": "7.5",
            "keywords": "water\u202e;\x07",
            "publisher": "nobody",
            "educationalLevel": {"name": "expert"},
        }
    )
    assert sorted(f"{note.field}:{note.code}" for note in draft.findings) == [
        *("language:unknown-language", "start:unreadable-date", "url:unusable-address"),
        "workload:no-unit",
    ]
    assert (draft.address, draft.provider, draft.level) == (None, "Nobody", Level.ADVANCED)
    assert draft.words[:1] == ["water;"]


def test_other_answers_are_refused() -> None:
    assert refused(b"") == "empty"
    assert refused(b"<!doctype html><title>Sign in</title>") == "html"
    assert refused(b'{"errors": [{"status": "404"}]}') == "lacks-part"
    assert refused(b'{"data": {"id": "1"}}') == "lacks-part"
    assert refused(b'{"data": [{"id": "1"}]}') == "lacks-part"
    assert refused(b"null") == "lacks-part"
    assert refused(answer(V3)[:-20]) == "breaks-off"
    assert refused(answer(V3)[:200]) == "breaks-off"
    assert refused(b'{"data": [}') == "not-json"
    assert refused(b"[" * 1_000_000) == "overfull"
    assert refused(answer(*[V3] * 2)[:-1] + b"\xff}") == "not-unicode"
    assert refused(b'{"data": [' + b"{}," * MOST_RECORDS + b"{}]}") == "overfull"


def test_utf_16_is_json_too() -> None:
    for encoding in ("utf-16", "utf-8-sig"):
        [draft] = read(answer(V3).decode().encode(encoding))
        assert isinstance(draft, Draft)
        assert draft.texts[0].title == "Water in the city"


def test_numbers_and_halves_of_characters_do_no_harm() -> None:
    content = answer(V3 | {"name": "W"}).replace(b'"W"', b'"W\\ud800ter"')
    [draft] = drafts(read(content.replace(b'"P4W"', b"9" * 5_000)))
    assert draft.texts[0].title == "W?ter"
    assert json.dumps(draft.payload, ensure_ascii=False).encode()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(("name", "price", "timeValue", "category")), inner)
    ),
    max_leaves=12,
)


@given(course=st.dictionaries(st.sampled_from(sorted({*V3, *V2})), ANYTHING), links=ANYTHING)
@settings(max_examples=200, deadline=None, database=None)
def test_any_values_at_all_are_read(course: dict[str, Any], links: object) -> None:
    content = json.dumps({"links": links, "data": [{"id": links, "attributes": course or 1}]})
    for item in read(content.encode()):
        assert {note.code for note in getattr(item, "findings", [item])} <= FINDINGS.keys()
    moochub.following(Feed(content.encode()), SITE)
