"""Cities and their names: no name leads to two of them, and every country is known."""

from __future__ import annotations

import tomllib
import unicodedata
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from babel import Locale

import courses
from academy.text import fold, fold_phrase

DATA = Path(courses.__file__).parent / "data"
ALPHABETS = {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW"}
COMMON_WORDS = """
    Alger Asmara Baku Beira Bursa Colonia Fez Giza Kabul Kano Kazan Lagos Lille Lima Medan Nice
    Oran Porto Praga Praia Roma Rosario Seul Surat Turku Вена Львов Тунис سيول تونس
"""


class Place(NamedTuple):
    """What the file says of a city."""

    country: str
    names: list[str]


@pytest.fixture(scope="module")
def places() -> list[Place]:
    content = tomllib.loads((DATA / "places.toml").read_text(encoding="utf-8"))
    assert list(content) == ["places"]
    return [Place(**place) for place in content["places"]]


def alphabets(name: str) -> set[str]:
    """Give the alphabets the letters of a name come from, of those that can be mistaken."""
    return {unicodedata.name(letter).split()[0] for letter in name if letter.isalpha()} & ALPHABETS


def test_there_are_cities_in_every_part_of_the_world(places: list[Place]) -> None:
    here_and_there = {"EG", "SN", "ZA", "BR", "MX", "CA", "IN", "CN", "ID", "TR", "KZ", "DE", "NZ"}
    assert here_and_there - {place.country for place in places} == set()
    assert len(places) >= 220


def test_every_place_has_two_names_or_more(places: list[Place]) -> None:
    assert [place for place in places if len(place.names) < 2] == []


def test_every_country_is_known(places: list[Place]) -> None:
    codes = {code for code in map(str, Locale("en").territories) if len(code) == 2}
    assert {place.country for place in places} - codes == set()


def test_countries_follow_each_other_in_order(places: list[Place]) -> None:
    countries = [place.country for place in places]
    assert countries == sorted(countries)


def test_no_name_stands_twice(places: list[Place]) -> None:
    for alike in (fold, fold_phrase):
        counted = Counter(alike(name) for place in places for name in place.names)
        assert [name for name, times in counted.items() if times > 1] == []


def test_names_are_written_cleanly(places: list[Place]) -> None:
    names = [name for place in places for name in place.names]
    assert [name for name in names if name != unicodedata.normalize("NFC", name.strip())] == []
    assert [name for name in names if len(alphabets(name)) > 1] == []


def test_names_that_are_common_words_are_left_out(places: list[Place]) -> None:
    names = {fold(name) for place in places for name in place.names}
    assert names & {fold(word) for word in COMMON_WORDS.split()} == set()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("القاهرة", "Cairo"), ("Köln", "Cologne"), ("伊斯坦布尔", "Istanbul"), ("กรุงเทพ", "Bangkok")],
)
def test_a_name_in_another_script_leads_to_the_city(
    places: list[Place], typed: str, meant: str
) -> None:
    assert [place.names[0] for place in places if typed in place.names] == [meant]
