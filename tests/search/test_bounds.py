"""However much is asked, little is looked up: what a question costs has a bound."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from academy.institutions.queries import is_institution
from courses.search.lexicon import lexicon
from courses.search.params import FACETS, LONGEST_QUERY, MOST_VALUES, read_params
from courses.search.query import MOST_WORDS, TextQuery, text_query
from courses.vocabularies.queries import vocabularies

MOST_LOOKED_UP = 1_000
"""Tokens that one query looks up in each segment, at most."""

BLOCK, WIDE = 128, 2_048
"""Code points of a block; those of East Asia, which are alike, are taken in wide ones."""

ALIKE = range(0x3400, 0xE000)
HOSTILE = {
    "ten thousand bytes": "water city " * 1_000,
    "five hundred terms": " ".join(f"term{number}" for number in range(500)),
    "five hundred letters": " ".join("abcdefghijklmnopqrstuvwxyz" * 20),
    "stop words": "the of and to a in for is on with by at from as it an de la el los",
    "stop words in quotes": '"of the" "and the" "in the" "to the" "for a" "on the"' * 40,
    "all left out": " ".join(f"-word{number}" for number in range(500)),
    "phrases left out": " ".join(f'-"a {number}"' for number in range(500)),
    "wildcards": "a* *b ?c d~2 [a TO z] " * 100,
    "field prefixes": "title:water issue:housing #issue=water =water ~wat ^water !water " * 50,
    "unbalanced quotes": '"water “city «home „' * 200,
    "Chinese without a space": "城市规划与可持续发展的住房政策研究" * 100,
    "Thai without a space": "การจัดการน้ำและที่อยู่อาศัยในเมือง" * 100,
    "one word without end": "participation" * 800,
    "only marks": "!?.,;:-–—…'«»()[]{}<>/\\|@#$%^&*+=~`" * 300,
}


def looked_up(query: TextQuery) -> int:
    """Count the tokens of a query, whichever way they are used."""
    ways = [way.tokens for group in query.groups for way in group.ways]
    phrases = [tokens for tokens in (*query.phrases, *query.left_out)]
    return sum(map(len, ways)) + sum(map(len, phrases)) + 1


def read(text: str) -> TextQuery:
    """Read what was typed, as far as a question is read."""
    return text_query(text[:LONGEST_QUERY], lexicon())


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_typed_without_end_looks_little_up_and_gets_a_page(
    shown: Flask, typed: str
) -> None:
    with shown.app_context():
        query = read(typed)
    assert len(query.groups) <= MOST_WORDS
    assert looked_up(query) <= MOST_LOOKED_UP
    assert shown.test_client().get(f"/en/learn?{urlencode({'q': typed})}").status_code == 200


def test_words_that_mean_much_look_little_up(shown: Flask, unmeasured: None) -> None:
    chance = random.Random(20261122)
    with shown.app_context():
        labels = [label for term in vocabularies().by_id.values() for label in term.labels.values()]
        places = [" ".join(name) for name in lexicon().places]
        most = max(
            looked_up(read(" ".join(chance.sample([*labels, *places], 20)))) for _ in range(300)
        )
    assert 100 < most <= MOST_LOOKED_UP


def blocks() -> Iterator[str]:
    """Give some letters of every block of Unicode that has any."""
    start = 0
    while start < 0xE0200:
        size = WIDE if start in ALIKE or start >= 0x20000 else BLOCK
        points = map(chr, range(start, start + size, max(1, size // 64)))
        known = [char for char in points if unicodedata.category(char)[0] not in "C"]
        if known:
            yield "".join(known)
        start += size


def test_every_block_of_unicode_gets_an_answer_from_the_index(
    shown: Flask, unmeasured: None
) -> None:
    client, asked = shown.test_client(), list(blocks())
    for number, letters in enumerate(asked):
        # Side by side, as in a word, and each for itself.
        typed = f"{letters} {' '.join(letters)}"
        answer = client.get(f"/api/v1/offers?q={quote(typed)}")
        assert (answer.status_code, answer.get_json()["away"]) == (200, False), letters
        with shown.app_context():
            assert looked_up(read(typed)) <= MOST_LOOKED_UP
        if number % 20 == 0:
            assert client.get(f"/en/learn?q={quote(typed)}").status_code == 200
    assert len(asked) > 300


@pytest.mark.parametrize("facet", FACETS)
def test_of_a_thousand_values_those_beyond_a_limit_are_ignored(shown: Flask, facet: str) -> None:
    values = [(facet, f"value{number}") for number in range(1_000)]
    with shown.test_request_context():
        found = read_params(MultiDict(values), vocabularies(), is_institution=is_institution)
    assert found.unknown == tuple(values[:MOST_VALUES])
    assert found.overfull == (facet,)
    assert shown.test_client().get(f"/en/learn?{urlencode(values)}").status_code == 200
