"""Texts in several languages at once."""

from __future__ import annotations

import time

import pytest

from courses.harvesting.reading.multilang import MOST_LANGUAGES, spoken


def span(text: str, language: str) -> str:
    return f'<span lang="{language}" class="multilang">{text}</span>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Water", {"": "Water"}),
        ("", {"": ""}),
        ("<span>Water</span>", {"": "<span>Water</span>"}),
        (span("Water", "en") + " " + span("Eau", "fr"), {"en": "Water", "fr": "Eau"}),
        (
            "1 " + span("Water", "en") + span("Eau", "fr") + " 2",
            {"en": "1 Water 2", "fr": "1 Eau 2"},
        ),
        ("<span class=multilang lang=pt_br>Água</span>", {"pt-BR": "Água"}),
        (span("Wa<span>te</span>r", "en"), {"en": "Wa<span>te</span>r"}),
        ('<span lang="en" class="multilang">Wa<span>te</span>r', {"en": "Wa<span>te</span>r"}),
        (span("Water", "xx_zz"), {"": "Water"}),
        (
            "{mlang en}Water{mlang}{mlang fr,es}Eau{mlang}",
            {"en": "Water", "fr": "Eau", "es": "Eau"},
        ),
        ("{mlang en}Water{mlang}{mlang other}Agua{mlang}", {"en": "Water"}),
        ("{mlang other}Agua{mlang}", {"": "Agua"}),
        (
            "{mlang en}Water{mlang}{mlang other}Agua{mlang} {mlang fr}2{mlang}",
            {"en": "Water", "fr": "2"},
        ),
        (
            "{mlang en}Water{mlang} and {mlang de}Stadt{mlang}",
            {"en": "Water and Stadt", "de": "Water and Stadt"},
        ),
    ],
)
def test_each_language_has_its_own_parts_and_what_is_meant_for_all(
    text: str, said: dict[str, str]
) -> None:
    assert spoken(text) == said


@pytest.mark.parametrize(
    "text",
    [
        '<span lang="en" class="multilang">' * 60_000,
        "<span " * 300_000,
        "{mlang en}" * 100_000,
        "</span>" * 200_000,
        (span("a", "en") + span("b", "fr") + " ") * 20_000,
        "".join(span("a", f"{one}{two}") for one in "abcdefst" for two in "aeinorst") * 400,
    ],
    ids=range(6),
)
def test_two_megabytes_of_marks_are_read_at_once(text: str) -> None:
    begun = time.perf_counter()
    assert 1 <= len(spoken(text)) <= MOST_LANGUAGES
    assert time.perf_counter() - begun < 5
