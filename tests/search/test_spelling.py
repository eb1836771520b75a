"""Did you mean: only where a word is unknown, and the nearest word that is known."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask

from courses.search.answering.engine import Indexed
from courses.search.find import find
from courses.search.guiding.spelling import Spelling
from courses.search.params import SearchParams
from tests.making import NOW, make_offer
from tests.search.indexed import indexed
from tests.visiting import Visitor

TITLES = (
    *("Sustainable cities", "Water management", "Waters of the city", "Water for all"),
    *("Education for all", "Educación ciudadana", "Программирование", "إدارة المياه"),
    *("Planning", "Planing wood", "Planning streets", "Housing", "Hoisting", "2030 targets"),
)
SPELLING = Spelling(TITLES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("watre", "water"),
        ("Watar managment", "water management"),
        ("sustanible cities", "sustainable cities"),
        ("educasion", "educación"),
        ("edukation", "education"),
        ("программирвание", "программирование"),
        ("ادارت", "إدارة"),
        ('"watre" -roads', '"water" -roads'),
        ("plannin", "planning"),
        ("hoosing", "housing"),
        ("cit", ""),
        ("citx", ""),
        ("hxusxng", ""),
        ("2031", ""),
        ("targ3ts", ""),
        ("qwertzuiop", ""),
        ("การจดการ", ""),
        ("x" * 10_000, ""),
    ],
)
def test_an_unknown_word_is_replaced_by_the_nearest(typed: str, meant: str) -> None:
    unknown = {word.strip('"-') for word in typed.lower().split()}
    known = {"management", "cities", "roads"}
    assert SPELLING.corrected(typed, unknown - known) == meant


def test_of_two_as_near_the_more_frequent_is_meant() -> None:
    for other, frequent in (("planner", "planned"), ("planned", "planner")):
        spelling = Spelling([other, frequent, frequent])
        assert spelling.corrected("plannex", {"plannex"}) == frequent


def test_a_nearer_word_is_meant_before_a_more_frequent_one() -> None:
    spelling = Spelling(["foundation", "fundation", "fundation"])
    assert spelling.corrected("foundatin", {"foundatin"}) == "foundation"


def test_only_words_of_the_same_script_are_meant() -> None:
    assert Spelling(["сосна"]).corrected("cocna", {"cocna"}) == ""


def test_what_is_known_is_left_as_it_is() -> None:
    assert SPELLING.corrected("watre plannin", {"plannin"}) == "watre planning"


def read(app: Flask) -> None:
    """Have the words of titles and labels read."""
    engine: Indexed = app.extensions["search"]
    engine.guides.read(engine.stamp(), now=NOW)


@pytest.fixture
def town(app: Flask) -> Visitor:
    """Somebody in an academy with a few offers."""
    for title in ("Water for all", "Bridges of steel", "Streets and squares"):
        make_offer(title, summary="")
    indexed(app)
    read(app)
    return Visitor(app)


def test_a_word_is_unknown_when_no_offer_no_label_and_no_place_has_it(town: Visitor) -> None:
    def told(q: str) -> tuple[tuple[str, ...], str]:
        found = find(SearchParams(q), now=NOW)
        return found.unknown, found.corrected

    assert told("bridgas") == (("bridgas",), "bridges")
    assert told("bridgas of water") == (("bridgas",), "bridges of water")
    assert told("bridge") == ((), "")
    assert told("sanitation") == ((), "")
    assert told("qwertzuiop") == (("qwertzuiop",), "")
    assert told("Marrakesh") == ((), "")
    assert told("!!") == ((), "")


def test_a_label_is_meant_where_no_title_has_the_word(town: Visitor) -> None:
    assert find(SearchParams("sanitatoin"), now=NOW).corrected == "sanitation"


def test_where_something_is_found_the_page_asks_whether_it_was_meant(town: Visitor) -> None:
    page = unescape(town.page("/en/learn?q=bridgas%20of%20steel&kind=course"))
    link = '<a href="/en/learn?q=bridges+of+steel&kind=course" rel="nofollow">'
    assert page.count(f"{link}Did you mean “\u2068bridges of steel\u2069”?</a>") == 1
    assert page.count("<h3>") == 1


def test_where_nothing_is_found_the_page_shows_what_was_meant_and_leads_back(
    town: Visitor,
) -> None:
    page = unescape(town.page("/en/learn?q=brydges"))
    typed, meant = "\u2068brydges\u2069", "\u2068bridges\u2069"
    assert page.count(f"No offer has “{typed}”. The list shows what “{meant}” finds.") == 1
    assert page.count('<h2 id="h-res" tabindex="-1">1 offer</h2>') == 1
    assert page.count(' value="brydges"') == 1
    link = '<a href="/en/learn?q=brydges&typed=1" rel="nofollow">'
    assert page.count(f"{link}Search for “{typed}” all the same</a>") == 1


def test_who_insists_gets_what_was_typed(town: Visitor) -> None:
    page = unescape(town.page("/en/learn?q=brydges&typed=1"))
    assert page.count('<h2 id="h-res" tabindex="-1">0 offers</h2>') == 1
    assert page.count("Did you mean “\u2068bridges\u2069”?") == 1


def test_what_is_typed_and_meant_is_shown_as_words(town: Visitor) -> None:
    page = town.page("/en/learn?q=brydges%20%3Cscript%3Ealert(1)%3C/script%3E")
    assert page.count("<script>alert") == 0
