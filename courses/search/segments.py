"""The index in memory: decoded postings, and bit-planes that count facets.

A segment never changes but for its deletions, so whatever was decoded stays true as long as the
segment lives. Whoosh's own way to refresh a searcher brings deleted documents back in every
release since 2.7.4, hence segments are opened anew and kept by their identifier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.matching import FilterMatcher
from whoosh.reading import SegmentReader, TermNotFound

from courses.search.index import current, opened

Bits = NDArray[np.uint64]
"""One bit for each document of a segment, in 64-bit words."""

SORT_KEYS = ("number", "start", "later_start", "newest", "reviewed")
LOOK_AGAIN_AFTER = 0.02
ATTEMPTS_TO_OPEN = 10
KEPT_A_DOCUMENT, KEPT_AT_LEAST = 40, 100_000
"""How many postings of a segment stay decoded, at eight bytes each."""

WEIGHT_OF_A_TOKEN = 16
"""What keeping a token costs beside its postings, in postings: most are found nowhere."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a token occurs: document numbers of the segment, and its impact in each."""

    documents: NDArray[np.uint32]
    impacts: NDArray[np.float32]


NOWHERE = Postings(np.empty(0, np.uint32), np.empty(0, np.float32))


class Segment:
    """One immutable part of the index."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._lock = Lock()
        self._kept: dict[str, Postings] = {}
        self._kept_size = 0
        self.size: int = reader.doc_count_all()
        self.keys = {name: self._column(name) for name in SORT_KEYS}
        self.values, self.planes = self._facets()
        self.facets = _rows(self.values)

    def postings(self, token: str) -> Postings:
        """Look a token up; decoded once, then kept."""
        found = self._kept.get(token)
        if found is None:
            found = self._decode("text", token)
            if self._kept_size > max(KEPT_AT_LEAST, KEPT_A_DOCUMENT * self.size):
                self._kept, self._kept_size = {}, 0
            self._kept[token] = found
            self._kept_size += len(found.documents) + WEIGHT_OF_A_TOKEN
        return found

    def plane(self, value: str) -> Bits | None:
        """Give the documents that carry a facet value such as "issue=water"."""
        row = self.values.get(value)
        return None if row is None else self.planes[row]

    def live(self, deleted: Sequence[int]) -> Bits:
        """Give the documents that are not deleted."""
        alive = np.ones(self.size, bool)
        alive[list(deleted)] = False
        return pack(alive)

    def _decode(self, field: str, token: str) -> Postings:
        # The files of a segment have one position each: two threads must not read at once.
        with self._lock:
            try:
                matcher = self._reader.postings(field, token.encode())
            except TermNotFound:
                return NOWHERE
            if isinstance(matcher, FilterMatcher):
                # It leaves out what is deleted, one document at a time; `live` does that for all.
                matcher = matcher.child
            documents: list[int] = []
            impacts: list[float] = []
            while matcher.is_active():
                # Asking for the first id and weight loads their whole block.
                matcher.id(), matcher.weight()
                documents += matcher._ids
                impacts += matcher._weights
                if not hasattr(matcher, "_next_block"):
                    break
                matcher._next_block()
        return Postings(np.array(documents, np.uint32), np.array(impacts, np.float32))

    def _column(self, name: str) -> NDArray[np.int64]:
        column = self._reader.column_reader(name, translate=False)
        # Whoosh stores numbers of four bytes, and none for the last documents that have the
        # default; reading them one by one would take a hundred times as long.
        stored = column._dbfile.get(column._basepos, column._count * 4)
        found = np.zeros(self.size, np.int64)
        found[: column._count] = np.frombuffer(stored, ">u4")
        return found

    def _facets(self) -> tuple[dict[str, int], NDArray[np.uint64]]:
        tokens = [text.decode() for text in self._reader.lexicon("facets")]
        planes = np.zeros((len(tokens), words_for(self.size)), np.uint64)
        for row, token in enumerate(tokens):
            there = np.zeros(self.size, bool)
            there[self._decode("facets", token).documents] = True
            planes[row] = pack(there)
        return {token: row for row, token in enumerate(tokens)}, planes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index as it stood at one generation."""

    source: Path
    index: Any
    generation: int
    segments: tuple[tuple[Segment, Bits], ...]
    by_id: dict[str, Segment]

    @property
    def document_count(self) -> int:
        """Count the live documents."""
        return sum(int(np.bitwise_count(live).sum()) for _, live in self.segments)


class Reader:
    """Gives the newest snapshot, looking for a newer one at most every 20 ms."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._snapshot: Snapshot | None = None
        self._looked_at = 0.0

    def snapshot(self) -> Snapshot:
        """Give the newest snapshot.

        Raises whatever a damaged or absent index raises; the caller answers without one then.
        """
        known = self._snapshot
        if known is not None and monotonic() - self._looked_at < LOOK_AGAIN_AFTER:
            return known
        # Only the first thread waits while another opens; the others go on with what they know.
        if not self._lock.acquire(blocking=known is None):
            return known  # type: ignore[return-value]  # blocking, it is always acquired
        try:
            self._snapshot = newest = self._newest(self._snapshot)
            self._looked_at = monotonic()
        finally:
            self._lock.release()
        return newest

    def _newest(self, known: Snapshot | None) -> Snapshot:
        """Open the newest generation; a file may vanish in between when the writer merges."""
        for _ in range(ATTEMPTS_TO_OPEN - 1):
            try:
                return self._open(known)
            except FileNotFoundError:
                continue
        return self._open(known)

    def _open(self, known: Snapshot | None) -> Snapshot:
        source = current(self.folder)
        if source is None:
            raise FileNotFoundError("there is no index")
        if known and known.source == source and known.index.latest_generation() == known.generation:
            return known
        found = opened(source)
        # All from one table of contents: the writer may write the next one meanwhile.
        contents = found._read_toc()
        kept = known.by_id if known else {}
        segments, by_id = [], {}
        for part in contents.segments:
            identifier = f"{source.name}/{part.segment_id()}"
            segment = kept.get(identifier) or Segment(
                SegmentReader(found.storage, contents.schema, part)
            )
            by_id[identifier] = segment
            segments.append((segment, segment.live(list(part.deleted_docs()))))
        return Snapshot(source, found, contents.generation, tuple(segments), by_id)


def _rows(values: dict[str, int]) -> dict[str, tuple[list[str], slice]]:
    """Find the values and planes of each facet; the lexicon is sorted, so they lie together."""
    found: dict[str, list[str]] = {}
    rows: dict[str, tuple[list[str], slice]] = {}
    for token, row in values.items():
        facet, _, value = token.partition("=")
        found.setdefault(facet, []).append(value)
        rows[facet] = found[facet], slice(row + 1 - len(found[facet]), row + 1)
    return rows


def words_for(size: int) -> int:
    """Tell how many 64-bit words hold that many bits."""
    return (size + 63) // 64


def pack(flags: NDArray[np.bool_]) -> Bits:
    """Pack one flag for each document into 64-bit words."""
    packed = np.packbits(flags, bitorder="little")
    padded = np.zeros(words_for(len(flags)) * 8, np.uint8)
    padded[: len(packed)] = packed
    return padded.view(np.uint64)


def unpack(bits: Bits, size: int) -> NDArray[np.bool_]:
    """Give one flag for each document back."""
    return np.unpackbits(bits.view(np.uint8), count=size, bitorder="little").view(bool)
