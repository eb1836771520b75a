"""A segment of the index made ready to answer: bit-planes of facets, and postings by words.

A segment never changes but for its deletions, so whatever was worked out stays true as long as the
segment lives.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from courses.search.store.segments import Stored
from courses.search.weights import FRESH_FOR, FRESHNESS, QUALITY

Bits = NDArray[np.uint64]
"""One bit for each document of a segment, in 64-bit words."""

Documents = NDArray[np.intp]

MANY_VALUES = 64

COMING, RUNNING, PAST = "when=upcoming", "when=running", "when=past"
ALWAYS = ("when=anytime", "when=recorded")


class Segment:
    """One immutable part of the index."""

    def __init__(self, stored: Stored) -> None:
        self.size = stored.size
        self.keys = stored.columns
        self.postings = stored.postings
        found = {token[1:]: postings.documents for token, postings in stored.tokens("#")}
        self.names = list(found)
        self.rows = _rows(self.names)
        self.values = {value: row for row, value in enumerate(self.names)}
        self.codes = _codes(found, self.rows, self.size)
        self.planes = np.zeros((len(found), words_for(self.size)), np.uint64)
        for row, documents in enumerate(found.values()):
            self.planes[row] = self.bits(documents)
        self.matrix = _matrix(list(found.values()), self.size)
        self._lock = Lock()
        self._minute = self._hour = -1
        self._when: dict[str, Bits] = {}
        self._merit = np.empty(0, np.float32)
        self._orders: dict[str, NDArray[np.uint32]] = {}

    def bits(self, documents: NDArray[np.uint32] | Documents) -> Bits:
        """Mark documents."""
        there = np.zeros(self.size, bool)
        there[documents] = True
        return pack(there)

    def documents(self, bits: Bits) -> Documents:
        """List the documents that are marked."""
        return np.flatnonzero(unpack(bits, self.size))

    def plane(self, value: str, minute: int) -> Bits:
        """Give the documents that carry a facet value such as "issue=water"."""
        if value.startswith("when="):
            return self.when(minute).get(value, self.nothing())
        row = self.values.get(value)
        return self.nothing() if row is None else self.planes[row]

    def when(self, minute: int) -> dict[str, Bits]:
        """Give the documents of each value of the facet `when`, as of a minute."""
        with self._lock:
            if self._minute != minute:
                self._when, self._minute = self._time(minute), minute
            return self._when

    def merit(self, minute: int) -> NDArray[np.float32]:
        """Give by how much each document's score is multiplied for being full, liked and new."""
        with self._lock:
            if self._hour != minute // 60:
                age = np.maximum(0, minute - self.keys["newest"].astype(np.int64))
                fresh = FRESHNESS * np.exp(-age / FRESH_FOR)
                full = QUALITY / 100 * self.keys["quality"]
                self._merit, self._hour = (1 + fresh + full).astype(np.float32), minute // 60
            return self._merit

    def live(self, deleted: Sequence[int]) -> Bits:
        """Give the documents that are not deleted."""
        alive = np.ones(self.size, bool)
        alive[list(deleted)] = False
        return pack(alive)

    def order(self, key: str) -> NDArray[np.uint32]:
        """List all documents, those with the highest key first, newer offers before older."""
        found = self._orders.get(key)
        if found is None:
            newest, number = self.keys["newest"], self.keys["number"]
            keys = (number, newest, self.keys[key])
            found = self._orders[key] = np.lexsort(keys)[::-1].astype(np.uint32)
        return found

    def nothing(self) -> Bits:
        """Mark no document."""
        return np.zeros(words_for(self.size), np.uint64)

    def _time(self, minute: int) -> dict[str, Bits]:
        keys = self.keys
        coming = (keys["starts"] > minute) | (keys["later_starts"] > minute)
        running = (keys["starts"] <= minute) & (keys["ends"] > minute)
        running |= (keys["later_starts"] <= minute) & (keys["later_ends"] > minute)
        found = {COMING: pack(coming), RUNNING: pack(running)}
        for value in ALWAYS:
            row = self.values.get(value)
            found[value] = self.nothing() if row is None else self.planes[row]
        found[PAST] = pack(np.ones(self.size, bool))
        for value in (COMING, RUNNING, *ALWAYS):
            found[PAST] = found[PAST] & ~found[value]
        return found


def words_for(documents: int) -> int:
    """Tell how many 64-bit words hold a bit for each document."""
    return (documents + 63) // 64


def pack(there: NDArray[np.bool_]) -> Bits:
    """Pack a truth for each document into bits."""
    packed = np.packbits(there, bitorder="little")
    padded = np.zeros(words_for(len(there)) * 8, np.uint8)
    padded[: len(packed)] = packed
    return padded.view(np.uint64)


def unpack(bits: Bits, size: int) -> NDArray[np.bool_]:
    """Unpack bits into a truth for each document."""
    return np.unpackbits(bits.view(np.uint8), count=size, bitorder="little").view(bool)


def number_of(bits: Bits) -> int:
    """Count the documents that are marked."""
    return int(np.bitwise_count(bits).sum())


def _rows(values: list[str]) -> dict[str, slice]:
    """Tell which rows each facet has: values come sorted, so that they lie together."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for row, value in enumerate(values):
        facet = value.partition("=")[0]
        first.setdefault(facet, row)
        last[facet] = row + 1
    return {facet: slice(first[facet], last[facet]) for facet in first}


def _codes(
    found: dict[str, NDArray[np.uint32]], rows: dict[str, slice], size: int
) -> dict[str, NDArray[np.uint16]]:
    """Number the values of facets with many, of which no document has two: that counts faster."""
    documents, codes = list(found.values()), {}
    for facet, where in rows.items():
        of_facet = documents[where]
        every = np.concatenate(of_facet)
        if len(of_facet) > MANY_VALUES and len(np.unique(every)) == len(every):
            code = np.full(size, len(of_facet), np.uint16)
            code[every] = np.repeat(np.arange(len(of_facet)), [len(one) for one in of_facet])
            codes[facet] = code
    return codes


def _matrix(rows: list[NDArray[np.uint32]], size: int) -> NDArray[np.uint16]:
    """List the rows of each document, side by side, filled up with the number of rows."""
    lengths = [len(documents) for documents in rows]
    document = np.concatenate(rows) if rows else np.empty(0, np.uint32)
    row = np.repeat(np.arange(len(rows), dtype=np.uint16), lengths)
    order = np.argsort(document, kind="stable")
    number = np.bincount(document, minlength=size)
    starts = np.cumsum(number) - number
    place = np.arange(len(document)) - np.repeat(starts, number)
    found = np.full((size, int(number.max(initial=0))), len(rows), np.uint16)
    found[document[order], place] = row[order]
    return found
