"""The glossary: in order, and what it joins."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest
from flask import Flask

from courses.search.analyzers import words
from courses.search.concepts import glossary, names, tables
from courses.search.find import find
from courses.search.params import SearchParams
from tests.making import NOW, make_offer
from tests.search.indexed import indexed

LANGUAGES = [
    *("en", "fr", "es", "pt", "it", "de", "nl", "ru", "uk", "tr"),
    *("ar", "fa", "hi", "zh", "ja", "ko", "th", "vi", "id", "sw"),
]


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.stem)
def test_a_table_has_a_column_for_every_language(table: object) -> None:
    with open(str(table), encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    assert header == ["code", *LANGUAGES]
    assert [row[0] for row in rows if len(row) != len(header)] == []


def test_every_concept_has_its_own_code() -> None:
    codes = []
    for table in tables():
        with table.open(encoding="utf-8", newline="") as lines:
            codes += [row["code"] for row in csv.DictReader(lines)]
    assert len(codes) == len(set(codes)) > 500


def test_a_name_stands_for_one_concept_in_a_language() -> None:
    meaning = defaultdict(set)
    for code, language, name in names():
        meaning[language, name.casefold()].add(code)
    assert {name: codes for name, codes in meaning.items() if len(codes) > 1} == {}


def said(text: str, language: str) -> list[str]:
    return sorted(glossary().said(tuple(words(text)), language))


def test_a_text_says_concepts_in_its_own_language_alone() -> None:
    assert said("Ciclovías para la ciudad", "es") == ["city", "cycling"]
    assert said("Ciclovías para la ciudad", "en") == []
    assert said("Fahrradwege in der Stadt", "de-AT") == ["city", "cycling"]
    assert said("Ciclovías", "qaa") == []


def test_a_query_means_concepts_in_any_language() -> None:
    def meant(typed: str) -> set[str]:
        return {code for _, code in glossary().meant(tuple(words(typed)))}

    assert meant("bike") == meant("bicicletas") == meant("велосипед") == {"cycling"}
    assert meant("xyzzy") == set()


def test_other_words_for_a_concept_come_after_the_very_word(app: Flask) -> None:
    lane = make_offer(title="Bicycle paths for all", language="en")
    ruta = make_offer(title="Ciclovías en la ciudad", language="es")
    make_offer(title="Something else", language="en")
    indexed(app)
    assert find(SearchParams("bicycle"), now=NOW).numbers == [lane.id, ruta.id]
    assert find(SearchParams("ciclovía"), now=NOW).numbers == [ruta.id, lane.id]
    assert find(SearchParams("自行车"), now=NOW).total == 2
    assert find(SearchParams('"bicycle"'), now=NOW).numbers == [lane.id]
