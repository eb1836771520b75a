"""The queries that relevance is measured by are what they promise to be."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.relevance.judged import FOLDER, TYPES, Judged, judged_queries
from courses.harvesting.reading.languages import language
from tests.house.sources import name_of

AT_LEAST = {"known": 60, "topic": 40, "morphology": 30, "cross": 40, "script": 20}
LANGUAGES = 15
MOST_RELEVANT = 30
LONGEST_FILE = 250
PROMISED = frozenset(
    (
        *("en", "es", "fr", "pt", "ar", "ru", "zh", "hi", "th"),
        *("id", "tr", "de", "it", "ja", "ko", "vi", "sw"),
    )
)


def plain(text: str) -> str:
    """Let go of what does not tell two texts apart."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    shown = (char for char in composed if unicodedata.category(char) != "Cf")
    return " ".join("".join(shown).split())


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    return judged_queries()


@pytest.fixture(scope="module")
def languages(sample: Path) -> dict[str, str]:
    """The language of every record of the sample."""
    lines = (sample / "courses.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return {f"{one['source']}:{one['source_id']}": one["language"] for one in records}


def test_there_are_as_many_of_each_type_as_promised(judged: list[Judged]) -> None:
    counted = Counter(one.type for one in judged)
    assert counted.keys() == TYPES.keys()
    assert {type_: counted[type_] >= least for type_, least in AT_LEAST.items()} == dict.fromkeys(
        AT_LEAST, True
    )


def test_they_are_in_many_languages(judged: list[Judged]) -> None:
    spoken = {one.language for one in judged}
    assert len(spoken) >= LANGUAGES
    assert PROMISED - spoken == set()
    assert {code for code in spoken if language(code) != code} == set()


def test_no_query_is_asked_twice(judged: list[Judged]) -> None:
    counted = Counter(plain(one.query) for one in judged if one.type != "script")
    assert [query for query, times in counted.items() if times > 1] == []
    assert max(Counter(one.query for one in judged).values()) == 1


def test_each_has_something_relevant_and_not_too_much(judged: list[Judged]) -> None:
    assert {one.query for one in judged if not 1 <= len(one.relevant) <= MOST_RELEVANT} == set()


def test_one_half_is_kept_for_the_verdict(judged: list[Judged]) -> None:
    for type_ in TYPES:
        members = [one for one in judged if one.type == type_]
        held = sum(one.is_held for one in members)
        assert 0.35 <= held / len(members) <= 0.65, type_


def test_the_files_stay_readable() -> None:
    lines = {name_of(path): len(path.read_text().splitlines()) for path in FOLDER.glob("*.toml")}
    assert {name for name, count in lines.items() if count > LONGEST_FILE} == set()


@pytest.mark.sample
def test_what_is_relevant_stands_in_the_sample(
    judged: list[Judged], languages: dict[str, str]
) -> None:
    named = {name for one in judged for name in one.relevant}
    assert named - languages.keys() == set()


@pytest.mark.sample
def test_no_query_is_a_title(judged: list[Judged], sample: Path) -> None:
    lines = (sample / "courses.jsonl").read_text(encoding="utf-8").splitlines()
    titles = {plain(json.loads(line)["title"]) for line in lines}
    assert {one.query for one in judged if plain(one.query) in titles} == set()


@pytest.mark.sample
def test_across_languages_means_in_other_languages(
    judged: list[Judged], languages: dict[str, str]
) -> None:
    at_home = {
        one.query
        for one in judged
        for name in one.relevant
        if one.type == "cross" and languages[name].partition("-")[0] == one.language
    }
    assert at_home == set()
