"""Hostile and broken words from partners: cleaned once, at the door, and never a reason to stop."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.db import db
from courses.catalogue.models import State
from courses.harvesting.models import RecordedFinding
from tests.harvesting.harvested import counts, harvest, lines, noted, offer, offers, record, table

pytestmark = pytest.mark.usefixtures("app")
HOSTILE = (
    '<p onclick="steal()">Water<script>alert(1)</script></p>'
    '<img src=x onerror="alert(1)"><svg onload="alert(1)"></svg>'
    '<a href="javascript:alert(1)">here</a> <a href="https://school.example/more">more</a>'
    '<iframe src="https://bad.example"></iframe><style>*{display:none}</style>'
)


def test_a_description_keeps_its_words_and_nothing_that_acts() -> None:
    harvest(lines(record(description=HOSTILE)))
    [text] = offer().texts
    assert text.description == (
        '<p>Water</p><a rel="noopener nofollow ugc">here</a> '
        '<a href="https://school.example/more" rel="noopener nofollow ugc">more</a>'
    )
    assert text.summary == "Water here more"


def test_every_other_text_is_one_plain_line() -> None:
    bad = "Wa<b>ter\u202e</b>\n &amp; <script>alert(1)</script>heat\x07"
    hour = {"starts": "2026-03-01T10:00Z", "ends": "2026-03-01T11:00Z", "title": {"en": bad}}
    run = {"starts": "2026-03-01", "meetings": [hour]}
    told = {name: bad for name in ("title", "summary", "provider", "workload")}
    harvest(lines(record(**told, runs=[run], texts={"fr": {"title": bad, "summary": bad}})))
    found = offer()
    words = {found.provider, found.workload, found.runs[0].meetings[0].title["en"]}
    words |= {one.title for one in found.texts} | {one.summary for one in found.texts}
    assert words == {"Water & heat"}


@pytest.mark.parametrize("adapter", ["csv", "jsonl"])
@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,<b>", "//bad.example"])
def test_an_address_that_acts_is_left_out_and_the_offer_held(adapter: str, address: str) -> None:
    told = {"id": "school:water", "title": "Water", "url": address, "language": "en"}
    content = table(told) if adapter == "csv" else lines(record(url=address))
    outcome = harvest(content, adapter)
    assert (offer().address, offer().state) == ("", State.DRAFT)
    assert noted(outcome)[-2:] == [
        (2 if adapter == "csv" else 1, "url", "unusable-address", "repaired"),
        (2 if adapter == "csv" else 1, "address", "no-address", "held"),
    ]


def test_what_was_found_is_safe_to_print() -> None:
    harvest(lines(record(url="\x1b[31mred\x1b[0m"), record("\x1b]0;title\x07")))
    found = [row.found for row in db.session.query(RecordedFinding).all()]
    ids = [row.external_id for row in db.session.query(RecordedFinding).all()]
    assert "\x1b" not in "".join([*found, *ids])


def test_words_to_map_are_safe_to_print() -> None:
    outcome = harvest(lines(record(subjects=["\x1b[31mred", "a\nb"], kind="\x07bell")))
    assert sorted(outcome.report.unmapped) == ["[31mred", "a b", "bell"]


@pytest.mark.parametrize(
    "more",
    [
        {"title": "ت" * 5_000},
        {"title": "<b>" * 10_000 + "Water"},
        {"description": "x" * 1_000_000},
        {"description": "<p>" * 50_000},
        {"provider": "p" * 10_000, "workload": "w" * 10_000},
        {"subjects": ["s" * 10_000] * 2_000},
        {"url": "https://school.example/" + "a" * 5_000},
        {"language": "en-" * 5_000},
        {"terms": {"issue": None, "nonsense": ["water"], "language": ["en"], "methodology": 5}},
        {"runs": [{"starts": "2026-03-01", "capacity": 10**40, "zone": "../etc"}] * 50},
        {"texts": {"fr": {"title": "\ud800"}, "es": [], "": {}}},
    ],
    ids=lambda more: next(iter(more)),
)
def test_values_beyond_all_measure_do_not_stop_a_harvest(more: dict[str, Any]) -> None:
    content = json.dumps(record("water", **more)).encode() + b"\n" + lines(record("heat"))
    assert counts(harvest(content).report) == (2, 2, 0, 0, 0)
    assert counts(harvest(content).report) == (2, 0, 0, 2, 0)


def test_stored_texts_keep_to_the_sizes_of_their_columns() -> None:
    long = "wide " * 2_000
    harvest(
        lines(record(title=long, summary=long, provider=long, workload=long, description=long * 10))
    )
    found = offer()
    [text] = found.texts
    lengths = {
        "slug": (len(found.slug), 120),
        "provider": (len(found.provider), 300),
        "workload": (len(found.workload), 120),
        "title": (len(text.title), 500),
        "summary": (len(text.summary), 240),
        "description": (len(text.description), 50_100),
    }
    assert {name for name, (length, most) in lengths.items() if not 0 < length <= most} == set()


@given(
    told=st.dictionaries(
        st.sampled_from(("title", "description", "url", "language", "level", "start", "provider")),
        st.text(max_size=60) | st.sampled_from((HOSTILE, "\x00", "\u202e", "n/a")),
        max_size=7,
    )
)
@settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_words_at_all_are_accounted_for(app: Flask, told: dict[str, str]) -> None:
    assert app.config["SETTINGS"]
    outcome = harvest(lines(record("heat"), record("water", **told), record("waste")))
    made = outcome.report
    assert (made.read, outcome.failure) == (3, None)
    assert {"school:heat", "school:waste"} <= offers().keys()
