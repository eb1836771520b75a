"""What academies tell each other: records that say all that an offer is."""

from __future__ import annotations

from typing import Any

import pytest

from courses.harvesting.adapters import jsonl
from courses.harvesting.draft import Draft, Feed
from tests.harvesting.harvested import drafts, lines, record


def only(told: dict[str, Any]) -> Draft:
    [draft] = drafts(list(jsonl.read(Feed(lines(told)))))
    return draft


def codes(draft: Draft) -> list[str]:
    return [f"{found.field}:{found.code}" for found in draft.findings]


EXPORTED = record(
    languages=[
        {"code": "fr", "role": "taught", "origin": "guessed"},
        {"code": "ar", "role": "interface"},
        {"code": "?", "role": "taught"},
        {"code": "en", "role": "sung", "origin": "sworn"},
        "de",
    ],
    text_src="machine",
    audience={"en": "City <b>staff</b>", "?": "Nobody"},
    certificate="none",
    pace="self",
    mode="offline",
    contact=" school@example.org ",
    workload_minutes=90,
    data_mb=-1,
    data_mb_light=True,
    licence="CC BY 4.0",
    kind="webinar",
    terms={},
    runs=[],
)


def test_what_our_own_exports_say_is_read_whole() -> None:
    draft = only(EXPORTED)
    assert [(one.code, one.role.value, one.origin.value) for one in draft.languages] == [
        ("fr", "taught", "guessed"),
        ("ar", "interface", "declared"),
        ("en", "taught", "declared"),
    ]
    assert (draft.texts[0].origin.value, draft.for_whom) == ("machine", {"en": "City staff"})
    assert (draft.certificate, draft.pace, draft.delivery) == ("none", "self", "offline")
    assert (draft.contact, draft.licence) == ("school@example.org", "CC-BY-4.0")
    assert (draft.workload_minutes, draft.data_mb, draft.data_mb_light) == (90, None, None)
    # Who names our terms, be it none, does not mean one by the kind; who lists no run has none.
    assert (draft.words, draft.runs, codes(draft)) == ([], [], ["languages:unknown-language"])


def test_runs_and_meetings_are_bounded() -> None:
    hour = {"starts": "2026-12-01T10:00Z", "ends": "2026-12-01T11:00Z"}
    meetings = [hour | {"title": {"en": f"Hour {number}"}} for number in range(150)]
    draft = only(record(runs=[{"meetings": meetings}, *[{}] * 399]))
    assert (len(draft.runs), len(draft.runs[0].meetings)) == (300, 100)
    draft = only(record(runs=[{"meetings": meetings}] * 40))
    assert [len(run.meetings) for run in draft.runs] == [100, 100, 100, 100, 95]


@pytest.mark.parametrize(("cancelled", "kept"), [(True, True), (False, False), ("yes", None)])
def test_meetings_keep_their_recordings_and_whether_they_are_off(
    cancelled: object, kept: bool | None
) -> None:
    hour = {"starts": "2026-12-01T10:00Z", "ends": "2026-12-01T11:00Z", "cancelled": cancelled}
    told = [hour | {"recording": "javascript:alert(1)"}, hour | {"title": {"en": "Beside"}}]
    [run] = only(record(runs=[{"meetings": told}])).runs
    assert [(one.cancelled, one.recording) for one in run.meetings] == [(kept, ""), (kept, "")]
