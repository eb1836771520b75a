"""Excerpts: what an offer says around the words, in whose language, with the words marked."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import update

from academy.db import db, unit_of_work
from courses.catalogue.models import Offer
from courses.catalogue.queries import offers_by_id
from courses.catalogue.texts import OfferText
from courses.search.guiding.excerpts import Excerpt, excerpt
from courses.search.guiding.marking import Marker
from courses.search.lexicon import Lexicon
from courses.search.query import text_query
from tests.making import make_offer
from tests.search.indexed import indexed
from tests.visiting import Visitor

LONG = "Cities grow. " * 40


def marked(text: str, typed: str, language: str = "en") -> str:
    """Put brackets around the words of a text that were looked for."""
    found, end = "", 0
    for start, after in Marker(text_query(typed, Lexicon())).spans(text, language):
        found, end = f"{found}{text[end:start]}[{text[start:after]}]", after
    return found + text[end:]


@pytest.mark.parametrize(
    ("text", "typed", "language", "found"),
    [
        ("Water and cities.", "water", "en", "[Water] and cities."),
        (
            "A city's water, waters, watering",
            "water",
            "en",
            "A city's [water], [waters], [watering]",
        ),
        ("City, cities and citizens", "city", "en", "[City], [cities] and citizens"),
        ("Underwater", "water", "en", "Underwater"),
        ("Gestão e gestões", "gestao", "pt", "[Gestão] e [gestões]"),
        ("GESTIÓN del agua", "gestión", "es", "[GESTIÓN] del agua"),
        ("Die Straße", "strasse", "de", "Die [Straße]"),
        ("Organ music", "organisation", "en", "Organ music"),
        ("Программирование для города", "городе", "ru", "Программирование для [города]"),
        ("إدارة المياه في المدينة", "مدينة", "ar", "إدارة المياه في [المدينة]"),
        ("Pembangunan kota", "bangun", "id", "[Pembangunan] kota"),
        ("การจัดการน้ำในเมือง", "น้ำ", "th", "การจัดการ[น้ำ]ในเมือง"),
        ("海绵城市建设与城市", "城市", "zh", "海绵[城市]建设与[城市]"),
        ("Water and roads", "water -roads", "en", "[Water] and roads"),
        ("Water for all", '"water for"', "en", "[Water] [for] all"),
        ("Nothing here", "!!", "en", "Nothing here"),
        ("Cities", "(.*", "en", "Cities"),
        ("𝒳 cities 🏙 city", "cities", "en", "𝒳 [cities] 🏙 [city]"),
    ],
)
def test_words_are_marked_as_they_are_found(
    text: str, typed: str, language: str, found: str
) -> None:
    assert marked(text, typed, language) == found


def said(offer: Offer, typed: str, reader: str = "en") -> tuple[str, str | None] | None:
    """Give the excerpt as text with brackets, and its language."""
    [whole] = offers_by_id([offer.id]).values()
    told = excerpt(whole, Marker(text_query(typed, Lexicon())), reader)
    return (plain(told), told.language) if told else None


def plain(told: Excerpt) -> str:
    return "".join(f"[{part.text}]" if part.marked else part.text for part in told.parts)


def test_an_excerpt_begins_with_the_sentence_of_the_first_word(app: Flask) -> None:
    body = f"<p>{LONG}</p><p>Then comes water. It is clean.</p><p>{LONG}</p>"
    offer = make_offer("A title", summary="In short.", description=body)
    told = said(offer, "water")
    assert told is not None
    text, language = told
    assert text.startswith("…Then comes [water]. It is clean. Cities grow.")
    assert text.endswith("…")
    assert language is None
    assert 200 < len(text) < 260


def test_a_word_in_the_beginning_leaves_the_beginning(app: Flask) -> None:
    offer = make_offer("A title", summary="All about water & < b.", description="<p>Water</p>")
    assert said(offer, "water") == ("All about [water] & < b.", None)


def test_a_text_without_spaces_is_cut_too(app: Flask) -> None:
    offer = make_offer("標題", language="zh", description="建設" * 300 + "城市" + "建設" * 300)
    told = said(offer, "城市")
    assert told is not None
    assert told[0].count("[城市]") == 1
    assert told[1] == "zh"
    assert len(told[0]) < 260


def test_without_a_word_in_its_texts_there_is_no_excerpt(app: Flask) -> None:
    assert said(make_offer("Water", summary="About stairs."), "water") is None


def test_the_readers_language_comes_first_and_then_what_matches(app: Flask) -> None:
    offer = make_offer("Water", summary="About cities and water.")
    with unit_of_work():
        text = OfferText(language="fr", title="Eau", summary="De la ville, and water.")
        text.offer_id = offer.id
        db.session.add(text)
    assert said(offer, "water", "fr") == ("De la ville, and [water].", None)
    assert said(offer, "water", "en") == ("About cities and [water].", None)
    assert said(offer, "water", "es") == ("About cities and [water].", "en")
    assert said(offer, "about", "fr") == ("[About] cities and water.", "en")
    # What means the same, in the reader's language, is worth more than the very word in another.
    assert said(offer, "cities", "fr") == ("De la [ville], and water.", None)
    assert said(offer, "la", "en") == ("De [la] ville, and water.", "fr")


def test_the_list_marks_the_words_and_nothing_else_becomes_markup(app: Flask) -> None:
    make_offer("Rivers", summary="Water.")
    indexed(app)
    with unit_of_work():
        hostile = 'Clean <script>alert(1)</script> "water" for cities.'
        db.session.execute(update(OfferText).values(summary=hostile))
    page = Visitor(app).page("/en/learn?q=waters")
    shown = re.findall(r'<p class="summary">(.*?)</p>', page)
    assert shown == [
        "Clean &lt;script&gt;alert(1)&lt;/script&gt; &#34;<mark>water</mark>&#34; for cities."
    ]


def test_without_words_the_list_shows_summaries(app: Flask) -> None:
    make_offer("Rivers", summary="Clean water.")
    indexed(app)
    page = Visitor(app).page("/en/learn")
    assert re.findall(r'<p class="summary">(.*?)</p>', page) == ["Clean water."]
