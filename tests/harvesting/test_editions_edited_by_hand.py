"""Editions that people edited or removed, when their feed says something else of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.harvesting.edited_by_hand import (
    FULL,
    LATER,
    edit,
    form,
    noted_upstream,
)
from tests.harvesting.harvested import CATALOGUE, harvest, lines, offer
from tests.making import make_person
from tests.taking_part import enrol

pytestmark = pytest.mark.usefixtures("app")
NEXT_DAY = LATER + timedelta(days=1)
KEPT = (*CATALOGUE, "field_origins", "offer_versions")


def title() -> str:
    return offer().titles["en"]


def test_an_edited_edition_stays_as_a_whole_and_the_other_follows() -> None:
    runs = [{"starts": "2027-03-01", "ends": "2027-04-01"}, {"starts": "2027-09-01"}]
    harvest(lines(FULL | {"runs": runs}))
    references = [run.reference for run in offer().runs]
    told_form = form()
    told_form["runs"][0]["starts_at"] = "2027-03-08T00:00"
    edit({"runs": told_form["runs"]})
    moved = [{"starts": "2027-03-15", "ends": "2027-04-15"}, {"starts": "2027-10-01"}]
    outcome = harvest(lines(FULL | {"runs": moved}))
    after = offer().runs
    assert [run.reference for run in after] == references
    assert [f"{run.starts_at:%m-%d}" for run in after] == ["03-08", "10-01"]
    assert outcome.report.locked == 1
    [noted] = noted_upstream().values()
    assert noted[f"runs.{references[0]}.starts_at"] == "2027-03-15T00:00"


def test_an_edition_that_people_removed_does_not_come_back() -> None:
    runs = [{"starts": "2027-03-01"}, {"starts": "2027-09-01"}]
    harvest(lines(FULL | {"runs": runs}))
    kept = form()["runs"][1:]
    edit({"runs": kept})
    harvest(lines(FULL | {"runs": runs, "provider": "Lake School"}))
    assert [f"{run.starts_at:%m-%d}" for run in offer().runs] == ["09-01"]


def test_people_in_an_edited_edition_keep_their_places() -> None:
    harvest(lines(FULL | {"runs": [{"starts": "2027-03-01", "capacity": 10}]}))
    told_form = form()
    edit({"runs": [told_form["runs"][0] | {"capacity": "5"}]})
    [run] = offer().runs
    reference, starts_at = run.reference, run.starts_at
    enrol(make_person("ana@example.org"), reference)
    harvest(lines(FULL | {"runs": [{"starts": "2027-05-01", "capacity": 1}]}))
    [after] = offer().runs
    assert (after.reference, after.taken, after.capacity) == (reference, 1, 5)
    assert after.starts_at == starts_at
