"""Real pages and JSON, as partners publish them: every record accounted for, counted apart."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from courses.harvesting.adapters import moochub, objects, openedx, schemaorg
from courses.harvesting.draft import Feed, NotAFeed
from courses.harvesting.sentences import FINDINGS, REASONS
from tests.harvesting.harvested import Item, drafts, rejections

pytestmark = [pytest.mark.sample, pytest.mark.usefixtures("unmeasured")]
SCRIPT = re.compile(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
TOLD_OF = {"Event", "LearningResource", "Course", "CourseInstance"}
LISTED = {
    "conference_data_a.json": 1427,
    "eventbrite_ardc_page1.json": 50,
    "mit_ocw_api_sample.json": 10,
    "mit_ol_events.json": 1,
    "mit_sloan_courses.json": 99,
    "mit_xpro_courses.json": 2,
    "mitpe_events.json": 6,
    "mitxonline_courses.json": 3,
    "ocsc_thai_a.json": 85,
    "openedx_discovery_mitx.json": 2,
    "openedx_discovery_non_mitx.json": 1,
    "pyvideo_talks_non_english.json": 450,
    "stepik_catalogue.json": 406,
    "stepik_python_raw.json": 180,
    "univ_poitiers_offerings.json": 98,
    "zenodo_ardc.json": 25,
}
WITHOUT_TITLE = "mit_sloan_runs.json"


def things(sample: Path, name: str) -> list[Any]:
    """Find by other means what a page tells of."""
    text = (sample / "feeds" / "html_jsonld" / name).read_text(encoding="utf-8")
    blocks = [json.loads(block, strict=False) for block in SCRIPT.findall(text)]
    return [one for block in blocks for one in block.get("@graph", [block])]


def pages(sample: Path) -> list[str]:
    return sorted(path.name for path in (sample / "feeds" / "html_jsonld").glob("*.html"))


def read(sample: Path, folder: str, name: str) -> list[Item]:
    return list(schemaorg.read(Feed((sample / "feeds" / folder / name).read_bytes())))


def test_real_pages_tell_of_what_stands_in_them(sample: Path) -> None:
    for name in pages(sample):
        told = [one["name"] for one in things(sample, name) if one.get("@type") in TOLD_OF]
        found = drafts(read(sample, "html_jsonld", name))
        assert [draft.texts[0].title for draft in found] == told
        assert all(draft.address and draft.languages for draft in found)
    assert len(pages(sample)) == 13


def test_real_lists_of_data_are_accounted_for(sample: Path) -> None:
    name = "nbis_course_instances.json"
    told = json.loads((sample / "feeds" / "jsonld" / name).read_text(encoding="utf-8"))
    items = read(sample, "jsonld", name)
    bad = [number for number, one in enumerate(told, 1) if "@type" not in one]
    assert [finding.line for finding in rejections(items)] == bad
    good = [one for one in told if "@type" in one]
    assert [draft.texts[0].title for draft in drafts(items)] == [one["name"] for one in good]
    assert all(draft.runs[0].starts_at for draft in drafts(items))
    [course] = drafts(read(sample, "jsonld", "sib_course.json"))
    assert len(course.runs) == 2


@pytest.mark.parametrize("name", sorted(LISTED))
def test_real_json_is_read_record_by_record(sample: Path, name: str) -> None:
    feed = Feed((sample / "feeds" / "json" / name).read_bytes())
    items = list(objects.read(feed))
    assert [draft.line for draft in drafts(items)] == list(range(1, LISTED[name] + 1))
    assert all(draft.texts[0].title for draft in drafts(items))
    assert {note.code for draft in drafts(items) for note in draft.findings} <= FINDINGS.keys()


def test_real_json_of_other_kinds_is_refused_with_a_reason(sample: Path) -> None:
    others = [path for folder in ("json", "xml") for path in (sample / "feeds" / folder).iterdir()]
    for path in others:
        for adapter in (schemaorg, moochub):
            if (path.name, adapter) != ("mit_ol_events.json", moochub):
                with pytest.raises(NotAFeed) as refused:
                    list(adapter.read(Feed(path.read_bytes())))
                assert refused.value.code in REASONS
    with pytest.raises(NotAFeed, match="no-title-column"):
        list(objects.read(Feed((sample / "feeds" / "json" / WITHOUT_TITLE).read_bytes())))
    assert {path.name for path in others} == {*LISTED, WITHOUT_TITLE, "31c3_schedule.xml"}


def test_real_answers_of_other_platforms_have_no_runs_for_open_edx(sample: Path) -> None:
    for name in ("openedx_discovery_mitx.json", "mitxonline_courses.json"):
        with pytest.raises(NotAFeed, match="lacks-part"):
            list(openedx.read(Feed((sample / "feeds" / "json" / name).read_bytes())))
