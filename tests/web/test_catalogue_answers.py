"""What the catalogue says of an answer: whether all words are there, and what else there is."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask

from academy.db import utcnow
from courses.catalogue.content import LanguageContent, RunContent
from courses.catalogue.models import Cost
from courses.search.find import index_folder
from courses.search.indexing import rebuild
from courses.search.params import MOST_VALUES
from tests.making import make_offer
from tests.visiting import Visitor

DAY = timedelta(days=1)
WAY = re.compile(r'<ul class="ways">(.*?)</ul>', re.DOTALL)
LABEL = re.compile(r'<a href="([^"]+)">([^<]+)</a>')
NOTE = re.compile(r'<p class="note note--warn mt-4">([^<]+)</p>')
ANNOUNCED = re.compile(r'data-announced="([^"]+)"')
HEADING = re.compile(r'<h2 id="h-res"[^>]*>([^<]+)</h2>')
FACET = re.compile(r'<details class="facet fold" id="facet-([a-z]+)"( open)?>')
MARK = re.compile(r"<strong><svg.*?</svg> (In [^<]+)</strong>", re.DOTALL)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """A visitor of a catalogue that each test fills."""
    return Visitor(app)


def page(app: Flask, visitor: Visitor, path: str) -> str:
    """Index what there is, and show a page."""
    rebuild(index_folder(app), now=utcnow())
    return html.unescape(visitor.page(path))


def ways(shown: str) -> list[tuple[str, str]]:
    [listed] = WAY.findall(shown)
    return [(label, url) for url, label in LABEL.findall(listed)]


def values(shown: str, facet: str) -> tuple[list[str], list[str]]:
    """List the values of a facet that are seen at first, and those behind "more"."""
    inside = shown.split(f'id="facet-{facet}"')[1].split('<details class="facet', maxsplit=1)[0]
    first, _more, rest = inside.partition('<details class="more')
    name = re.compile(rf'name="{facet}" id="[^"]+" value="([^"]+)"')
    return name.findall(first), name.findall(rest)


def test_it_is_said_how_many_offers_have_all_words(app: Flask, visitor: Visitor) -> None:
    make_offer("Harbour gardens")
    make_offer("Harbour towns")
    make_offer("Hidden gardens")

    shown = page(app, visitor, "/en/learn?q=harbour+gardens")

    sentence = "1 offer has all your words. The others have some of them."
    assert shown.count(f'<p class="outcome mt-4">{sentence}</p>') == 1
    assert ANNOUNCED.findall(shown) == [f"3 offers. {sentence}"]
    assert HEADING.findall(shown) == ["3 offers"]


def test_it_is_said_when_no_offer_has_all_words(app: Flask, visitor: Visitor) -> None:
    make_offer("Harbour towns")
    make_offer("Hidden gardens")

    shown = page(app, visitor, "/en/learn?q=harbour+gardens")

    assert "No offer has all your words. These have some of them." in shown


@pytest.mark.parametrize("path", ["/en/learn?q=harbour", "/en/learn", "/en/learn?q=nothing"])
def test_nothing_is_said_of_words_where_there_is_nothing_to_say(
    app: Flask, visitor: Visitor, path: str
) -> None:
    make_offer("Harbour towns")

    shown = page(app, visitor, path)

    assert "your words" not in shown
    assert ANNOUNCED.findall(shown) == HEADING.findall(shown)


def test_an_offer_in_another_language_is_marked(app: Flask, visitor: Visitor) -> None:
    make_offer("Water for all", languages=[LanguageContent("en"), LanguageContent("fr")])
    make_offer("Agua para todos", language="es", languages=[LanguageContent("es-MX")])

    assert MARK.findall(page(app, visitor, "/en/learn")) == ["In Mexican Spanish"]
    spanish = MARK.pattern.replace("In ", "En ")
    assert re.findall(spanish, page(app, visitor, "/es/learn")) == ["En inglés, francés"]


def test_words_lead_to_offers_in_other_languages_and_these_are_marked(
    app: Flask, visitor: Visitor
) -> None:
    make_offer("A roof over every head", issues=("housing",))

    shown = page(app, visitor, "/th/learn?q=ที่อยู่อาศัย")

    assert HEADING.findall(shown) == ["1 offer"]
    assert MARK.findall(shown) == ["In อังกฤษ"]


def test_what_is_over_is_offered_when_nothing_is_coming(app: Flask, visitor: Visitor) -> None:
    now = utcnow()
    over = RunContent(now - 9 * DAY, now - 8 * DAY)
    make_offer("Harbour week", runs=[over], now=now - 20 * DAY)

    shown = page(app, visitor, "/en/learn?q=harbour")

    assert HEADING.findall(shown) == ["0 offers"]
    assert ways(shown) == [("Among what is over: 1 offer", "/en/learn?q=harbour&when=past")]
    assert HEADING.findall(page(app, visitor, "/en/learn?q=harbour&when=past")) == ["1 offer"]

    asked = page(app, visitor, "/en/learn?q=harbour&when=upcoming")
    over_too = "/en/learn?q=harbour&when=past&when=upcoming"
    assert ("Among what is over: 1 offer", over_too) in ways(asked)


def test_nothing_found_leads_to_the_same_without_filters_and_to_what_words_name(
    app: Flask, visitor: Visitor
) -> None:
    make_offer("Roofs", issues=("housing",), cost=Cost.PAID)
    make_offer("Wells", issues=("water",))

    path = "/en/learn?q=roofs+housing&language=fr&cost=free"
    shown = page(app, visitor, path)

    assert ways(shown) == [
        ("Without any filter: 1 offer", "/en/learn?q=roofs+housing"),
        ("All of “\u2068Housing\u2069”: 1 offer", "/en/learn?issue=housing"),
    ]
    for label, url in ways(shown):
        [found] = HEADING.findall(visitor.page(url))
        assert label.endswith(f": {found}")


def test_values_of_one_facet_are_left_out_together(app: Flask, visitor: Visitor) -> None:
    make_offer("Wells")

    shown = page(app, visitor, "/en/learn?q=wells&language=fr&language=es")

    without = "Without “\u2068Español\u2069, \u2068Français\u2069”: 1 offer"
    assert ways(shown)[0] == (without, "/en/learn?q=wells")


def test_many_values_show_the_most_frequent_and_the_chosen_first(
    app: Flask, visitor: Visitor
) -> None:
    for number in range(9):
        make_offer(f"Offer {number}", institution=f"school-{number}")
    make_offer("Another", institution="school-8")

    first, more = values(page(app, visitor, "/en/learn"), "institution")
    assert (first[0], len(first), len(more)) == ("school-8", 6, 3)
    chosen, _rest = values(page(app, visitor, f"/en/learn?institution={more[-1]}"), "institution")
    assert chosen[:2] == [more[-1], "school-8"]


def test_of_many_issues_the_narrower_ones_stand_behind_more_under_their_wider_one(
    app: Flask, visitor: Visitor
) -> None:
    wider = ("water", "housing", "mobility", "finance", "culture", "economy", "digital")
    for issue in (*wider, "migration", "resilience", "energy"):
        make_offer(issue.title(), issues=(issue,))

    shown = page(app, visitor, "/en/learn")

    first, more = values(shown, "issue")
    assert (first[0], len(first)) == ("climate", 8)
    assert more == ["resilience", "energy", *sorted({*wider, "migration"} - {*first})]
    chosen, _rest = values(page(app, visitor, "/en/learn?issue=energy"), "issue")
    assert chosen[0] == "energy"


def test_the_open_facets_are_the_three_and_those_with_a_choice(
    app: Flask, visitor: Visitor
) -> None:
    make_offer("Wells")

    plain = {name for name, is_open in FACET.findall(page(app, visitor, "/en/learn")) if is_open}
    chosen = FACET.findall(page(app, visitor, "/en/learn?cost=free"))

    assert plain == {"language", "issue", "methodology"}
    assert {name for name, is_open in chosen if is_open} == {*plain, "cost"}


def test_a_thousand_values_are_cut_and_told_in_few_words(app: Flask, visitor: Visitor) -> None:
    make_offer("Wells")
    many = "&".join(f"language=x{number}" for number in range(1000))

    shown = page(app, visitor, f"/en/learn?{many}&issue=water")

    assert NOTE.findall(shown) == [
        *(f"“\u2068x{number}\u2069” is unknown here and was left out." for number in range(4)),
        f"{MOST_VALUES - 4} more values are unknown here and were left out.",
        f"Language: only the first {MOST_VALUES} values were read.",
    ]
    assert HEADING.findall(shown) == ["1 offer"]


def test_words_of_another_direction_turn_nothing_in_a_sentence(
    app: Flask, visitor: Visitor
) -> None:
    make_offer("Wells")
    typed = "زرافة"

    shown = page(app, visitor, f"/en/learn?q={typed}&language=fr&issue={typed}")

    assert NOTE.findall(shown) == [f"“\u2068{typed}\u2069” is unknown here and was left out."]
    assert shown.count(f"<title>\u2068{typed}\u2069 – \u2068Français\u2069: 0 offers") == 1


def test_a_way_out_sets_apart_what_it_leaves_out(app: Flask, visitor: Visitor) -> None:
    make_offer("Wells")
    shown = page(app, visitor, "/en/learn?q=زرافة")
    assert ways(shown)[-1][0] == "Without “\u2068زرافة\u2069”: 1 offer"
