"""How rare a word is, is told by the language that says it most."""

from __future__ import annotations

import numpy as np
import pytest
from flask import Flask

from courses.search.answering.rarities import ENOUGH
from courses.search.answering.snapshots import Reader
from courses.search.find import find
from courses.search.params import SearchParams
from courses.search.weights import OWN_LANGUAGE, rarity
from tests.making import NOW, make_offer
from tests.search.indexed import indexed


def test_the_commonest_word_of_a_small_language_is_not_rare(app: Flask) -> None:
    for number in range(ENOUGH):
        make_offer(f"Curso y taller {number}", language="es")
    for number in range(4 * ENOUGH):
        make_offer(f"Lesson {number}", language="en")
    weigh = Reader(indexed(app)).snapshot().matcher.rarity
    assert weigh(("=y",)) < 0.05
    assert weigh(("=lesson",)) < rarity(4 * ENOUGH, 5 * ENOUGH)
    assert weigh(("=29",)) == pytest.approx(rarity(2, 5 * ENOUGH))
    assert weigh(("=nowhere",)) == rarity(0, 5 * ENOUGH)


def test_of_equal_offers_those_in_the_language_of_the_words_come_first(app: Flask) -> None:
    for number in range(ENOUGH):
        make_offer(f"Aprender cosas {number}", language="es")
        make_offer(f"Learn things {number}", language="en")
    spanish = make_offer("Git", language="es")
    english = make_offer("Git", language="en")
    snapshot = Reader(indexed(app)).snapshot()
    assert find(SearchParams("aprender git"), now=NOW).numbers.index(spanish.id) < find(
        SearchParams("aprender git"), now=NOW
    ).numbers.index(english.id)
    assert find(SearchParams("learn git"), now=NOW).numbers[0] == english.id
    at = [
        int(np.flatnonzero(snapshot.segments[0][0].keys["number"] == one)[0])
        for one in (spanish.id, english.id)
    ]
    gained = snapshot.matcher.rarity.gains(["=aprender", "=git"], 0, np.array(at, np.uint32))
    assert 1 + OWN_LANGUAGE >= gained[0] > 1 + 0.9 * OWN_LANGUAGE
    assert gained[1] < 1 + 0.1 * OWN_LANGUAGE


def test_offers_with_the_telling_words_come_before_those_with_the_small_ones(app: Flask) -> None:
    for number in range(ENOUGH):
        make_offer(f"La casa y la cosa {number}", language="es")
    for number in range(4 * ENOUGH):
        make_offer(f"Lesson {number}", language="en")
    wanted = make_offer("Manglares", language="es")
    indexed(app)
    assert find(SearchParams("la vida y los manglares"), now=NOW).numbers[0] == wanted.id
