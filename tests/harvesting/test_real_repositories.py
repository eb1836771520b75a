"""Real answers of repositories, real workbooks: every record accounted for, none lost."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from courses.harvesting.adapters import moodle, oai, schedule, sheet
from courses.harvesting.draft import Draft, Feed, Finding, Gone, NotAFeed

pytestmark = pytest.mark.sample
BASE = "https://repository.example/oai"
RECORDS: dict[str, dict[str, int]] = {
    # The records of a preprint server, in a form of its own.
    "arxiv_cs_listrecords.xml": {"unknown-format": 46},
    "ckan_oai_pmh.xml": {"Draft": 1},
    "elis_listrecords_1.xml": {"Gone": 1, "Draft": 1},
    "elis_listrecords_2.xml": {"Gone": 1, "Draft": 1},
    "tess_rdf_listrecords.xml": {"Draft": 2},
}
REFUSED = {"error_badResumptionToken.xml": "token-expired", "listsets.xml": "not-oai"}
FOLLOWED = {
    "elis_listrecords_1.xml": [f"{BASE}?verb=ListRecords&resumptionToken=ListRecords2.xml"],
    "elis_listrecords_2.xml": [f"{BASE}?verb=ListRecords&resumptionToken=ListRecords3.xml"],
}


def feed(sample: Path, name: str) -> Feed:
    return Feed((sample / "feeds" / name).read_bytes())


def kinds(items: list[Draft | Finding | Gone]) -> dict[str, int]:
    names = (one.code if isinstance(one, Finding) else type(one).__name__ for one in items)
    return dict(Counter(names))


def test_every_answer_of_the_sample_is_known(sample: Path) -> None:
    found = sorted(path.name for path in (sample / "feeds" / "oai_pmh").glob("*.xml"))
    assert found == sorted([*RECORDS, *REFUSED])


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_every_record_of_a_real_repository_is_accounted_for(sample: Path, name: str) -> None:
    found = feed(sample, f"oai_pmh/{name}")
    items = list(oai.read(found))
    assert kinds(items) == RECORDS[name]
    told = [
        one.strip()
        for one in re.findall("<header.*?<identifier>(.*?)<", found.content.decode(), re.DOTALL)
    ]
    assert [one.external_id for one in items] == told
    leads = oai.following(found, f"{BASE}?verb=ListRecords")
    assert [one.partition("#")[0] for one in leads] == FOLLOWED.get(name, [])
    drafts = [one for one in items if isinstance(one, Draft)]
    assert all(draft.texts[0].title and draft.address for draft in drafts)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_an_answer_without_records_is_refused_with_its_reason(sample: Path, name: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        list(oai.read(feed(sample, f"oai_pmh/{name}")))
    assert refused.value.code == REFUSED[name]


@pytest.mark.filterwarnings("ignore:Data Validation")
def test_a_real_workbook_is_read_row_by_row_with_its_hours(sample: Path) -> None:
    name = "xlsx/acad_inpi_calendario.xlsx"
    page = openpyxl.load_workbook(sample / "feeds" / name).worksheets[0]
    told = [str(row[3]) for row in page.iter_rows(min_row=2, values_only=True)]
    drafts = [one for one in sheet.read(feed(sample, name)) if isinstance(one, Draft)]
    assert [draft.texts[0].title for draft in drafts] == told
    assert [len(told), len({draft.external_id for draft in drafts})] == [9, 9]
    first, whole_day = (draft.runs[0] for draft in drafts[:2])
    assert (str(first.starts_at), str(first.ends_at)) == (
        *("2025-01-06 10:00:00+00:00", "2025-01-06 11:00:00+00:00"),
    )
    assert (str(whole_day.starts_at), whole_day.ends_at) == ("2025-01-06 00:00:00+00:00", None)


def test_every_talk_of_a_real_programme_is_read_with_its_hours(sample: Path) -> None:
    found = feed(sample, "xml/31c3_schedule.xml")
    drafts = [one for one in schedule.read(found) if isinstance(one, Draft)]
    ids = re.findall(r"<event guid='(.*?)'", found.content.decode())
    assert [draft.external_id for draft in drafts] == ids
    assert len(ids) == 138
    assert all(run.starts_at and run.ends_at for draft in drafts for run in draft.runs)
    taught = Counter(one.code for draft in drafts for one in draft.languages)
    assert taught == {"en": 113, "de": 25}


@pytest.mark.parametrize("folder", ["json", "xml", "jsonld", "rss", "html_jsonld", "ics"])
def test_what_is_of_another_kind_is_refused_and_never_raises_anything_else(
    sample: Path, folder: str
) -> None:
    codes: Counter[str] = Counter()
    files = [path for path in sorted((sample / "feeds" / folder).rglob("*")) if path.is_file()]
    for path in files:
        for adapter in (oai, sheet, moodle):
            with pytest.raises(NotAFeed) as refused:
                list(adapter.read(Feed(path.read_bytes())))
            codes[refused.value.code] += 1
    assert codes.total() == 3 * len(files) > 0
