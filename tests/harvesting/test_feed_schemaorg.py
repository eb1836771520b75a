"""What becomes of the courses, events and materials that web pages tell of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.models import Cost, Delivery, Kind, Level
from courses.catalogue.texts import LanguageOrigin, LanguageRole
from courses.harvesting.adapters import schemaorg
from courses.harvesting.draft import Feed
from courses.harvesting.sentences import FINDINGS
from tests.harvesting.pages_written import COURSE, EVENT, SITE, at, codes, only, page, read

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(("@id", "@type", "@value", "@graph", "@list", "name", "item", "url")),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def test_a_course_says_everything_it_can() -> None:
    draft = only(COURSE)
    assert (draft.external_id, draft.address) == (f"{SITE}/water", f"{SITE}/water")
    assert (draft.kind, draft.provider, draft.level) == (
        *(Kind.COURSE, "River School", Level.INTRODUCTORY),
    )
    assert (draft.cost, draft.delivery, draft.workload) == (
        Cost.FREE,
        Delivery.ONLINE,
        "1 h 30 min",
    )
    [text] = draft.texts
    assert (text.language, text.title, text.summary, text.description) == (
        *("fr", "Water in the city", "Rivers and taps", "<p>From the river to the tap.</p>"),
    )
    assert draft.words == [
        *("water", "heat & cold", "waste", "Housing", "Transport", "online", "asynchronous")
    ]
    assert draft.codes == {"audience": ["planners"]}
    assert [(run.starts_at, run.ends_at, run.capacity) for run in draft.runs] == [
        (at(2026, 3, 1), at(2026, 4, 1, 23, 59, 59), 25),
        (at(2026, 9, 1, 8), None, None),
    ]
    assert codes(draft) == []
    assert draft.payload["description"] == COURSE["description"]


def test_an_event_is_a_webinar_with_its_hour() -> None:
    draft = only(EVENT, head=f'<link href="{SITE}/heat" rel="canonical">')
    assert (draft.kind, draft.external_id, draft.address) == (
        *(Kind.WEBINAR, f"{SITE}/heat", f"{SITE}/heat"),
    )
    [run] = draft.runs
    [meeting] = run.meetings
    assert (meeting.starts_at, meeting.ends_at) == (at(2026, 6, 1, 12), at(2026, 6, 1, 13, 30))
    assert (meeting.join_link, meeting.cancelled) == ("https://rooms.example/heat", None)
    assert draft.delivery is Delivery.ONLINE
    [language] = draft.languages
    assert (language.code, language.origin) == ("en", LanguageOrigin.SOURCE)


@pytest.mark.parametrize(
    ("status", "end", "cancelled"),
    [
        ("https://schema.org/EventCancelled", EVENT["schema:endDate"], [True]),
        ("EventCancelled", None, [True]),
        ({"@id": "schema:EventScheduled"}, EVENT["schema:endDate"], [False]),
        ("EventPostponed", EVENT["schema:endDate"], [None]),
        ("EventScheduled", "2026-06-09T10:00Z", []),
    ],
)
def test_a_cancelled_event_is_told_to_be(
    status: object, end: str | None, cancelled: list[bool | None]
) -> None:
    draft = only(EVENT | {"eventStatus": status, "schema:endDate": end})
    assert [meeting.cancelled for meeting in draft.runs[0].meetings] == cancelled
    assert ("eventStatus:cancelled" in codes(draft)) == (cancelled == [True])


def test_an_event_without_a_date_is_noted() -> None:
    assert "start:no-date" in codes(only(EVENT | {"schema:startDate": ""}))


def test_midnights_of_programs_are_days() -> None:
    draft = only(
        EVENT | {"schema:startDate": "2026-06-01T00:00:00", "schema:endDate": "2026-06-02T00:00:00"}
    )
    [run] = draft.runs
    assert (run.starts_at, run.ends_at) == (at(2026, 6, 1), at(2026, 6, 2, 23, 59, 59))
    assert codes(draft) == ["id:no-own-id"]


@pytest.mark.parametrize(
    ("told", "delivery"),
    [
        ({"courseMode": "blended"}, Delivery.HYBRID),
        ({"eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode"}, Delivery.HYBRID),
        ({"eventAttendanceMode": "OfflineEventAttendanceMode"}, Delivery.ON_SITE),
        ({"location": "Town hall"}, Delivery.ON_SITE),
        ({"location": "https://rooms.example/1"}, Delivery.ONLINE),
        ({"location": {"@type": "Place", "name": "Online"}}, Delivery.ONLINE),
        ({"location": [{"@type": "Place"}, {"@type": "VirtualLocation"}]}, Delivery.HYBRID),
        ({}, None),
    ],
)
def test_where_people_learn(told: dict[str, Any], delivery: Delivery | None) -> None:
    assert only({"@type": "Event", "name": "Heat", **told}).delivery is delivery


@pytest.mark.parametrize(
    ("told", "cost"),
    [
        ({"isAccessibleForFree": "https://schema.org/True"}, Cost.FREE),
        ({"isAccessibleForFree": False}, Cost.PAID),
        ({"offers": {"@type": "Offer", "price": 0}}, Cost.FREE),
        ({"offers": [{"price": "120.00"}, {"price": 600}]}, Cost.PAID),
        ({"offers": [{"price": "120.00"}, {"price": "0.00"}]}, Cost.FREE),
        ({"offers": [{"category": "Free"}]}, Cost.FREE),
        ({"offers": [{"category": "Subscription"}]}, None),
        ({"offers": "ask us"}, None),
    ],
)
def test_what_it_costs(told: dict[str, Any], cost: Cost | None) -> None:
    assert only({"@type": "Course", "name": "Heat", **told}).cost is cost


def test_things_of_a_graph_refer_to_each_other_and_to_themselves() -> None:
    graph = {
        "@graph": [
            {"@type": "WebPage", "@id": f"{SITE}/#page", "mainEntity": {"@id": f"{SITE}/#course"}},
            {
                "@type": ["Thing", "Course"],
                "@id": f"{SITE}/#course",
                "name": "Water",
                "provider": {"@id": f"{SITE}/#us"},
                "hasCourseInstance": [{"@id": f"{SITE}/#run"}, {"@id": f"{SITE}/#course"}],
            },
            {"@type": "CourseInstance", "@id": f"{SITE}/#run", "startDate": "2026-03-01"},
        ]
    }
    us = {"@type": "Organization", "@id": f"{SITE}/#us", "name": "River School"}
    [draft] = read(page(graph, us))
    assert (draft.external_id, draft.provider) == (f"{SITE}/#course", "River School")
    assert [run.starts_at for run in draft.runs] == [at(2026, 3, 1), None]


def test_lists_hold_things_and_a_film_beside_them_is_only_that() -> None:
    elements = [{"@type": "ListItem", "item": COURSE | {"@id": f"{SITE}/{n}"}} for n in (1, 2)]
    film = {"@type": "VideoObject", "name": "Trailer", "duration": "PT3M"}
    crumbs = {"@type": "BreadcrumbList", "itemListElement": [{"item": COURSE}]}
    items = read(page({"@type": "ItemList", "itemListElement": elements}, film, crumbs))
    assert [draft.external_id for draft in items] == [f"{SITE}/1", f"{SITE}/2"]
    [alone] = read(page(film, head=f'<meta property="og:url" content="{SITE}/film">'))
    assert (alone.external_id, alone.workload, alone.kind) == (f"{SITE}/film", "3 min", Kind.COURSE)


def test_names_in_several_languages_are_several_texts() -> None:
    names = [{"@language": "fr", "@value": "L'eau"}, {"@language": "en", "@value": "Water"}]
    about = {"@language": "fr", "@value": "Au robinet"}
    draft = only({"@type": "Course", "name": names, "description": about, "inLanguage": ["fr"]})
    assert [(text.language, text.title, text.description) for text in draft.texts] == [
        ("fr", "L'eau", "Au robinet"),
        ("en", "Water", ""),
    ]


def test_labels_in_several_languages_are_one_word() -> None:
    about = [{"prefLabel": {"de": "Wasser", "en": "Water"}}, {"prefLabel": {"de": "Hitze"}}]
    assert only({"type": ["LearningResource", "Course"], "name": "W", "about": about}).words == [
        *("Water", "Hitze")
    ]


@pytest.mark.parametrize(
    ("told", "default", "found"),
    [
        ("pt_BR", "fr", [("pt-BR", LanguageOrigin.DECLARED)]),
        (
            {"@type": "Language", "name": "English", "alternateName": "en"},
            "",
            [("en", LanguageOrigin.DECLARED)],
        ),
        (None, "fr", [("fr", LanguageOrigin.SOURCE)]),
        (None, "", [("sw", LanguageOrigin.SOURCE)]),
        (
            ["de", "de", "it"],
            "",
            [("de", LanguageOrigin.DECLARED), ("it", LanguageOrigin.DECLARED)],
        ),
    ],
)
def test_the_language_is_said_or_that_of_the_source_or_of_the_page(
    told: object, default: str, found: list[tuple[str, LanguageOrigin]]
) -> None:
    draft = only(COURSE | {"inLanguage": told}, lang="sw", defaults={"language": default})
    assert [(one.code, one.origin) for one in draft.languages] == found


def test_things_of_one_id_are_one_and_other_names_prove_nothing() -> None:
    more = {"@id": COURSE["@id"], "license": "CC-BY-4.0"}
    [draft] = read(page(COURSE, more, COURSE))
    assert draft.payload["license"] == "CC-BY-4.0"
    twins = [{"id": f"{SITE}/1", "type": "Course", "name": name} for name in ("Water", "Heat")]
    assert [one.external_id for one in read(page(twins))] == [f"{SITE}/1"] * 2


def test_subtitles_are_kept_apart() -> None:
    [first, second] = only(COURSE | {"subtitleLanguage": ["es", "??"]}).languages
    assert (first.code, second.code, second.role) == ("fr", "es", LanguageRole.SUBTITLES)


def test_what_has_no_name_of_its_own_gets_a_digest_that_stays() -> None:
    nameless = [{"@type": "Event", "name": name, "startDate": "2026-06-01"} for name in "ab"]
    first, second = read(page(nameless)), read(page(*reversed(nameless)))
    assert [one.external_id[:7] for one in first] == ["sha256:"] * 2
    assert {one.external_id for one in first} == {one.external_id for one in second}
    assert codes(first[0]) == ["id:no-own-id"]


@given(told=st.dictionaries(st.sampled_from(sorted({*COURSE, *EVENT, "location"})), ANYTHING))
@settings(max_examples=200, deadline=None, database=None)
def test_any_values_at_all_are_read(told: dict[str, Any]) -> None:
    for item in read(page({**told, "@type": "Course"}, told)):
        assert {note.code for note in getattr(item, "findings", [item])} <= FINDINGS.keys()
    schemaorg.following(Feed(page(told)), SITE)
