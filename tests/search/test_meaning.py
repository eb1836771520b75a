"""Meaning beside words: the same said otherwise is found, and nothing else changes."""

from __future__ import annotations

import pytest
from flask import Flask

from academy.db import unit_of_work
from courses.catalogue import operations as catalogue
from courses.catalogue.queries import offers_by_id
from courses.search.find import index_folder
from courses.search.meaning.applying import Meaning
from courses.search.meaning.vectors import OfferVector
from courses.search.params import Sort
from tests.making import NOW, make_offer
from tests.search.indexed import drained, indexed
from tests.search.meant import Broken, Tiny, ask, meant, number_of


def test_what_means_the_same_is_named_apart_and_not_counted(
    app: Flask, offers: dict[str, int]
) -> None:
    alone = ask("vivienda")
    meant(app, Tiny())
    both = ask("vivienda")
    assert alone.near == ()
    assert both.near == (offers["Homes for all"],)
    assert (both.numbers, both.total, both.counts) == (alone.numbers, alone.total, alone.counts)
    assert alone.numbers == [offers["Vivienda digna"]]


def test_words_that_nobody_has_still_lead_to_what_they_mean(
    offers: dict[str, int], tiny: Tiny
) -> None:
    found = ask("poemas")
    assert (found.numbers, found.total, found.near) == ([], 0, (offers["Quiet verses"],))


def test_meaning_decides_among_those_that_have_the_words(app: Flask) -> None:
    plain = make_offer("Night school: transport", description="<p>night</p>").id
    about = make_offer("Night school: buses", description="<p>transport</p>").id
    indexed(app)
    by_words = ask("transport").numbers
    meant(app, Tiny())
    assert sorted(by_words) == sorted(ask("transport").numbers) == sorted((plain, about))
    assert ask("transport").near == ()


def test_filters_come_first(app: Flask, offers: dict[str, int]) -> None:
    spanish = make_offer("Poemas nuevos", language="es").id
    drained(index_folder(app))
    meant(app, Tiny())
    found = ask("shelter poetry", chosen={"language": ("es",)})
    assert found.near == (spanish,) or found.numbers == [spanish]
    assert offers["Quiet verses"] not in found.near


def test_a_withdrawn_offer_is_not_near(app: Flask, offers: dict[str, int], tiny: Tiny) -> None:
    with unit_of_work():
        catalogue.withdraw(offers_by_id([offers["Quiet verses"]])[offers["Quiet verses"]], now=NOW)
    drained(index_folder(app))
    assert ask("poemas").near == ()


@pytest.mark.parametrize("q", ['"poemas"', "poemas -verses", "नदी पानी", "", "..."])
def test_who_means_the_very_words_gets_these_alone(
    offers: dict[str, int], tiny: Tiny, q: str
) -> None:
    assert ask(q).near == ()


def test_other_orders_are_left_alone(offers: dict[str, int], tiny: Tiny) -> None:
    assert ask("poemas", sort=Sort.NEWEST).near == ()


def test_a_failure_leaves_the_answer_of_the_words(app: Flask, offers: dict[str, int]) -> None:
    alone = ask("vivienda")
    meaning = meant(app, Tiny())
    meaning.encoder = Broken()
    assert ask("vivienda") == alone


def test_without_vectors_the_first_query_waits_for_nobody(
    app: Flask, offers: dict[str, int]
) -> None:
    app.extensions["meaning"] = Meaning(Broken())
    assert ask("poemas").near == ()
    assert number_of(OfferVector) == 0


def test_a_query_is_encoded_once(offers: dict[str, int], tiny: Tiny) -> None:
    ask("poemas")
    before = len(tiny.given)
    ask("poemas", page=2)
    assert len(tiny.given) == before


@pytest.mark.parametrize(("having", "shown_on"), [(3, [1]), (19, [1]), (20, [1]), (41, [3])])
def test_what_is_near_is_named_once(
    app: Flask, offers: dict[str, int], having: int, shown_on: list[int]
) -> None:
    for number in range(having):
        make_offer(f"Zebra poemas {number}")
    drained(index_folder(app))
    meant(app, Tiny())
    near = {page: ask("poemas zebra", page=page).near for page in range(1, 6)}
    assert [page for page, found in near.items() if found] == shown_on
    assert set(near[shown_on[0]]) == {offers["Quiet verses"]}


def test_past_the_end_of_nothing_nothing_is_near(offers: dict[str, int], tiny: Tiny) -> None:
    assert ask("poemas").near == (offers["Quiet verses"],)
    assert ask("poemas", page=2).near == ()


def test_the_page_shows_it_below_the_list(app: Flask, offers: dict[str, int], tiny: Tiny) -> None:
    page = app.test_client().get("/en/learn?q=poemas").text
    assert page.count("Close in meaning") == 1
    assert page.count("Quiet verses") == 1
    assert "Close in meaning" not in app.test_client().get("/en/learn").text
