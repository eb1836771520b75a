"""A segment of the index made ready to answer: bit-planes of facets, and postings by words.

A segment never changes but for its deletions, so whatever was worked out stays true as long as the
segment lives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from courses.search.params import FACETS
from courses.search.store.segments import Stored
from courses.search.weights import FRESH_FOR, FRESHNESS, QUALITY

Bits = NDArray[np.uint64]
"""One bit for each document of a segment, in 64-bit words."""

Documents = NDArray[np.intp]

Places = tuple[NDArray[np.uint32], NDArray[np.uint8]]
MANY_VALUES = 64

COMING, RUNNING, PAST = "when=upcoming", "when=running", "when=past"
ALWAYS = ("when=anytime", "when=recorded")
WHEN = tuple(sorted((COMING, RUNNING, PAST, *ALWAYS)))
NOBODY = np.empty(0, np.uint32)


@dataclass(frozen=True, slots=True)
class When:
    """The documents of each value of the facet `when`, in the order of `WHEN`.

    `open` are those that are not over; `codes` has a bit for each value of a document.
    """

    planes: Bits
    open: Bits
    codes: NDArray[np.uint8]


NO_TIME = When(np.empty(0, np.uint64), np.empty(0, np.uint64), np.empty(0, np.uint8))


class Segment:
    """One immutable part of the index."""

    def __init__(self, stored: Stored) -> None:
        self.size = stored.size
        self.keys = stored.columns
        self.postings = stored.postings
        found = {token[1:]: postings.documents for token, postings in stored.tokens("#")}
        counted = {value: found.get(value, NOBODY) for value in _counted(found)}
        self.names = list(counted)
        self.rows = rows_of(self.names)
        self.values = {value: row for row, value in enumerate(self.names)}
        self.codes = _codes(counted, self.rows, self.size)
        self.planes = {
            facet: np.stack([self.bits(counted[value]) for value in self.names[rows]])
            for facet, rows in self.rows.items()
            if facet not in self.codes and facet != "when"
        }
        self.matrix = _matrix(counted, self.size)
        self._lock = Lock()
        self._minute = self._hour = -1
        self._when = NO_TIME
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
        facet, row = value.partition("=")[0], self.values.get(value)
        planes = self.when(minute).planes if facet == "when" else self.planes.get(facet)
        if row is None or planes is None:
            return self.bits(self.postings(f"#{value}").documents)
        plane: Bits = planes[row - self.rows[facet].start]
        return plane

    def when(self, minute: int) -> When:
        """Tell what is to come, goes on and is over, as of a minute."""
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

    def _time(self, minute: int) -> When:
        keys = self.keys
        coming = (keys["starts"] > minute) | (keys["later_starts"] > minute)
        running = (keys["starts"] <= minute) & (keys["ends"] > minute)
        running |= (keys["later_starts"] <= minute) & (keys["later_ends"] > minute)
        found = {value: self._carrying(value) for value in ALWAYS}
        found |= {COMING: coming, RUNNING: running}
        found[PAST] = ~reduce(np.bitwise_or, found.values())
        values = [found[value] for value in WHEN]
        codes = np.packbits(np.stack(values), axis=0, bitorder="little")[0]
        return When(np.stack([pack(there) for there in values]), pack(~found[PAST]), codes)

    def _carrying(self, value: str) -> NDArray[np.bool_]:
        there = np.zeros(self.size, bool)
        there[self.postings(f"#{value}").documents] = True
        return there


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


def places_of(documents: NDArray[np.uint32]) -> Places:
    """Give documents with the bit of each in its byte of packed bits."""
    return documents, np.uint8(1) << (documents & np.uint32(7)).astype(np.uint8)


def holds(bits: Bits, places: Places) -> NDArray[np.bool_]:
    """Tell of each of some documents whether it is marked."""
    documents, bit = places
    found: NDArray[np.bool_] = (bits.view(np.uint8).take(documents >> np.uint32(3)) & bit) != 0
    return found


def _counted(values: Iterable[str]) -> list[str]:
    """List the values that are counted, those of each facet together."""
    return sorted({*WHEN, *(value for value in values if value.partition("=")[0] in FACETS)})


def rows_of(values: Sequence[str]) -> dict[str, slice]:
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
        if len(of_facet) > MANY_VALUES and np.bincount(every).max() == 1:
            code = np.full(size, len(of_facet), np.uint16)
            code[every] = np.repeat(np.arange(len(of_facet)), [len(one) for one in of_facet])
            codes[facet] = code
    return codes


def _matrix(counted: dict[str, NDArray[np.uint32]], size: int) -> NDArray[np.uint16]:
    """List the rows of each document, side by side, filled up with the number of rows.

    Without those of `when`, which are others tomorrow.
    """
    rows = [NOBODY if value in WHEN else documents for value, documents in counted.items()]
    document = np.concatenate(rows)
    row = np.repeat(np.arange(len(rows), dtype=np.uint16), [len(one) for one in rows])
    order = np.argsort(document, kind="stable")
    number = np.bincount(document, minlength=size)
    place = np.arange(len(document)) - np.repeat(np.cumsum(number) - number, number)
    found = np.full((size, int(number.max(initial=0))), len(rows), np.uint16)
    found[document[order], place] = row[order]
    return found
