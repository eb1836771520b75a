"""A list of few documents and bits of many tell the same; what is kept is forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from flask import Flask

from courses.catalogue.content import RunContent
from courses.search.answering import facets
from courses.search.answering.kept import MORE, Kept
from courses.search.answering.ordering import BLOCK, highest
from courses.search.answering.seen import Few, Many, Seen
from courses.search.answering.segments import Segment
from courses.search.answering.snapshots import Reader
from courses.search.params import SearchParams
from tests.making import NOW, make_offer
from tests.search.indexed import indexed

MINUTE = int(NOW.timestamp() // 60)
CHOICES = (
    SearchParams(),
    SearchParams(chosen={"language": ("en",)}),
    SearchParams(chosen={"language": ("es", "fr"), "when": ("upcoming", "past")}),
    SearchParams(chosen={"language": ("en", "es"), "kind": ("webinar",)}),
)


@pytest.fixture
def segment(app: Flask) -> Segment:
    for turn in range(60):
        language = ("en", "es", "fr")[turn % 7 % 3]
        starts_at = NOW + timedelta(days=turn - 30) if turn % 3 else None
        runs = [RunContent(starts_at=starts_at)]
        make_offer(f"Harbour {turn}", language=language, runs=runs)
    [(segment, _)] = Reader(indexed(app)).snapshot().segments
    return segment


def counted(seen: Seen, params: SearchParams) -> tuple[list[int], list[int]]:
    chosen = facets.chosen(params, seen, MINUTE)
    hits = facets.all_of(seen.everything, chosen)
    assert seen.number(hits) == len(seen.documents(hits))
    counts = facets.count(seen, hits, chosen, MINUTE)
    return seen.documents(hits).tolist(), counts.tolist()


@pytest.mark.parametrize("params", CHOICES)
def test_a_list_and_bits_count_the_same(segment: Segment, params: SearchParams) -> None:
    documents = np.arange(1, segment.size, 2, dtype=np.uint32)
    listed = counted(Few(segment, documents), params)
    assert counted(Many(segment, segment.bits(documents), documents), params) == listed
    assert counted(Many(segment, segment.bits(documents)), params) == listed
    assert sum(listed[1]) > 10


def test_bits_with_a_list_tell_which_of_it_are_marked(segment: Segment) -> None:
    documents = np.arange(1, segment.size, 2, dtype=np.uint32)
    spanish = segment.plane("language=es", MINUTE)
    marked = np.isin(documents, segment.documents(spanish)).tolist()
    assert Many(segment, segment.bits(documents), documents).listed_in(spanish).tolist() == marked
    assert 0 < sum(marked) < len(documents)


@pytest.mark.parametrize("length", [0, 1, 19, 20, 21, 20 * BLOCK, 21 * BLOCK, 40 * BLOCK + 7])
def test_the_highest_are_those_that_sorting_puts_first_and_their_equals(length: int) -> None:
    keys = np.random.default_rng(length).integers(0, 50, length)
    least = sorted(keys.tolist())[-20:][:1]
    expected = [at for at, key in enumerate(keys.tolist()) if key >= least[0]]
    assert highest(keys, 20).tolist() == expected


def test_what_is_too_much_is_forgotten_all_at_once() -> None:
    kept = Kept[str, str](4 * MORE)
    kept.keep("a", "one", MORE)
    kept.keep("b", "two", 0)
    assert (kept.get("a"), kept.get("b")) == ("one", "two")
    kept.keep("c", "three", 2 * MORE)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (None, None, "three")
