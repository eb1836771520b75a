"""Which of the documents that were found come first, as far as the page asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from courses.search.answering.seen import Few, Listed, Marks, Seen
from courses.search.answering.segments import NOBODY, Bits, Documents, Segment, unpack
from courses.search.params import PAGE_SIZE, SearchParams, Sort

FAR_AWAY = np.int64(2**31)
BLOCK = 64
STEP = 512
"""How many documents of a standing order are looked at first."""

Keys = NDArray[np.int64]
Scores = NDArray[np.float32]
Ranked = tuple[Keys, Keys]
"""The numbers of offers, and the key the best of them have the highest of."""


def by_words(
    params: SearchParams, segment: Segment, minute: int, hits: Listed, scores: Scores
) -> Ranked:
    """Give the documents of the best scores that may stand on the page asked for, or before it.

    The score of the words counts, and a little more for what is full, liked and new.
    """
    return _first(segment, hits, np.rint(scores * segment.merit(minute).take(hits) * 1000), params)


def in_order(params: SearchParams, seen: Seen, minute: int, hits: Marks) -> Ranked:
    """Give those that may stand there when words do not order them."""
    segment = seen.segment
    name = "reviewed" if params.sort is Sort.REVIEWED else "newest"
    if params.sort is Sort.SOONEST:
        documents = seen.documents(hits)
        return _first(segment, documents, _nearness(segment, documents, minute), params)
    if isinstance(seen, Few):
        documents = seen.documents(hits)
    else:
        wanted = params.page * PAGE_SIZE
        documents = _walk(segment.order(name), hits, segment.size, wanted)
    return _first(segment, documents, segment.keys[name][documents], params)


def _first(segment: Segment, documents: Listed, key: NDArray[Any], params: SearchParams) -> Ranked:
    """Give those with the highest keys; of equal ones, the newest."""
    wanted = params.page * PAGE_SIZE
    if len(key) > wanted:
        best = highest(key, wanted)
        documents, key = documents[best], key[best]
    keys = (key.astype(np.int64) << 32) | segment.keys["newest"][documents]
    if len(keys) > wanted:
        best = highest(keys, wanted)
        documents, keys = documents[best], keys[best]
    return segment.keys["number"][documents].astype(np.int64), keys


def highest(keys: NDArray[Any], wanted: int) -> Documents:
    """Tell where the highest keys are: so many, and those that equal the last of them."""
    if wanted >= len(keys):
        return np.arange(len(keys))
    blocks = len(keys) // BLOCK
    if blocks <= wanted:
        return np.flatnonzero(keys >= _last(keys, wanted))
    # As many blocks hold a key that is as high: what is lower than all of these need not be sorted.
    tops = keys[: blocks * BLOCK].reshape(blocks, BLOCK).max(axis=1)
    some = np.flatnonzero(keys >= _last(tops, wanted))
    best: Documents = some[keys[some] >= _last(keys[some], wanted)]
    return best


def _last(keys: NDArray[Any], wanted: int) -> Any:
    """Give the last of the highest keys."""
    return np.partition(keys, len(keys) - wanted)[len(keys) - wanted]


def page(ranked: list[Ranked], number: int) -> list[int]:
    """Give one page of all that was found; equal keys are ordered by offer, newest first."""
    if not ranked:
        return []
    numbers = np.concatenate([numbers for numbers, _ in ranked])
    keys = np.concatenate([keys for _, keys in ranked])
    order = np.lexsort((-numbers, -keys))
    found: list[int] = numbers[order][(number - 1) * PAGE_SIZE : number * PAGE_SIZE].tolist()
    return found


def _walk(order: NDArray[np.uint32], bits: Bits, size: int, wanted: int) -> Listed:
    """Walk a standing order until enough of what was found is met."""
    there, found, met, start, step = unpack(bits, size), [], 0, 0, STEP
    while start < size and met < wanted:
        some = order[start : start + step]
        hits = some[there[some]]
        found.append(hits)
        met, start, step = met + len(hits), start + step, step * 4
    return np.concatenate(found) if found else NOBODY


def _nearness(segment: Segment, hits: Listed, minute: int) -> Keys:
    """Rank what starts soonest highest, and what has no start to come lowest."""
    first = segment.keys["starts"][hits].astype(np.int64)
    later = segment.keys["later_starts"][hits].astype(np.int64)
    start = np.where(first > minute, first, later)
    return np.where(start > minute, FAR_AWAY - start, 0)
