"""What the index holds of each offer, as one number: two that differ are not the same document."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from courses.search.store.segments import COLUMNS, Inverted

AT_ONCE = 1_000_000
"""How many postings are looked at together: what they take is memory for a moment."""

_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def digests(made: Inverted) -> NDArray[np.uint64]:
    """Give a number for each document: all its keys, its tokens, facets too, and their impacts.

    Only to be compared with others of the same process, which spells out hashes in its own way.
    """
    found = np.zeros(made.size, np.uint64)
    for name in COLUMNS:
        found = found * _FACTOR + made.columns[name]
    hashes = np.array([hash(token) for token in made.tokens], np.int64).view(np.uint64)
    documents, impacts = made.postings.documents, made.postings.impacts.view(np.uint32)
    for start in range(0, len(documents), AT_ONCE):
        some = slice(start, min(start + AT_ONCE, len(documents)))
        token = np.searchsorted(made.bounds, np.arange(some.start, some.stop), side="right") - 1
        np.add.at(found, documents[some], hashes[token] ^ impacts[some])
    return found
