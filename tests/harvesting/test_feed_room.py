"""A record has room for so many dates, and a file for so many in all; what is left out is noted."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.draft import Draft, Feed
from courses.harvesting.formats.room import FREE, MOST_EACH, MOST_IN_ALL, rows_of
from tests.harvesting.harvested import drafts
from tests.harvesting.nasty_feeds import series_of
from tests.harvesting.nasty_lines import dates_beyond_number

RUNS = 100


def read(adapter: str, content: bytes) -> Iterator[Draft]:
    return iter(drafts(list(ADAPTERS[adapter].read(Feed(content, address="https://a.example/x")))))


def rows_and_codes(found: Iterator[Draft]) -> list[tuple[int, bool]]:
    """Give how many dates each record has, and whether it says that some were left out."""
    return [
        (rows_of(one.runs), "dates-left-out" in {noted.code for noted in one.findings})
        for one in found
    ]


def moochub(count: int) -> bytes:
    days = [f"2099-{number // 28 + 1:02}-{number % 28 + 1:02}" for number in range(RUNS)]
    about = {"name": "Water", "url": "https://a.example/1", "startDate": days}
    return json.dumps(
        {"data": [{"id": str(n), "type": "courses", "attributes": about} for n in range(count)]}
    ).encode()


def test_a_record_has_room_for_so_many_dates() -> None:
    told = rows_and_codes(read("jsonl", dates_beyond_number()))
    whole = MOST_IN_ALL // (MOST_EACH - FREE)
    assert told[:whole] == [(MOST_EACH, True)] * whole
    assert told[whole + 1 :] == [(FREE, True)] * (len(told) - whole - 1)


def test_a_platform_has_room_for_so_many_dates_in_all() -> None:
    whole = MOST_IN_ALL // (RUNS - FREE)
    told = rows_and_codes(read("moochub", moochub(whole + 20)))
    assert told[:whole] == [(RUNS, False)] * whole
    assert told[-19:] == [(FREE, True)] * 19


@pytest.mark.parametrize("rule", ["RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR,SU"])
def test_a_calendar_has_room_for_so_many_dates_in_all_and_tells_the_nearest(rule: str) -> None:
    found = list(read("ical", series_of(rule, 60)))
    told = rows_and_codes(iter(found))
    assert told[0] == (400, False)
    assert told[-1] == (FREE, True)
    assert [run.starts_at for run in found[-1].runs] == [run.starts_at for run in found[0].runs][:2]
