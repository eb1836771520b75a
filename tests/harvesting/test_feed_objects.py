"""What becomes of the JSON of any interface, which is read as a table is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.catalogue.models import Cost, Kind
from courses.harvesting.adapters import objects
from courses.harvesting.draft import Draft, Feed, Finding, NotAFeed
from courses.harvesting.sentences import FINDINGS, REASONS
from tests.harvesting.harvested import drafts, rejections

SITE = "https://school.example/api/events"
WATER: dict[str, Any] = {
    "uuid": "w-1",
    "name": {"text": "Water in the city", "html": "<b>Water</b> in the city"},
    "metadata": {"description": "<p>From the river to the tap.</p>", "name": "never"},
    "url": "https://school.example/water",
    "startDate": "2026-03-01T10:00:00Z",
    "topics": [{"id": 1, "name": "Water"}, {"id": 2, "name": "Waste"}],
    "type": "webinar",
    "price": 0,
    "online": True,
    "sessions": [{"end_date": "2026-03-01T12:00:00Z"}, {"end_date": "2027-01-01"}],
}
HEAT = WATER | {"uuid": "h-1", "name": "Heat", "url": "https://school.example/heat"}


def read(told: Any, **feed: Any) -> list[Draft | Finding]:
    return list(objects.read(Feed(json.dumps(told).encode(), **feed)))


def refused(told: Any) -> str:
    with pytest.raises(NotAFeed) as why:
        read(told)
    assert str(REASONS[why.value.code] % why.value.details)
    return why.value.code


def test_parts_of_an_object_are_columns() -> None:
    [draft] = drafts(read([WATER]))
    assert (draft.external_id, draft.address, draft.kind, draft.cost) == (
        *("w-1", "https://school.example/water", Kind.WEBINAR, Cost.FREE),
    )
    [text] = draft.texts
    assert (text.title, text.description) == ("Water in the city", WATER["metadata"]["description"])
    [run] = draft.runs
    assert (run.starts_at, run.ends_at) == (
        *(datetime(2026, 3, 1, 10, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC)),
    )
    assert draft.words[:2] == ["Water", "Waste"]


@pytest.mark.parametrize(
    "document",
    [
        [WATER, HEAT],
        {"results": [WATER, HEAT], "next": None},
        {"hits": {"hits": [WATER, HEAT]}, "links": {"self": SITE}, "facets": {}},
        {"w-1": WATER, "h-1": HEAT},
        {"data": [{"attributes": WATER}, {"attributes": HEAT}], "included": [{"id": 1}]},
    ],
)
def test_the_records_are_found_wherever_they_are_listed(document: Any) -> None:
    assert [draft.texts[0].title for draft in drafts(read(document))] == [
        *("Water in the city", "Heat")
    ]


def test_columns_that_were_said_win_over_guesses() -> None:
    columns = {"title": ["metadata.name"], "id": ["url"]}
    [draft] = drafts(read([WATER], columns=columns, defaults={"provider": "River School"}))
    assert (draft.texts[0].title, draft.external_id, draft.provider) == (
        *("never", "https://school.example/water", "River School"),
    )
    assert "metadata.name" in objects.headers(Feed(json.dumps([WATER]).encode()))


def test_a_page_leads_to_the_next_one_where_it_says_so() -> None:
    for pages in (
        {"next": "?p=2"},
        {"links": {"next": {"href": "?p=2"}}},
        {"meta": {"next": "?p=2"}},
    ):
        content = json.dumps({"results": [WATER], **pages}).encode()
        assert objects.following(Feed(content), SITE) == [f"{SITE}?p=2"]
    for last in ({"results": [], "next": "?p=3"}, {"results": [WATER], "next": ""}, [WATER]):
        assert objects.following(Feed(json.dumps(last).encode()), SITE) == []
    assert objects.begin(SITE, since=datetime(2026, 1, 1, tzinfo=UTC)) == SITE


def test_a_bad_record_costs_itself_alone() -> None:
    items = read([WATER, "nonsense", HEAT])
    assert [draft.line for draft in drafts(items)] == [1, 3]
    assert [(bad.line, bad.code) for bad in rejections(items)] == [(2, "not-an-object")]
    assert read([]) == []


def test_what_lists_nothing_or_names_no_title_is_refused() -> None:
    assert refused({"error": ""}) == "lacks-part"
    assert refused({"error": "no"}) == "source-error"
    assert refused([1, 2]) == "lacks-part"
    assert refused([{"price": 1}]) == "no-title-column"
    assert refused([{"title": "a"}] * 10_001) == "overfull"
    assert refused([{"title": "a", **{f"c{n}-{m}": 1 for m in range(290)}} for n in range(9)]) == (
        "overfull"
    )


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(("title", "text", "runs", "start", "next")), inner)
    ),
    max_leaves=12,
)


@given(told=ANYTHING)
@settings(max_examples=200, deadline=None, database=None)
def test_any_values_at_all_are_read_or_refused(told: object) -> None:
    feed, items = Feed(json.dumps([{"title": "x"}, told]).encode()), read([{"title": "x"}, told])
    codes = {note.code for item in items for note in getattr(item, "findings", [item])}
    assert codes <= FINDINGS.keys()
    assert objects.following(feed, SITE) == []


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"errors": [{"id": 1, "title": "Server error"}]}, "Server error"),
        ({"data": None, "errors": [{"message": "No such field", "id": 2}]}, "No such field"),
        ({"Error": {"message": "Slow <b>down</b>"}, "status": 429}, "Slow down"),
    ],
)
def test_a_list_of_errors_lists_no_offers(document: Any, said: str) -> None:
    with pytest.raises(NotAFeed) as wrong:
        read(document)
    assert (wrong.value.code, wrong.value.details) == ("source-error", {"said": said})


def test_errors_beside_records_are_passed_over() -> None:
    errors = [{"id": n, "title": "Not found"} for n in range(3)]
    [draft] = drafts(read({"errors": errors, "results": [{"id": 1, "title": "Water"}]}))
    assert draft.texts[0].title == "Water"
