"""`flask search`: explain an answer, compare the index with the database, build it anew."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask, current_app
from sqlalchemy import UpdateBase, delete, update

from academy.db import db, unit_of_work
from courses.catalogue.models import Level, Offer, OfferTerm
from courses.catalogue.runs import Run
from courses.search.answering.explaining import explain
from courses.search.backlog import StaleOffer
from courses.search.engine import Outcome, Question
from courses.search.find import find, index_folder
from courses.search.params import SearchParams
from courses.search.plain.engine import Plain
from courses.search.query import Way
from courses.search.store import index
from courses.search.weights import BY_TERM
from courses.search.words import OfferWords
from tests.making import NOW, make_offer
from tests.search.indexed import drained, indexed
from tests.search.meant import Tiny, meant

FULL = 200.0
"""More than any offer gains by its words alone: only a title that was typed whole gives more."""


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["search", *arguments])


def lines(told: Result) -> list[str]:
    assert told.exit_code == 0, told.output
    return told.output.splitlines()


@pytest.fixture
def three(app: Flask) -> Flask:
    """An academy with three offers and their index."""
    make_offer("Harbours and their water", summary="Harbours, told in English.")
    make_offer("Ports et logements", language="fr", issues=("housing",))
    make_offer("Streets", summary="Where people meet.", issues=("public-space",))
    indexed(app)
    return app


def test_explain_says_how_words_are_read(three: Flask) -> None:
    told = lines(run(three, "explain", 'harbours "their water" -streets'))

    words = [line for line in told if not line.startswith(" ")]
    assert words[:5] == [
        "Word: their",
        "Word: water",
        "Word: harbours",
        "Phrase: their water",
        "Left out: streets",
    ]
    assert words[5:7] == ["Outcome: all-words", "Offers: 1, with all words 1"]
    assert "        1  en:harbour  (stem, x 0.9)" in told
    parts = [line for line in told if line.startswith("          ")]
    assert parts[0].split()[1:3] == ["their:", "=their"]


def test_explain_tells_terms_that_labels_name(three: Flask) -> None:
    told = lines(run(three, "explain", "vivienda"))

    named = [line for line in told if "(a label names it" in line]
    assert named[0].split() == [
        "1",
        "#issue=housing",
        "(a",
        "label",
        "names",
        "it,",
        "x",
        f"{BY_TERM})",
    ]
    assert any("(a narrower concept, x " in line for line in told)
    [first] = [line for line in told if line.startswith(" 1. ")]
    assert first.startswith(" 1. ports-et-logements [fr]  ")


def test_explain_takes_the_filters_of_an_address(three: Flask) -> None:
    told = lines(run(three, "explain", "water", "--language", "fr", "--issue", "nonsense"))

    assert told[0] == "Unknown, and left out: --issue nonsense"
    assert "Outcome: nothing" in told
    assert [line for line in told if re.match(r" ?\d+\. ", line)] == []


def test_what_has_no_word_is_explained_too(three: Flask) -> None:
    assert lines(run(three, "explain", "!!")) == [
        "No word is in the query: nothing is found.",
        "Outcome: nothing",
        "Offers: 0, with all words 0",
    ]


def test_explain_tells_the_order_of_pages_where_meaning_has_a_say(three: Flask) -> None:
    told = "That is the order by words. Pages order by meaning too:"
    assert told not in lines(run(three, "explain", "harbours"))
    verses = make_offer("Quiet verses").slug
    poems = make_offer("Poemas").slug
    drained(index_folder(three))
    meant(three, Tiny())
    after = lines(run(three, "explain", "poemas"))
    assert after[after.index(told) :] == [
        told,
        f" 1. {poems}",
        f"Close in meaning, without the words: {verses}",
    ]
    assert told not in lines(run(three, "explain", "poemas -harbours"))


def test_without_an_index_explain_says_what_to_do(app: Flask) -> None:
    told = run(app, "explain", "water")

    assert told.exit_code == 1
    assert told.output.startswith("Error: There is no index: flask search check")


@pytest.mark.parametrize("typed", ["water harbours", "harbour logement", "streets", "meet people"])
def test_the_parts_explain_the_order(three: Flask, typed: str) -> None:
    params = SearchParams(typed)
    snapshot = current_app.extensions["search"].snapshot()

    explained = explain(snapshot, Question(params, NOW))

    assert [one.number for one in explained.offers] == find(params, now=NOW).numbers
    scores = [one.score for one in explained.offers]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


def test_the_best_ways_of_the_words_add_up_to_the_score(three: Flask) -> None:
    snapshot = current_app.extensions["search"].snapshot()

    explained = explain(snapshot, Question(SearchParams("water harbours"), NOW))

    assert explained.found.outcome in {Outcome.ALL_WORDS, Outcome.SOME_WORDS}
    first = explained.offers[0]
    best: dict[str, float] = {}
    for part in first.parts:
        best[part.word] = max(best.get(part.word, 0.0), part.score)
    assert set(best) == {"water", "harbours"}
    assert first.words == pytest.approx(sum(best.values()) * (1 + first.own), rel=1e-3)
    assert first.words < FULL


def test_a_way_that_no_offer_has_is_counted_and_not_told(three: Flask) -> None:
    snapshot = current_app.extensions["search"].snapshot()
    [word] = explain(snapshot, Question(SearchParams("harbours"), NOW)).words
    there = {one.way.tokens: one.offers for one in word.ways if one.offers}

    assert word.ways[0].way == Way(("=harbours",))
    assert there[("=harbours",)] == there[("en:harbour",)] == 1
    told = lines(run(three, "explain", "harbours"))
    assert f"        0  in {len(word.ways) - len(there)} other ways" in told


def test_check_finds_nothing_wrong(three: Flask) -> None:
    assert lines(run(three, "check")) == ["The index and the database agree on 3 offers."]


def test_check_mends_what_the_index_has_missed(three: Flask) -> None:
    make_offer("A fourth, never told")
    with unit_of_work():
        db.session.execute(delete(StaleOffer))
    folder = index_folder(three)
    [gone, *_rest] = index.numbers(folder).tolist()
    index.apply(folder, [gone], [])

    told = lines(run(three, "check"))

    assert told[-1] == "The index and the database agree on 4 offers."
    assert len(told) == 2
    assert drained(folder) == 0
    assert lines(run(three, "check")) == ["The index and the database agree on 4 offers."]


@pytest.mark.parametrize(
    "change",
    [
        update(Offer).values(level=Level.ADVANCED),
        update(Offer).values(published_at=NOW - timedelta(days=2)),
        update(Run).values(starts_at=NOW + timedelta(days=2)),
        delete(OfferTerm),
        update(OfferWords).values(said=" | harbours | "),
    ],
)
def test_check_mends_what_the_index_holds_differently(three: Flask, change: UpdateBase) -> None:
    with unit_of_work():
        db.session.execute(change)

    assert lines(run(three, "check")) == [
        "Missing or out of date, now mended: 3",
        "The index and the database agree on 3 offers.",
    ]

    found = find(SearchParams(), now=NOW)
    assert found.counts == Plain().search(Question(SearchParams(), NOW)).counts
    assert lines(run(three, "check")) == ["The index and the database agree on 3 offers."]


def test_check_builds_anew_what_is_damaged(three: Flask) -> None:
    current = index.current(index_folder(three))
    assert current is not None
    for file in current.glob("*.pst"):
        file.write_bytes(b"")

    assert lines(run(three, "check")) == [
        "The index was away, damaged, or not of this database: it is built anew.",
        "The index and the database agree on 3 offers.",
    ]


def test_rebuild_refuses_when_the_number_of_offers_has_moved(three: Flask) -> None:
    make_offer("A fourth, and the index knows three")

    refused = run(three, "rebuild")

    assert refused.exit_code == 1
    assert refused.output == (
        "Error: The index has 3 offers, the database 4: more than 10% apart. Nothing was changed. "
        "If the database is right: flask search rebuild --force\n"
    )
    assert find(SearchParams(), now=NOW).total == 3
    assert lines(run(three, "rebuild", "--force")) == ["The index holds 4 offers."]


def test_rebuild_asks_for_nothing_where_little_has_moved(three: Flask) -> None:
    assert lines(run(three, "rebuild")) == ["The index holds 3 offers."]
