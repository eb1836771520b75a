"""Which of the documents that were found come first, as far as the page asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from courses.search.answering.segments import Bits, Documents, Segment, unpack
from courses.search.params import PAGE_SIZE, SearchParams, Sort

FAR_AWAY = np.int64(2**31)
STEP = 512
"""How many documents of a standing order are looked at first."""

Keys = NDArray[np.int64]
Ranked = tuple[Keys, Keys]
"""The numbers of offers, and the key the best of them have the highest of."""


def front(
    segment: Segment, bits: Bits, params: SearchParams, minute: int, scores: NDArray[np.float32]
) -> Ranked:
    """Give the documents that may stand on the page asked for, or on one before it."""
    wanted = params.page * PAGE_SIZE
    by_words = params.sort is Sort.RELEVANCE and len(scores) > 0
    if not by_words and params.sort is not Sort.SOONEST:
        name = "reviewed" if params.sort is Sort.REVIEWED else "newest"
        hits = _walk(segment.order(name), bits, segment.size, wanted)
        return segment.keys["number"][hits].astype(np.int64), _standing(segment, hits, name)
    hits = segment.documents(bits)
    key = _score(segment, hits, scores, minute) if by_words else _nearness(segment, hits, minute)
    newest = segment.keys["newest"][hits].astype(np.int64)
    keys = (key << 32) | newest
    if wanted < len(keys):
        bar = np.partition(keys, len(keys) - wanted)[len(keys) - wanted]
        best = np.flatnonzero(keys >= bar)
        hits, keys = hits[best], keys[best]
    return segment.keys["number"][hits].astype(np.int64), keys


def page(ranked: list[Ranked], number: int) -> list[int]:
    """Give one page of all that was found; equal keys are ordered by offer, newest first."""
    if not ranked:
        return []
    numbers = np.concatenate([numbers for numbers, _ in ranked])
    keys = np.concatenate([keys for _, keys in ranked])
    order = np.lexsort((-numbers, -keys))
    found: list[int] = numbers[order][(number - 1) * PAGE_SIZE : number * PAGE_SIZE].tolist()
    return found


def _walk(order: NDArray[np.uint32], bits: Bits, size: int, wanted: int) -> Documents:
    """Walk a standing order until enough of what was found is met."""
    there, found, met, start, step = unpack(bits, size), [], 0, 0, STEP
    while start < size and met < wanted:
        some = order[start : start + step]
        hits = some[there[some]]
        found.append(hits)
        met, start, step = met + len(hits), start + step, step * 4
    return np.concatenate(found).astype(np.intp) if found else np.empty(0, np.intp)


def _standing(segment: Segment, hits: Documents, name: str) -> Keys:
    newest = segment.keys["newest"][hits].astype(np.int64)
    return (
        newest if name == "newest" else (segment.keys[name][hits].astype(np.int64) << 32) | newest
    )


def _score(segment: Segment, hits: Documents, scores: NDArray[np.float32], minute: int) -> Keys:
    """Give the score of the words, a little more for what is full, liked and new."""
    return np.round(scores[hits] * segment.merit(minute)[hits] * 1000).astype(np.int64)


def _nearness(segment: Segment, hits: Documents, minute: int) -> Keys:
    """Rank what starts soonest highest, and what has no start to come lowest."""
    first = segment.keys["starts"][hits].astype(np.int64)
    later = segment.keys["later_starts"][hits].astype(np.int64)
    start = np.where(first > minute, first, later)
    return np.where(start > minute, FAR_AWAY - start, 0)
