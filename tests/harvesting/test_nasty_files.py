"""The nastiest files that a partner could send are read or refused within bounds, one by one."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from courses.harvesting.adapting import ADAPTERS
from courses.harvesting.sentences import REASONS
from tests.harvesting.nasty import NASTY

SIZE = 100_000
"""Bytes of a file; `python -m tests.harvesting.weighing` weighs those of ten million."""

MOST_SECONDS, MOST_MEGABYTES = 20, 60
"""Of the processor, on a busy machine, and of memory beside what is loaded anyway."""

pytestmark = pytest.mark.slow


def test_there_are_nasty_files_for_every_adapter() -> None:
    assert sorted(NASTY) == sorted(ADAPTERS)


@pytest.mark.parametrize(
    "named",
    ["jsonl/dates beyond number", "ical/daily by the hundred", "ical/dates by the thousand"],
)
def test_dates_without_number_are_read_and_written_within_bounds(named: str) -> None:
    """A process of its own reads and writes each; one that is busy for a minute is ended."""
    command = [sys.executable, "-m", "tests.harvesting.weighing", named]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    weighed = json.loads(told)
    assert (weighed["code"], weighed["rejected"]) == ("", 0)
    assert weighed["records"] >= 100
    assert weighed["written"] > weighed["read"]
    assert weighed["megabytes"] < 300


def test_no_nasty_file_takes_too_much_memory_or_never_ends() -> None:
    """A process of its own reads each; one that is busy for a minute is ended by the system."""
    command = [sys.executable, "-m", "tests.harvesting.weighing", str(SIZE)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    weighed = [json.loads(line) for line in told.splitlines()]
    assert len(weighed) == sum(map(len, NASTY.values()))
    assert [one for one in weighed if "ended" in one] == []
    assert [one for one in weighed if one["megabytes"] > MOST_MEGABYTES] == []
    assert [one for one in weighed if one["read"] > MOST_SECONDS] == []
    assert {one["code"] for one in weighed} <= {"", *REASONS}
