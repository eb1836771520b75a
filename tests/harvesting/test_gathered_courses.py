"""Courses whose runs are spread over the pages of a platform."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from courses.harvesting.harvests import gathered
from courses.harvesting.harvests.asked import Asked
from courses.harvesting.harvests.fetching import Page
from tests.harvesting.harvested import offers
from tests.harvesting.partner import Partner, approved, partner_serving, read, sums
from tests.harvesting.runs_written import run

LIST = "/api/courses/v1/courses/"


@pytest.fixture
def partner() -> Iterator[Partner]:
    with partner_serving() as serving:
        yield serving


def publish(partner: Partner, *years: int) -> int:
    """Publish a course of a run each year, one a page, in this order."""
    for number, year in enumerate(years):
        told = run(
            id=f"course-v1:RiverX+WATER1+{year}",
            name=f"Water, {year}",
            start=f"{year}-01-01T00:00:00Z",
            end=f"{year}-03-01T00:00:00Z",
        )
        following = f"{partner.url}{LIST}?page={number + 2}" if number + 1 < len(years) else None
        page = f"?page={number + 1}" if number else "?page_size=100"
        content = json.dumps({"results": [told], "pagination": {"next": following}})
        partner.say(LIST + page, content)
    return approved(partner.url, "openedx", default_language="en")


@pytest.mark.parametrize("years", [(2015, 2099, 2050), (2099, 2050, 2015), (2050, 2015, 2099)])
def test_the_newest_run_speaks_for_a_course_whatever_page_it_is_on(
    app: Flask, partner: Partner, years: tuple[int, ...]
) -> None:
    assert sums(read(app, publish(partner, *years), partner)) == (1, 1, 0, 0, 0)
    [offer] = offers().values()
    assert offer.titles == {"en": "Water, 2099"}
    starts = {run.starts_at.year for run in offer.runs if run.starts_at}
    assert starts == set(years)


def test_of_very_many_runs_the_newest_are_kept(
    app: Flask, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathered, "MOST_RUNS", 2)
    read(app, publish(partner, 2099, 2015, 2050), partner)
    [offer] = offers().values()
    assert {run.starts_at.year for run in offer.runs if run.starts_at} == {2050, 2099}


def write(number: int, folder: Path) -> Page:
    told = [
        run(course=f"RiverX+N{number}-{turn}", short_description=f"{turn} water " * 500)
        for turn in range(20)
    ]
    file = folder / str(number)
    file.write_text(json.dumps({"results": told, "pagination": {"next": None}}))
    return Page(f"https://lms.example/{number}", str(number), None, file=file)


def test_courses_that_wait_for_their_other_runs_take_no_memory(tmp_path: Path) -> None:
    asked = Asked("openedx", "https://lms.example")
    pages = [write(number, tmp_path) for number in range(25)]
    # What is loaded with the first page stays.
    assert len(list(gathered.items_of(asked, pages[:1]))) == 20
    tracemalloc.start()
    try:
        courses = sum(1 for _item in gathered.items_of(asked, pages))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert courses == 25 * 20
    assert peak < sum(page.file.stat().st_size for page in pages if page.file) / 2
