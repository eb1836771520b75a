"""The glossary: in order, and what it joins."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest
from flask import Flask

from courses.search.analyzers import words
from courses.search.answering.snapshots import Reader
from courses.search.concepts import glossary, names, narrower, tables
from courses.search.find import find
from courses.search.params import SearchParams
from courses.search.query import Way
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


def test_a_text_says_concepts_by_english_names_too_where_nothing_else_is_meant() -> None:
    assert "data-visualisation" in said("Introduzione alla Data Visualization", "it")
    assert "machine-learning" in said("Machine learning (தமிழ்)", "ta")
    assert said("курс по Blockchain", "ru") == ["blockchain"]
    # In Latin letters one word may mean another thing: "lecture" is reading in French.
    assert "lecture" in said("A lecture", "en")
    assert "lecture" not in said("La lecture", "fr")


def test_an_arabic_word_with_its_article_means_what_it_means_without() -> None:
    def meant(typed: str) -> set[str]:
        return {code for _, code in glossary().meant(tuple(words(typed)))}

    assert meant("المدينة") == meant("مدينة") != set()


def test_what_a_concept_takes_in_is_in_the_glossary_and_never_itself() -> None:
    codes = {code for code, _, _ in names()}
    below = narrower()
    assert len(below) > 200
    assert {one for some in (below, *below.values()) for one in some} - codes == set()
    assert [
        code for code, some in below.items() if code in some or len(set(some)) < len(some)
    ] == []


def test_what_a_concept_takes_in_is_found_behind_what_says_it(app: Flask) -> None:
    recycling = make_offer(title="Recycling", language="en")
    waste = make_offer(title="Déchets", language="fr")
    make_offer(title="Something else", language="en")
    indexed(app)
    assert find(SearchParams("rubbish"), now=NOW).numbers[:2] == [waste.id, recycling.id]
    assert find(SearchParams("recycling"), now=NOW).numbers[0] == recycling.id


def test_what_stands_for_a_word_is_no_rarer_than_the_word(app: Flask) -> None:
    for number in range(20):
        make_offer(title=f"Rubbish {number}", language="en")
    make_offer(title="Recycling", language="en")
    matcher = Reader(indexed(app)).snapshot().matcher
    named, below = Way(("*waste",)), Way(("*recycling",), within=("*waste",))
    assert matcher.rarity_of(Way(("*recycling",))) > matcher.rarity_of(named)
    assert matcher.rarity_of(below) == matcher.rarity_of(named)


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
