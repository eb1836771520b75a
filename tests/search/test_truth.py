"""Every number that is shown is true: it is what the database counts, and what a click gives."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from academy.institutions.queries import is_institution
from courses.search.engine import Found, Question
from courses.search.find import find
from courses.search.params import FACETS, SearchParams, read_params
from courses.search.plain.engine import Plain
from courses.vocabularies.queries import Vocabularies, vocabularies
from courses.web.listing import Listing
from tests.making import NOW
from tests.search.asked import UNHEARD_OF, Truth, questions, titles

pytestmark = [pytest.mark.sample, pytest.mark.slow, pytest.mark.usefixtures("unmeasured")]

SEED = 42
QUESTIONS, CLICKS, BY_SQL = 2_000, 500, 30
CLICKS_ON_PAGES = 40
TICK = re.compile(
    r'<input type="checkbox" name="(\w+)" id="[^"]+" value="([^"]+)"[^>]*?( checked)?>.*?'
    r'<span class="n">([^<]*)</span></label>',
    re.DOTALL,
)
ANNOUNCED = re.compile(r'data-announced="([^"]*)"')


def asked(chance: random.Random, number: int) -> list[SearchParams]:
    whole = find(SearchParams(), now=NOW).counts
    return list(questions(chance, whole, titles(), number=number))


def test_every_count_and_total_is_what_the_database_counts(large: Flask) -> None:
    with large.app_context():
        truth = Truth()
        chance = random.Random(SEED)
        totals = []
        for number, params in enumerate(asked(chance, QUESTIONS)):
            found, told = find(params, now=NOW), truth.answer(params)
            where = f"seed {SEED}, question {number}: {params.query_string()}"
            assert found.away is False, where
            assert found.total == told.total, where
            assert found.counts == told.counts, where
            totals.append(found.total)
        # Questions without answers would prove little.
        assert sum(total > 0 for total in totals) > QUESTIONS / 3
        assert len(set(totals)) > 100


def test_the_engine_on_sql_answers_the_same(large: Flask) -> None:
    with large.app_context():
        for params in asked(random.Random(SEED + 1), BY_SQL):
            found, plain = find(params, now=NOW), Plain().search(Question(params, NOW))
            assert plain.counts == found.counts, params.query_string()
            assert (plain.total, plain.outcome, plain.with_all_words) == (
                found.total,
                found.outcome,
                found.with_all_words,
            ), params.query_string()


def test_every_facet_has_something_to_count(large: Flask) -> None:
    with large.app_context():
        whole = find(SearchParams(), now=NOW)
        few = {facet: len(whole.counts[facet]) for facet in FACETS if len(whole.counts[facet]) < 9}
    assert few == {"kind": 2, "when": 4, "level": 3, "cost": 2, "certificate": 3, "data": 3}
    assert whole.away is False


def test_the_index_under_test_has_segments_and_deletions(large: Flask) -> None:
    snapshot = large.extensions["search"].snapshot()
    assert len(snapshot.segments) > 1
    assert snapshot.document_count < sum(segment.size for segment, _ in snapshot.segments)


def follow(params: SearchParams, vocabulary: Vocabularies) -> Found:
    """Ask by the address of the list, as a browser does."""
    arguments = MultiDict(parse_qsl(params.query_string()))
    read = read_params(arguments, vocabulary, is_institution=is_institution)
    assert read.params == params
    return find(read.params, now=NOW)


def shown(listing: Listing) -> Iterator[tuple[str, str, int]]:
    """Give what the page offers for choosing: facet, value, number."""
    for facet in listing.facets():
        for value in (*facet["values"], *facet["more"]):
            yield facet["name"], value["code"], value["count"]


def test_a_click_gives_the_number_that_was_shown(large: Flask) -> None:
    chance = random.Random(SEED)
    with large.test_request_context("/en/learn"):
        large.preprocess_request()
        vocabulary = vocabularies()
        clicks: list[bool] = []
        for params in asked(chance, 5 * CLICKS):
            known = {
                facet: kept
                for facet, values in params.chosen.items()
                if (kept := tuple(value for value in values if value != UNHEARD_OF))
            }
            state = replace(params, chosen=known)
            choices = list(shown(Listing(state, follow(state, vocabulary), vocabulary)))
            if not choices:
                continue
            facet, value, number = chance.choice(choices)
            beside = facet in state.chosen
            bare = {name: values for name, values in known.items() if name != facet}
            after = follow(replace(state, chosen=bare).plus(facet, value), vocabulary)
            if not beside:
                assert after == follow(state.plus(facet, value), vocabulary)
            clicks.append(beside)
            where = f"seed {SEED}: {state.query_string()} and then {facet}={value}"
            assert after.total == number, where
            if len(clicks) == CLICKS:
                break
    assert len(clicks) == CLICKS
    assert 0.1 < sum(clicks) / CLICKS < 0.9


def figures(text: str) -> int:
    """Read a number as people write it."""
    return int(re.sub(r"\D", "", text))


def test_a_click_on_the_page_gives_the_number_that_was_shown(large: Flask) -> None:
    chance = random.Random(SEED)
    client = large.test_client()
    with large.app_context():
        states = asked(chance, 4 * CLICKS_ON_PAGES)
    clicks = 0
    for state in states:
        page = client.get(f"/en/learn?{state.query_string()}").text
        chosen = {name for name, _, checked, _ in TICK.findall(page) if checked}
        ticks = [tick for tick in TICK.findall(page) if tick[0] not in chosen]
        if not ticks:
            continue
        name, value, _, number = chance.choice(ticks)
        after = client.get(f"/en/learn?{state.query_string()}&{name}={value}").text
        [announced] = ANNOUNCED.findall(after)
        where = f"seed {SEED}: {state.query_string()} and then {name}={value}"
        # What became of the words is announced after the number.
        assert figures(announced.partition(".")[0]) == figures(number), where
        clicks += 1
    assert clicks > CLICKS_ON_PAGES
