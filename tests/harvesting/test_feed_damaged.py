"""Documents with bytes exchanged anywhere: read or refused, and nothing else is ever raised."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.harvesting.adapters import moodle, oai, schedule, sheet
from courses.harvesting.draft import Draft, Feed, Finding, Gone, NotAFeed
from courses.harvesting.sentences import FINDINGS, REASONS
from tests.harvesting.repository import answer, course, gone, lom, record
from tests.harvesting.workbooks import ods, xls, xlsx

Read = Callable[[Feed], Iterator[Draft | Finding | Gone]]
ROW = ("Water", "https://school.example/1", "2026-03-01")
TITLE = '<span lang="en" class="multilang">Water</span><span lang="fr" class="multilang">Eau</span>'
COURSE = {"id": 7, "fullname": TITLE, "startdate": 1772359200, "customfields": [{"name": "Level"}]}
TALK = (
    "<event guid='1'><title>Water</title><date>2026-03-01</date><duration>1:00</duration></event>"
)
GOOD: dict[str, tuple[Read, bytes]] = {
    "oai": (oai.read, answer(course("water") + gone("heat") + record("oai:1", lom()))),
    "moodle": (moodle.read, json.dumps([COURSE, COURSE | {"visible": 0}]).encode()),
    "schedule": (schedule.read, f"<schedule><day>{TALK * 3}</day></schedule>".encode()),
}
WORKBOOKS = {"xlsx": xlsx(ROW, ROW), "ods": ods([ROW, ROW]), "xls": xls()}
PUT = [
    b"<",
    b"&",
    b"]]>",
    b"<!DOCTYPE a>",
    b'"',
    b"{",
    b"[",
    b"\\ud800",
    b"\x00",
    b"null",
    b"-1e999",
]
STRANGE = st.binary(max_size=12) | st.sampled_from(PUT)
SETTINGS = settings(
    max_examples=300, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)


def read_or_refused(read: Read, content: bytes) -> None:
    refusal, items = None, list[Draft | Finding | Gone]()
    try:
        items = list(read(Feed(content)))
    except NotAFeed as refused:
        refusal = refused
    assert refusal is None or str(REASONS[refusal.code] % refusal.details)
    told = [one for one in items if not isinstance(one, Gone)]
    codes = {finding.code for item in told for finding in getattr(item, "findings", [item])}
    assert codes <= FINDINGS.keys()
    assert all(json.dumps(one.payload) for one in items if isinstance(one, Draft))


@pytest.mark.parametrize("kind", sorted(GOOD))
@given(data=st.data())
@SETTINGS
def test_a_damaged_document_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    read, good = GOOD[kind]
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 20)))
    read_or_refused(read, good[:start] + data.draw(STRANGE) + good[end:])


@pytest.mark.parametrize("kind", sorted(GOOD))
@given(content=st.binary(max_size=300))
@SETTINGS
def test_random_bytes_are_read_or_refused(kind: str, content: bytes) -> None:
    read_or_refused(GOOD[kind][0], content)


@pytest.mark.parametrize("kind", sorted(WORKBOOKS))
@given(data=st.data())
@settings(SETTINGS, max_examples=20)
def test_a_damaged_workbook_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    good = WORKBOOKS[kind]
    start = data.draw(st.integers(8, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 20)))
    read_or_refused(sheet.read, good[:start] + data.draw(st.binary(max_size=20)) + good[end:])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(parts=st.dictionaries(st.sampled_from([*COURSE, "lang", "summary", "visible"]), JSON))
@SETTINGS
def test_a_course_of_any_parts_is_read_or_refused(parts: dict[str, object]) -> None:
    read_or_refused(moodle.read, json.dumps([COURSE, parts]).encode())
