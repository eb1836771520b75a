"""The signs of all vectors, in memory, and which offers have the most in common with a query.

Of a vector, one bit a number says whether it is above zero. Two vectors near each other share most
of these bits, and counting them in all offers takes no longer than counting facets. The few that
share the most are then compared in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock
from time import monotonic
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from courses.search.answering.hits import Hits
from courses.search.answering.segments import Bits, Segment
from courses.search.meaning.encoders import Vectors
from courses.search.meaning.vectors import Rows, newest, unpacked, vectors_since

LOOK_AGAIN_AFTER = 5.0
KEPT = 200
"""How many offers are compared in full."""

FEW = 8
"""When one in so many documents is allowed, or fewer, only those are looked at."""

FAR = np.uint16(2**16 - 1)
Signs = NDArray[np.uint64]
Numbers = NDArray[np.int64]
_Known = tuple[Numbers, Signs, Rows]
"""Offers in the order of their numbers, the signs of their vectors, and the vectors themselves."""

_Places = tuple[_Known, Signs, Bits, NDArray[np.intp]]
"""For a segment: the signs of its documents word by word, who has any, and where its vector is."""


def signs(vectors: Vectors) -> Signs:
    """Give the sign of every number, as 64-bit words in a row."""
    bits = np.packbits(vectors > 0, axis=1)
    padded = np.zeros((len(bits), -(-bits.shape[1] // 8) * 8), np.uint8)
    padded[:, : bits.shape[1]] = bits
    return padded.view(np.uint64)


class Scanner:
    """Knows the signs of every offer that has a vector of one model."""

    def __init__(self, model: str, dimension: int) -> None:
        self.model = model
        nothing = np.empty((0, dimension), np.float32)
        self._known: _Known = np.empty(0, np.int64), signs(nothing), np.empty((0, 0), np.uint8)
        self._seen, self._looked_at = 0, -LOOK_AGAIN_AFTER
        self._by_segment: WeakKeyDictionary[Segment, _Places] = WeakKeyDictionary()
        self._lock = Lock()

    @property
    def number(self) -> int:
        """Count the offers whose signs are known."""
        return len(self._known[0])

    def refresh(self, *, at_once: bool = False) -> None:
        """Learn the vectors that are new; looks again at most every five seconds."""
        if not at_once and monotonic() - self._looked_at < LOOK_AGAIN_AFTER:
            return
        # Only one thread looks; the others go on with what is known.
        if not self._lock.acquire(blocking=at_once):
            return
        try:
            found = newest(self.model)
            if found > self._seen:
                parts = vectors_since(self.model, self._seen)
                fresh = ((numbers, signs(unpacked(rows)), rows) for numbers, rows in parts)
                self._known = _merged(self._known, fresh)
                self._seen = found
            self._looked_at = monotonic()
        finally:
            self._lock.release()

    def nearest(self, hits: Sequence[Hits], vector: Vectors) -> tuple[Numbers, Vectors]:
        """Give the offers among those allowed that are nearest, best first, with their cosines."""
        wanted = signs(vector[None, :])[0]
        known = self._known
        found = [self._in_segment(one, wanted, known) for one in hits]
        at = np.concatenate([places for places, _ in found])
        distances = np.concatenate([distances for _, distances in found])
        if len(at) > KEPT:
            at = at[np.argpartition(distances, KEPT)[:KEPT]]
        if not len(at):
            return at, np.empty(0, np.float32)
        numbers, cosines = known[0][at], unpacked(known[2][at]) @ vector
        order = np.lexsort((-numbers, -cosines))
        return numbers[order], cosines[order]

    def _in_segment(
        self, hits: Hits, wanted: Signs, known: _Known
    ) -> tuple[NDArray[np.intp], NDArray[np.uint16]]:
        segment = hits.segment
        _, columns, has_vector, at = self._places(segment, known)
        bits = hits.allowed & has_vector
        documents = segment.documents(bits)
        some = len(documents) * FEW < segment.size
        distances = _distances(columns[:, documents] if some else columns, wanted)
        if not some:
            distances = distances[documents]
        # Many share the 200th distance at times; a few more do no harm.
        if len(distances) > KEPT:
            near = np.flatnonzero(distances <= np.partition(distances, KEPT)[KEPT])
            documents, distances = documents[near], distances[near]
        return at[documents], distances

    def _places(self, segment: Segment, known: _Known) -> _Places:
        kept = self._by_segment.get(segment)
        if kept is None or kept[0] is not known:
            kept = self._by_segment[segment] = _laid_out(segment, known)
        return kept


def _distances(columns: Signs, wanted: Signs) -> NDArray[np.uint16]:
    """Count the bits that differ, document by document."""
    found = np.zeros(columns.shape[1], np.uint16)
    for column, word in zip(columns, wanted, strict=True):
        found += np.bitwise_count(column ^ word)
    return found


def _laid_out(segment: Segment, known: _Known) -> _Places:
    """Lay the signs of a segment's documents side by side, word by word."""
    numbers, table, _ = known
    wanted = segment.keys["number"].astype(np.int64)
    if not len(numbers):
        nowhere = np.zeros(segment.size, np.intp)
        empty = np.zeros((table.shape[1], segment.size), np.uint64)
        return known, empty, segment.nothing(), nowhere
    at = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    there = np.flatnonzero(numbers[at] == wanted)
    return known, np.ascontiguousarray(table[at].T), segment.bits(there), at


def _merged(known: _Known, parts: Iterable[_Known]) -> _Known:
    """Take the newest of every offer, in the order of their numbers."""
    every = [part for part in (known, *parts) if len(part[0])]
    numbers, table, rows = (np.concatenate(some) for some in zip(*every, strict=True))
    # The last of each number counts: read backwards, it is the first.
    numbers, at = np.unique(numbers[::-1], return_index=True)
    return numbers, table[::-1][at], rows[::-1][at]
