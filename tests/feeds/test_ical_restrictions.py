"""Calendar files held against RFC 5545 and 5546 by libical, where it is installed."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import replace

import pytest

from courses.feeds.ical import Hour, calendar
from tests.feeds.test_ical import CHANGES, HOUR, ZONES, at

Judge = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def judge() -> Judge:
    """Give the errors that libical finds in a calendar."""
    name = find_library("ical")
    if name is None:
        pytest.skip("libical is not installed on this machine (package libical3)")
    library = ctypes.CDLL(name)
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalrestriction_check.argtypes = [ctypes.c_void_p]
    library.icalcomponent_as_ical_string.restype = ctypes.c_void_p
    library.icalcomponent_as_ical_string.argtypes = [ctypes.c_void_p]

    def errors(text: str) -> list[str]:
        parsed = library.icalparser_parse_string(text.encode())
        library.icalrestriction_check(parsed)
        told = ctypes.string_at(library.icalcomponent_as_ical_string(parsed)).decode()
        lines = told.replace("\r\n ", "").splitlines()
        return [line.partition("Failed ")[2] for line in lines if line.startswith("X-LIC-ERROR")]

    return errors


def written(*hours: Hour) -> str:
    """Write a calendar of these hours."""
    return calendar(hours, name="Wasser, Recht; und mehr", language="de")


def test_a_file_keeps_every_rule(judge: Judge) -> None:
    assert judge(written(HOUR)) == []
    assert judge(written(replace(HOUR, cancelled=True, sequence=3))) == []


def test_many_zones_in_one_file_keep_every_rule(judge: Judge) -> None:
    hours = [
        replace(at(change, zone), uid=f"{zone}-{number}")
        for zone in ZONES
        for number, change in enumerate(CHANGES)
    ]
    assert judge(written(*hours)) == []


def test_what_is_missing_would_be_found(judge: Judge) -> None:
    without = "".join(
        line
        for line in written(HOUR).splitlines(keepends=True)
        if not line.startswith(("DTSTAMP", "UID"))
    )
    found = {line.partition(" property")[0].rpartition(" ")[2] for line in judge(without)}
    assert found == {"DTSTAMP", "UID"}
