"""Terms that a partner's word might mean: by labels in every language, by concepts, by looks."""

from __future__ import annotations

import pytest
from flask import Flask

from courses.harvesting.words.suggestions import MOST, Suggester
from courses.vocabularies.queries import vocabularies


@pytest.fixture
def suggester(app: Flask) -> Suggester:
    assert app.name
    return Suggester(vocabularies())


def first(suggester: Suggester, word: str, among: str = "") -> tuple[str, str, str, bool] | None:
    for one in suggester.suggestions(word, among):
        return one.term.code, one.name, one.language, one.exact
    return None


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("klimawandel", ("climate", "Klimawandel", "de", True)),
        ("ciclovia", ("mobility", "ciclovía", "es", True)),
        ("水", ("water", "水", "zh", True)),
        ("formation à distance", ("mooc", "formation à distance", "fr", True)),
        ("Huosing", ("housing", "Housing", "en", False)),
        ("Urban mobility in practice", ("mobility", "Mobility", "en", False)),
        ("zzzz", None),
        ("a", None),
        ("", None),
        ("x" * 5_000, None),
    ],
)
def test_a_word_finds_terms_by_their_names(
    suggester: Suggester, word: str, found: tuple[str, str, str, bool] | None
) -> None:
    assert first(suggester, word) == found


def test_words_of_an_audience_find_audiences_alone(suggester: Suggester) -> None:
    assert first(suggester, "mayors", "audience") == ("elected", "mayors", "en", True)
    assert first(suggester, "klimawandel", "audience") is None


def test_a_term_is_suggested_once_and_few_are(suggester: Suggester) -> None:
    for word in ("water", "urban planning for climate and housing and mobility", "gender"):
        codes = [one.term.code for one in suggester.suggestions(word)]
        assert len(codes) == len(set(codes)) <= MOST
