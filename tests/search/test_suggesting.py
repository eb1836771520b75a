"""Suggestions: what goes on as typed, in whose language first, how quickly, and at its address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from academy.db import unit_of_work
from courses.catalogue.content import RunContent
from courses.catalogue.operations import withdraw
from courses.search.answering.engine import Indexed
from courses.search.engine import Suggestion
from courses.search.find import suggest
from courses.search.guiding.suggesting import Entry, Suggestions
from courses.search.plain.engine import Plain
from tests.making import NOW, make_institution, make_offer
from tests.search.indexed import indexed

TITLES = (
    *(("Financing the Green City", "en"), ("Cities and water", "en"), ("Villes vertes", "fr")),
    *(
        ("Gestão da água", "pt"),
        ("การจัดการน้ำ", "th"),
        ("海绵城市建设", "zh"),
        ("المياه والمدن", "ar"),
    ),
)
TERMS = (
    *(Entry("Housing", "en", "housing"), Entry("Vivienda", "es", "housing")),
    *(Entry("Logement", "fr", "housing"), Entry("homes", "en", "housing")),
    *(Entry("Water and sanitation", "en", "water"), Entry("Agua y saneamiento", "es", "water")),
    Entry("Wasser", "de", "water"),
)


def texts(typed: str, language: str = "en", *, number: int = 8) -> list[str]:
    entries = {"issue": TERMS, "title": [Entry(*title) for title in TITLES]}
    return [one.text for one in Suggestions(entries).find(typed, language, number=number)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("fin", ["Financing the Green City"]),
        ("green c", ["Financing the Green City"]),
        ("  GREEN—city ", ["Financing the Green City"]),
        ("citi", ["Cities and water"]),
        ("reen", []),
        ("financing green", []),
        ("gestao da a", ["Gestão da água"]),
        ("การจัด", ["การจัดการน้ำ"]),
        ("城市", ["海绵城市建设"]),
        ("والمد", ["المياه والمدن"]),
        ("financing the green city", ["Financing the Green City"]),
        ("financing the green cities", []),
        ("%", []),
        (" ", []),
        ("x" * 10_000, []),
    ],
)
def test_a_text_is_found_by_how_its_words_begin_and_go_on(typed: str, found: list[str]) -> None:
    assert texts(typed) == found


def test_the_readers_language_comes_first_and_a_term_once() -> None:
    assert texts("ho") == ["Housing"]
    assert texts("w") == ["Water and sanitation", "Cities and water"]
    assert texts("w", "de") == ["Wasser", "Cities and water"]
    assert texts("vi", "en") == ["Vivienda", "Villes vertes"]
    assert texts("l", "fr") == ["Logement"]


def test_a_term_in_a_third_language_is_suggested_by_its_beginning_only() -> None:
    assert texts("san", "fr") == ["Water and sanitation"]
    assert texts("sane", "es") == ["Agua y saneamiento"]
    assert texts("sane", "fr") == []
    assert texts("agua", "fr") == ["Agua y saneamiento", "Gestão da água"]


def test_a_term_in_a_third_language_waits_until_none_in_the_readers_goes_on_as_typed() -> None:
    ways = [Entry("Watumishi wa umma", "sw", "public-service"), Entry("Vigezo", "sw", "norms")]
    suggestions = Suggestions({"issue": TERMS, "methodology": ways})

    def told(typed: str, language: str) -> list[str]:
        return [one.text for one in suggestions.find(typed, language, number=8)]

    assert told("wat", "en") == ["Water and sanitation"]
    assert told("wat", "sw") == ["Water and sanitation", "Watumishi wa umma"]
    assert told("watu", "en") == ["Watumishi wa umma"]
    assert told("vi", "en") == ["Vivienda", "Vigezo"]


def test_a_title_that_begins_as_typed_comes_before_one_that_goes_on_so() -> None:
    titles = [Entry("The water of cities", "en"), Entry("Water for all", "en")]
    found = Suggestions({"title": titles}).find("wat", "en", number=8)
    assert [one.text for one in found] == ["Water for all", "The water of cities"]


def test_of_many_offers_with_one_title_it_is_suggested_once() -> None:
    titles = [Entry("Water", "en"), Entry("WATER!", "en"), Entry("Water II", "en")]
    found = Suggestions({"title": titles}).find("wat", "en", number=8)
    assert [one.text for one in found] == ["Water", "Water II"]


def test_no_more_are_given_than_asked_for() -> None:
    titles = [Entry(f"Water {number}", "en") for number in range(500)]
    suggestions = Suggestions({"issue": TERMS, "title": titles})
    found = suggestions.find("w", "en", number=8)
    assert [one.text for one in found[:3]] == ["Water and sanitation", "Water 0", "Water 1"]
    assert len(found) == 8


def test_every_title_is_found_by_its_beginning(large: Flask) -> None:
    with large.app_context():
        engine = engine_of(large)
        missed = [
            title
            for title in titles_of(engine)
            if title not in {one.text for one in engine.suggest(title, "en", number=50)}
        ]
    assert missed == []


def engine_of(app: Flask) -> Indexed:
    """Give the engine of an academy with its guide read."""
    engine: Indexed = app.extensions["search"]
    engine.guides.read(engine.stamp(), now=NOW)
    return engine


def titles_of(engine: Indexed) -> list[str]:
    """Give titles all over the catalogue that have a word."""
    found = engine.guide().suggestions.find("s", "en", number=60)
    found += engine.guide().suggestions.find("d", "es", number=60)
    return [one.text for one in found if one.kind == "title"]


def test_what_is_withdrawn_or_over_is_not_suggested(app: Flask) -> None:
    gone = make_offer("Waterways")
    make_offer("Watermills")
    ended = RunContent(starts_at=NOW - timedelta(days=9), ends_at=NOW - timedelta(days=8))
    make_offer("Watermarks", runs=(ended,))
    indexed(app)
    with unit_of_work():
        withdraw(gone, now=NOW)
    assert [one.text for one in engine_of(app).suggest("waterw", "en", number=8)] == []
    assert [one.text for one in engine_of(app).suggest("waterm", "en", number=8)] == ["Watermills"]


def test_terms_and_institutions_are_suggested_beside_titles(app: Flask) -> None:
    make_institution("hill-school", name="Housing School of the Hill")
    make_offer("Housing for all", institution="hill-school")
    indexed(app)
    found = engine_of(app).suggest("housing", "en", number=8)
    assert [(one.kind, one.text, one.code) for one in found] == [
        ("issue", "Housing", "housing"),
        ("institution", "Housing School of the Hill", "hill-school"),
        ("title", "Housing for all", ""),
    ]


def test_without_an_index_titles_are_looked_up(app: Flask) -> None:
    make_offer("Water for all")
    make_offer("The water of cities", language="fr")
    make_offer("100% water_works")
    make_offer("Roads")
    for engine in (Plain().suggest, suggest):
        assert [one.text for one in engine("WAT", "en", number=8)] == [
            *("Water for all", "100% water_works", "The water of cities"),
        ]
        assert [one.text for one in engine("%", "en", number=8)] == []
        assert engine("road", "es", number=8) == [Suggestion("Roads", "title", language="en")]
        assert engine(" ", "en", number=8) == []


def test_the_first_suggestion_of_a_process_answers(app: Flask) -> None:
    make_offer("Water for all")
    indexed(app)
    engine: Indexed = app.extensions["search"]
    # From the guide, or where reading it takes long, from the database.
    assert engine.suggest("water f", "en", number=8) == [
        Suggestion("Water for all", "title", language="en")
    ]


def test_the_guide_is_read_in_the_background_once_the_index_has_moved(app: Flask) -> None:
    make_offer("Water for all")
    indexed(app)
    engine: Indexed = app.extensions["search"]
    engine.suggest("wat", "en", number=8)
    engine.guides.finish()
    kinds = {one.kind for one in engine.suggest("wat", "en", number=8)}
    assert kinds == {"issue", "title"}


def test_the_address_answers_in_the_readers_language(app: Flask, client: FlaskClient) -> None:
    make_offer("Vivienda para todas", language="es")
    indexed(app)
    engine_of(app)
    answer = client.get("/en/learn/suggestions?q=vivienda%20para%20t")
    assert answer.get_json() == {
        "announced": "1 suggestion",
        "suggestions": [
            {"text": "Vivienda para todas", "kind": "Course or webinar", "language": "es"}
        ],
    }
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers.getlist("Set-Cookie") == []
    nothing = client.get("/en/learn/suggestions?q=qqq")
    assert nothing.get_json() == {"announced": "0 suggestions", "suggestions": []}
    assert nothing.headers["Cache-Control"] == "no-store"


def test_no_offer_has_the_address_of_suggestions(app: Flask, client: FlaskClient) -> None:
    offer = make_offer("Suggestions")
    assert offer.slug.startswith("suggestions-")
    assert client.get(f"/en/learn/{offer.slug}").status_code == 200
