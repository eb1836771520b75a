"""Turning documents into a segment: every token numbered, all postings sorted at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from courses.search.documents import Document
from courses.search.store.segments import COLUMNS, Inverted, Postings, Stored


class Gathering:
    """Documents on their way into one segment."""

    def __init__(self) -> None:
        self.size = 0
        self._numbers: dict[str, int] = {}
        self._tokens, self._impacts = array("I"), array("f")
        self._lengths: list[int] = []
        self._rows: list[tuple[int, ...]] = []
        self._merged: list[tuple[NDArray[np.int64], Postings]] = []
        self._columns: list[dict[str, NDArray[np.uint32]]] = []

    def add(self, document: Document) -> None:
        """Add a document."""
        numbers, weights = self._numbers, document.weights()
        self._tokens.extend([numbers.setdefault(token, len(numbers)) for token in weights])
        self._impacts.extend(weights.values())
        self._lengths.append(len(weights))
        self._rows.append(document.keys())
        self.size += 1

    def merge(self, stored: Stored, live: NDArray[np.bool_]) -> None:
        """Add what is live of a segment; only before the first document."""
        made, numbers = stored.inverted(), self._numbers
        tokens = [numbers.setdefault(token.decode(), len(numbers)) for token in made.tokens]
        token = np.repeat(np.array(tokens, np.int64), np.diff(made.bounds))
        kept = live[made.postings.documents]
        moved = (np.cumsum(live) - 1 + self.size).astype(np.uint32)
        documents = moved[made.postings.documents[kept]]
        self._merged.append((token[kept], Postings(documents, made.postings.impacts[kept])))
        self._columns.append({name: column[live] for name, column in made.columns.items()})
        self.size += int(live.sum())

    def inverted(self) -> Inverted:
        """Sort all postings by token, in the order of their bytes, and by document."""
        spelled = [token.encode() for token in self._numbers]
        order = sorted(range(len(spelled)), key=spelled.__getitem__)
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        token, postings = self._postings()
        key = (rank[token] << 32) | postings.documents
        sorting = np.argsort(key)
        counts = np.bincount(rank[token], minlength=len(order))
        used = np.flatnonzero(counts)
        return Inverted(
            tokens=[spelled[order[position]] for position in used.tolist()],
            bounds=np.concatenate([[0], np.cumsum(counts[used])]),
            postings=Postings(postings.documents[sorting], postings.impacts[sorting]),
            columns={name: self._column(name, at) for at, name in enumerate(COLUMNS)},
        )

    def _postings(self) -> tuple[NDArray[np.int64], Postings]:
        first = self.size - len(self._rows)
        documents = np.repeat(np.arange(first, self.size, dtype=np.uint32), self._lengths)
        impacts = np.array(self._impacts, np.float32)
        own = (np.array(self._tokens, np.int64), Postings(documents, impacts))
        every = [*self._merged, own]
        return np.concatenate([token for token, _ in every]), Postings(
            np.concatenate([postings.documents for _, postings in every]),
            np.concatenate([postings.impacts for _, postings in every]),
        )

    def _column(self, name: str, at: int) -> NDArray[np.uint32]:
        own = np.array([row[at] for row in self._rows], np.uint32)
        return np.concatenate([*(columns[name] for columns in self._columns), own])


def gathered(documents: Iterable[Document]) -> Gathering:
    """Gather documents into one segment."""
    made = Gathering()
    for document in documents:
        made.add(document)
    return made
