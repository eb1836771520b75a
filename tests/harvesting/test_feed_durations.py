"""Durations as programs write them, as people read them."""

from __future__ import annotations

import pytest

from courses.harvesting.reading.durations import spelled


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("PT1H30M", "1 h 30 min"),
        ("PT90M", "1 h 30 min"),
        ("PT45S", "1 min"),
        ("PT3M20.5S", "3 min"),
        ("P1DT6H", "1 d 6 h"),
        ("P6W", "42 d"),
        ("PT10H", "10 h"),
        ("P2M4D", ""),
        ("P1Y", ""),
        ("PT0S", ""),
        ("PT", ""),
        ("P1.5D", ""),
        ("P", ""),
        ("3 hours a week", "3 hours a week"),
        ("Pottery", "Pottery"),
        ("", ""),
        ("PT" + "9" * 1_000 + "H", ""),
    ],
)
def test_a_duration_is_spelled_in_signs_of_every_language(written: str, read: str) -> None:
    assert spelled(written) == read
