"""One segment of the index: tokens with their postings, and a column for each key.

    <segment>.trm   Whoosh's ordered hash: token -> where its postings begin, and how many
    <segment>.pst   the postings: all documents (4 bytes each), then all impacts (4 bytes each)
    <segment>.col   the columns, one after another: 4 bytes for each document

Columns and long postings are mapped, not read: a view costs nothing to decode. Short postings are
read: to map one of them maps all that lies around it, and in the end the whole file.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from threading import Lock
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filetables import OrderedHashReader, OrderedHashWriter

from courses.search.store import folders
from courses.search.store.folders import Damaged, Folder

COLUMNS = (
    *("number", "starts", "ends", "later_starts", "later_ends"),
    *("newest", "reviewed", "quality"),
)
TERMS, POSTINGS, KEYS = ".trm", ".pst", ".col"
REMEMBERED = 20_000
"""How many tokens a segment remembers where to find, or that it has none."""

SHORT = 16_384
"""With fewer documents than this, postings are read."""

_PLACE = Struct("<QI")


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a token occurs: documents of the segment, ascending, and its impact in each."""

    documents: NDArray[np.uint32]
    impacts: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.documents)


@dataclass(frozen=True, slots=True)
class Inverted:
    """A segment in memory: the postings of token i lie between bounds[i] and bounds[i + 1]."""

    tokens: list[bytes]
    bounds: NDArray[np.int64]
    postings: Postings
    columns: dict[str, NDArray[np.uint32]]

    @property
    def size(self) -> int:
        """Count the documents."""
        return len(self.columns["number"])


NOWHERE = Postings(np.empty(0, np.uint32), np.empty(0, np.float32))


def write(folder: Folder, made: Inverted) -> Any:
    """Write a segment and bring it to disk; gives Whoosh's record of it."""
    record = folders.new_segment(made.size)
    terms = OrderedHashWriter(record.create_file(folder, TERMS))
    bounds = made.bounds.tolist()
    for position, token in enumerate(made.tokens):
        start = bounds[position]
        terms.add(token, _PLACE.pack(start, bounds[position + 1] - start))
    terms.close()
    with record.create_file(folder, POSTINGS) as file:
        file.write(made.postings.documents.astype("<u4").tobytes())
        file.write(made.postings.impacts.astype("<f4").tobytes())
    with record.create_file(folder, KEYS) as file:
        for name in COLUMNS:
            file.write(made.columns[name].astype("<u4").tobytes())
    folders.seal(folder, record)
    return record


class Stored:
    """A segment as it lies on disk; it never changes."""

    def __init__(self, folder: Folder, record: Any) -> None:
        """Open a segment. Raises Damaged when a file is missing or not as it was written."""
        folders.check(folder, record)
        self.name: str = record.segment_id()
        self.size: int = record.doc_count_all()
        self._lock = Lock()
        self._places: dict[str, bytes] = {}
        self._terms = OrderedHashReader.open(folder, record.make_filename(TERMS))
        self._file = os.open(folder.path / record.make_filename(POSTINGS), os.O_RDONLY)
        finalize(self, os.close, self._file)
        postings = _mapped(folder, record.make_filename(POSTINGS))
        self._documents = postings[: len(postings) // 2].view("<u4")
        self._impacts = postings[len(postings) // 2 :].view("<f4")
        keys = _mapped(folder, record.make_filename(KEYS)).view("<u4")
        if len(keys) != self.size * len(COLUMNS):
            raise Damaged(self.name)
        self.columns = dict(zip(COLUMNS, keys.reshape(len(COLUMNS), self.size), strict=True))

    def postings(self, token: str) -> Postings:
        """Look a token up; remembered, for most are asked for again, and most are nowhere."""
        place = self._places.get(token)
        if place is None:
            # The file has one position: two threads must not read at once.
            with self._lock:
                place = self._terms.get(token.encode(), b"")
            if len(self._places) >= REMEMBERED:
                self._places = {}
            self._places[token] = place
        return self._at(place) if place else NOWHERE

    def tokens(self, prefix: str = "") -> Iterator[tuple[str, Postings]]:
        """Give the tokens that begin so, in their order, with their postings."""
        start = prefix.encode()
        with self._lock:
            for token in list(self._terms.keys_from(start)):
                if not token.startswith(start):
                    break
                yield token.decode(), self._at(self._terms.get(token))

    def inverted(self) -> Inverted:
        """Read the whole segment into memory, to be merged with others."""
        with self._lock:
            items = list(self._terms.items())
        places = [_PLACE.unpack(place) for _, place in items]
        ends = [start + number for start, number in places]
        bounds = np.array([0, *ends], np.int64)
        postings = Postings(self._documents, self._impacts)
        return Inverted([token for token, _ in items], bounds, postings, self.columns)

    def _at(self, place: bytes) -> Postings:
        start, number = _PLACE.unpack(place)
        if number >= SHORT:
            end = start + number
            return Postings(self._documents[start:end], self._impacts[start:end])
        documents = os.pread(self._file, 4 * number, 4 * start)
        impacts = os.pread(self._file, 4 * number, 4 * (start + len(self._documents)))
        return Postings(np.frombuffer(documents, "<u4"), np.frombuffer(impacts, "<f4"))


def _mapped(folder: Folder, name: str) -> NDArray[np.uint8]:
    with (folder.path / name).open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return np.frombuffer(mapped, np.uint8)
